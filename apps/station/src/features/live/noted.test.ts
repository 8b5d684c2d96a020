import { bodyOf } from "@lientuyen/record";
import { describe, expect, test } from "vitest";
import { live as english } from "../../words/en/live.ts";
import { live as vietnamese } from "../../words/vi/live.ts";
import { sayNoted, type Noted } from "./noted.ts";

const session = "0199c0de-0000-7000-8000-000000000001";
const hash = "A".repeat(43);
const who = "12911/p1";
const talk = { person: () => "BS. Pờ Go Xá", facility: () => "TYT Thu Lũm" };
const view = { files: [] };

const all: readonly Noted[] = [
  { what: "joined", session },
  { what: "returned", session },
  { what: "left", session, guest: "Lò Thị Vân" },
  { what: "ended", session },
  { what: "roleChanged", session, who, role: "secretary" },
  { what: "rung", session, direction: "receives", rung: "voice", because: "loss" },
  { what: "shown", session, thing: { kind: "file", file: hash }, to: [who] },
  { what: "shown", session, thing: { kind: "camera", who, track: "ECG" }, to: [] },
  { what: "shown", session, thing: { kind: "screen" }, to: [who] },
  { what: "recording", session, on: true },
  { what: "recording", session, on: false },
];

describe("what happened in a session, in the timeline's words", () => {
  test("each is a body of the record, and a sentence of its own in both languages", () => {
    for (const noted of all) expect(bodyOf("sessionNoted", noted)).toMatchObject({ ok: true });
    for (const words of [vietnamese, english]) {
      const said = all.map((noted) => sayNoted(noted, { view, talk, words }));
      expect(new Set(said).size).toBe(all.length);
      expect(said).not.toContain("");
      expect(said[2]).toContain("Lò Thị Vân");
      expect(said[4]).toContain("BS. Pờ Go Xá, TYT Thu Lũm");
      expect(said[7]).toContain("ECG");
    }
  });
});
