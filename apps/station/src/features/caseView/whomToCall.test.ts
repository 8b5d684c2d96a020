import { describe, expect, it } from "vitest";
import { snakebite, specialist, stationDoctor, twoFacilities } from "./caseFor.test-builder.ts";
import { telAddress, whomToCall } from "./whomToCall.ts";

describe("whom to call", () => {
  it("names the duty desk of the specialty before the general one, never another specialty's", () => {
    const view = snakebite().case.view();
    const callees = whomToCall(view, view.requests[0], twoFacilities, stationDoctor);
    expect(callees.map((c) => c.name)).toEqual(["Trực chống độc", "Trực chung"]);
  });
  it("begins with who accepted, and ends with the patient's family", () => {
    const { case: built, request } = snakebite();
    built.write(stationDoctor, {
      kind: "patientAttached",
      body: {
        patient: "known",
        log: "00000000-0000-7000-8000-00000000000a",
        identity: {
          name: "Giàng A Dế",
          sex: "male",
          phone: "0912",
          guardian: { relation: "vợ", phone: "0913" },
        },
      },
    });
    const head = built.view().requests[0]?.head ?? "";
    built.write(specialist, { kind: "accepted", body: { request, expects: head } });
    const view = built.view();
    const callees = whomToCall(view, view.requests[0], twoFacilities, stationDoctor);
    expect(callees.map((c) => c.who)).toEqual(["taker", "duty", "duty", "family", "patient"]);
  });
  it("writes a number as a tel: address takes it", () => {
    expect(telAddress("(024) 3 869-3731")).toBe("tel:02438693731");
    expect(telAddress("+84 24 1")).toBe("tel:+84241");
  });
});
