import type { Author, CaseView, TimelineEntry } from "@lientuyen/record";
import { officialTime } from "../caseView/strip.ts";

/** Kinds whose author answers for something on the printed page. */
const signing: ReadonlySet<string> = new Set([
  "requestSent",
  "opinionGiven",
  "recommendationMade",
  "decisionMade",
  "handedOver",
  "outcomeTold",
]);

export interface SignatureLine {
  readonly author: Author;
  /** Kinds that this person signed, in the order of the record. */
  readonly kinds: readonly string[];
  /** Official time of the last one. */
  readonly at: string;
}

/** Who signed electronically, once each, by the last time. */
export function signatureLines(view: CaseView): readonly SignatureLine[] {
  const byPerson = new Map<string, readonly TimelineEntry[]>();
  for (const entry of view.entries) {
    if (entry.author === undefined || !signing.has(entry.kind)) continue;
    byPerson.set(entry.author.person, [...(byPerson.get(entry.author.person) ?? []), entry]);
  }
  return [...byPerson.values()].flatMap((entries) => {
    const last = entries.at(-1);
    if (last?.author === undefined) return [];
    return [
      {
        author: last.author,
        kinds: [...new Set(entries.map((e) => e.kind))],
        at: officialTime(last),
      },
    ];
  });
}
