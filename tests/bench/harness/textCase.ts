import type { CaseFact, SignedEntry } from "@lientuyen/record";
import { province, uuid, type Pen } from "../../../apps/server/src/test/network.ts";
import { vietnamese } from "./vietnamese.ts";

/** UTF-8 bytes of one text; a case has twelve of them. */
const textBytes = 500;

/** A text case, signed: sixteen entries with about 6 KB of Vietnamese text, the last one the request to the province. */
export async function textCase(pen: Pen, next: () => number): Promise<readonly SignedEntry[]> {
  const log = `case/${uuid()}`;
  const entries: SignedEntry[] = [];
  let after: readonly string[] = [];
  const write = async (fact: CaseFact): Promise<void> => {
    const made = await pen.fact(log, fact, { after });
    entries.push(made.signed);
    after = [made.hash];
  };
  for (const fact of factsBefore(log, pen.facility, next)) await write(fact);
  const questions = [...after];
  await write({
    kind: "requestSent",
    body: { to: province, specialty: "toxicology", urgency: "routine", questions },
  });
  return entries;
}

function factsBefore(log: string, facility: string, next: () => number): readonly CaseFact[] {
  const text = (): string => vietnamese(next, textBytes);
  const readings = [
    { sign: "pulse" as const, value: 60 + Math.floor(next() * 60) },
    { sign: "temperature" as const, value: 36 + Math.floor(next() * 30) / 10 },
  ];
  const number = `T${log.slice(-10)}`;
  return [
    { kind: "opened", body: { number, facility, mode: "support" } },
    {
      kind: "patientAttached",
      body: { patient: "notYetKnown", ageYears: Math.floor(next() * 90) },
    },
    { kind: "vitalSigns", body: { readings, measuredAt: new Date().toISOString() } },
    { kind: "examination", body: { text: text(), replaces: [] } },
    { kind: "summary", body: { text: text(), replaces: [] } },
    ...Array.from({ length: 9 }, () => ({ kind: "note" as const, body: { text: text() } })),
    { kind: "questionAsked", body: { text: text() } },
  ];
}
