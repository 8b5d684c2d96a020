import { describe, expect, it } from "vitest";
import { snakebite, specialist, stationDoctor } from "../caseView/caseFor.test-builder.ts";
import { decidedOn, decisionBody, lacks, undecided } from "./decided.ts";

const withRecommendation = () => {
  const { case: built, request } = snakebite();
  built.write(specialist, {
    kind: "recommendationMade",
    body: { request, text: "Chuyển 12901", replaces: [] },
  });
  const get = () => {
    const found = built.view().requests[0]?.recommendations[0];
    if (found === undefined) throw new Error("no recommendation");
    return found;
  };
  return { built, get };
};
const accept = { decision: "accept", text: "", reason: "" } as const;

describe("decisions", () => {
  it("a change says what and why, a refusal says why, agreeing needs nothing", () => {
    expect(lacks(accept)).toBeUndefined();
    expect(lacks({ decision: "change", text: " ", reason: "xa" })).toBe("text");
    expect(lacks({ decision: "change", text: "sáng mai", reason: "" })).toBe("reason");
    expect(lacks({ decision: "decline", text: "", reason: "" })).toBe("reason");
    expect(lacks({ decision: "change", text: "sáng mai", reason: "chưa có xe" })).toBeUndefined();
  });
  it("one decision settles a recommendation, and a later one replaces it", () => {
    const { built, get } = withRecommendation();
    expect(undecided(built.view().requests)).toHaveLength(1);
    built.write(stationDoctor, { kind: "decisionMade", body: decisionBody(get(), accept) });
    expect(decidedOn(get()).state).toBe("decided");
    const change = { decision: "change", text: "sáng mai", reason: "chưa có xe" } as const;
    built.write(stationDoctor, { kind: "decisionMade", body: decisionBody(get(), change) });
    const after = decidedOn(get());
    expect(after.state === "decided" && after.decision.body.text).toBe("sáng mai");
    expect(undecided(built.view().requests)).toHaveLength(0);
  });
  it("decisions that crossed are a conflict until one is chosen", () => {
    const { built, get } = withRecommendation();
    const after = built.view().heads;
    const first = built.write(
      stationDoctor,
      { kind: "decisionMade", body: decisionBody(get(), accept) },
      { after },
    );
    const second = built.write(
      stationDoctor,
      {
        kind: "decisionMade",
        body: {
          recommendation: get().hash,
          decision: "decline",
          reason: "hết thuốc",
          replaces: [],
        },
      },
      { after },
    );
    expect(decidedOn(get()).state).toBe("crossed");
    expect(built.view().conflicts.map((c) => c.about)).toContain("decision");
    built.write(stationDoctor, {
      kind: "conflictResolved",
      body: { chosen: second, over: [first], reason: "đã hỏi lại" },
    });
    expect(decidedOn(get())).toMatchObject({ state: "decided", decision: { hash: second } });
    expect(built.view().conflicts).toEqual([]);
  });
});
