import { describe, expect, it } from "vitest";
import { twoFacilities } from "../caseView/caseFor.test-builder.ts";
import { faultsOf, leastPassword, nobodyYet, peopleOf, suggestPassword } from "./people.ts";

describe("people of a facility", () => {
  it("are the facility's own, by name", () => {
    const at = "2026-11-22T00:00:00.000Z";
    expect(peopleOf(twoFacilities, "01901", at).map((p) => p.name)).toEqual(["Huy", "Lan"]);
  });
});

describe("a new person", () => {
  const good = { ...nobodyYet, name: "Tao Văn Sơn", account: "son.tv", password: "x".repeat(14) };
  it("needs a name, a free and well-formed user name, a long password", () => {
    expect(faultsOf(nobodyYet, twoFacilities)).toEqual({
      name: "needed",
      account: "badAccount",
      password: "shortPassword",
    });
    expect(faultsOf({ ...good, account: "huy" }, twoFacilities)).toEqual({
      account: "accountTaken",
    });
    expect(faultsOf(good, twoFacilities)).toEqual({});
  });
  it("gets a suggestion that is long enough and has no look-alikes", () => {
    const password = suggestPassword(new Uint8Array(16).map((_, i) => i * 16));
    expect(password.length).toBeGreaterThanOrEqual(leastPassword);
    expect(password).toMatch(/^[a-hj-km-np-z2-9-]+$/);
  });
});
