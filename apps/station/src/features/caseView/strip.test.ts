import { describe, expect, it } from "vitest";
import { snakebite, specialist, stationDoctor } from "./caseFor.test-builder.ts";
import { stripOf } from "./strip.ts";

type Built = ReturnType<typeof snakebite>;
const strip = ({ case: built }: Built) => {
  const [request] = built.view().requests;
  if (request === undefined) throw new Error("no request");
  return stripOf(request);
};
const states = (of: Built) => strip(of).steps.map((s) => `${s.what} ${s.state}`);

describe("the sender's strip", () => {
  it("says that a request is on this device only", () => {
    expect(states(snakebite({ received: false }))).toEqual([
      "written done",
      "arrived now",
      "opened ahead",
      "taken ahead",
      "answered ahead",
    ]);
  });
  it("goes on with the receipt, the first look and the acceptance", () => {
    const built = snakebite();
    expect(states(built)).toContain("opened now");
    built.case.write(specialist, { kind: "seen", body: { request: built.request } });
    expect(strip(built).steps[2]).toMatchObject({ state: "done", who: specialist });
    const head = built.case.view().requests[0]?.head ?? "";
    built.case.write(specialist, {
      kind: "accepted",
      body: { request: built.request, expects: head },
    });
    expect(states(built)).toContain("taken done");
    expect(states(built)).toContain("answered now");
    expect(strip(built).waits).toBe(true);
  });
  it("ends with the answer", () => {
    const built = snakebite();
    built.case.write(specialist, {
      kind: "opinionGiven",
      body: {
        request: built.request,
        question: built.question,
        text: "Có",
        confidence: "high",
        replaces: [],
      },
    });
    expect(strip(built)).toMatchObject({ answered: 1, asked: 1, waits: false });
    expect(states(built)).toContain("answered done");
  });
  it("names who declined, and why", () => {
    const built = snakebite();
    const head = built.case.view().requests[0]?.head ?? "";
    built.case.write(specialist, {
      kind: "declined",
      body: { request: built.request, reason: "hết giường", expects: head },
    });
    expect(strip(built)).toMatchObject({
      end: { what: "declined", reason: "hết giường", source: { author: specialist } },
      waits: false,
    });
  });
  it("says that it was withdrawn", () => {
    const built = snakebite();
    built.case.write(stationDoctor, {
      kind: "requestWithdrawn",
      body: { request: built.request, reason: "gửi nhầm" },
    });
    expect(strip(built)).toMatchObject({ end: { what: "withdrawn", reason: "gửi nhầm" } });
  });
});
