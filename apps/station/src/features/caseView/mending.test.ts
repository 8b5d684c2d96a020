import { bodyOf } from "@lientuyen/record";
import { describe, expect, it } from "vitest";
import { snakebite, stationDoctor } from "./caseFor.test-builder.ts";
import { correctable, correctedBody, factOf, grounds } from "./mending.ts";

describe("mending an entry", () => {
  it("puts the text right and keeps all else of the body", () => {
    const { case: built } = snakebite();
    const hash = built.write(stationDoctor, {
      kind: "diagnosis",
      body: { text: "rắn cắn", icd10: "T63.0", certainty: "suspected", replaces: [] },
    });
    const entry = built.view().entries.find((e) => e.hash === hash);
    const fact = entry && factOf(entry);
    if (fact === undefined) throw new Error("no fact");
    expect(correctable(fact)).toBe("rắn cắn");
    const body = correctedBody(fact, "rắn lục cắn");
    expect(body).toEqual({
      text: "rắn lục cắn",
      icd10: "T63.0",
      certainty: "suspected",
      replaces: [],
    });
    expect(bodyOf("diagnosis", body).ok).toBe(true);
  });
  it("offers nothing where there is no text to put right", () => {
    const { case: built } = snakebite();
    const opened = built.view().entries.find((e) => e.kind === "opened");
    const fact = opened && factOf(opened);
    if (fact === undefined) throw new Error("no fact");
    expect(correctable(fact)).toBeUndefined();
    expect(correctedBody(fact, "x")).toBeUndefined();
  });
  it("takes nothing for a fact that was withheld", () => {
    const { case: built, question } = snakebite();
    built.write(stationDoctor, {
      kind: "withheld",
      body: { target: question, ground: "wrongPatient", effect: "hide" },
    });
    const entry = built.view().entries.find((e) => e.hash === question);
    expect(entry?.withheld?.ground).toBe("wrongPatient");
    expect(entry && factOf(entry)).toBeUndefined();
  });
  it("names a wrong picture as a ground for pictures only", () => {
    expect(grounds("fileAdded")).toContain("wrongPicture");
    expect(grounds("note")).not.toContain("wrongPicture");
  });
});
