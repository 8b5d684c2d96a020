import { bodyOf, foldCase } from "@lientuyen/record";
import { describe, expect, it } from "vitest";
import { caseFor, snakebite, specialist, stationDoctor } from "./caseFor.test-builder.ts";
import { factsToCopy } from "./copyCase.ts";

describe("copying a case that the server will not have", () => {
  it("takes what was written of the patient, and nothing that was sent or answered", () => {
    const { case: built, request, question } = snakebite();
    built.write(stationDoctor, {
      kind: "patientAttached",
      body: { patient: "notYetKnown", description: "nam, chừng 30 tuổi" },
    });
    built.write(specialist, {
      kind: "opinionGiven",
      body: { request, question, text: "Có", confidence: "high", replaces: [] },
    });
    const facts = factsToCopy(built.view(), "TT-2", "12913");
    expect(facts.map((f) => f.kind)).toEqual([
      "opened",
      "patientAttached",
      "summary",
      "questionAsked",
    ]);
    expect(facts[0]?.body).toMatchObject({ number: "TT-2", mode: "support" });
    for (const fact of facts) expect(bodyOf(fact.kind, fact.body).ok, fact.kind).toBe(true);
  });
  it("is a whole case again when folded", () => {
    const facts = factsToCopy(snakebite().case.view(), "TT-2", "12913");
    const copy = caseFor();
    for (const fact of facts) copy.write(stationDoctor, fact);
    expect(copy.view()).toMatchObject({ known: true, number: "TT-2", requests: [] });
    expect(copy.view().summary.heads[0]?.body.text).toBe("Rắn cắn chân phải");
    expect(foldCase(copy.log, []).known).toBe(false);
  });
});
