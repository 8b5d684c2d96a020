import { describe, expect, it } from "vitest";
import { snakebite, specialist, stationDoctor } from "../caseView/caseFor.test-builder.ts";
import { signatureLines } from "./signatures.ts";

describe("who signed", () => {
  it("names each person once, with what they signed and the last official time", () => {
    const { case: built, request, question } = snakebite();
    built.write(specialist, { kind: "seen", body: { request } });
    built.write(specialist, {
      kind: "opinionGiven",
      body: { request, question, text: "Có", confidence: "high", replaces: [] },
    });
    built.write(specialist, {
      kind: "recommendationMade",
      body: { request, text: "a", replaces: [] },
    });
    expect(signatureLines(built.view())).toEqual([
      { author: stationDoctor, kinds: ["requestSent"], at: "2026-11-22T15:44:00.000Z" },
      {
        author: specialist,
        kinds: ["opinionGiven", "recommendationMade"],
        at: "2026-11-22T15:47:00.000Z",
      },
    ]);
  });
});
