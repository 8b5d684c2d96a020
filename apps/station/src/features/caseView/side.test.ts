import { describe, expect, it } from "vitest";
import { snakebite, specialist, stationDoctor } from "./caseFor.test-builder.ts";
import { firstOpened, isAsked } from "./side.ts";

describe("whose request it is", () => {
  it("is the receiving facility's, and of whoever was asked in", () => {
    const { case: built, request } = snakebite();
    built.write(specialist, {
      kind: "specialistAsked",
      body: { request, facility: "12901", specialty: "surgery", reason: "cần khâu" },
    });
    const [asked] = built.view().requests;
    if (asked === undefined) throw new Error("no request");
    expect(["01901", "12901", "12913"].map((f) => isAsked(asked, f))).toEqual([true, true, false]);
  });
  it("is opened once for each person and device", () => {
    const { case: built, request } = snakebite();
    expect(firstOpened(built.view().requests, specialist)).toHaveLength(1);
    expect(firstOpened(built.view().requests, stationDoctor)).toHaveLength(0);
    built.write(specialist, { kind: "seen", body: { request } });
    expect(firstOpened(built.view().requests, specialist)).toHaveLength(0);
    expect(firstOpened(built.view().requests, { ...specialist, device: "another" })).toHaveLength(
      1,
    );
  });
});
