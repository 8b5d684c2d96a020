import type { CaseRow } from "../../device/device.ts";
import { isLate, isOpen } from "../worklist/worklist.ts";

/** Something that a person wants to be told of while the app is open. */
export interface Happening {
  readonly what: "request" | "emergency" | "worse" | "answer" | "askedBack" | "overdue";
  readonly log: string;
  readonly number: string;
}

interface Seen {
  readonly requests: ReadonlySet<string>;
  readonly worse: ReadonlySet<string>;
  readonly waits: ReadonlyMap<string, CaseRow["waitsForMe"]>;
  readonly late: ReadonlySet<string>;
}

/** What whoever unlocks is taken to know: all that was there, but not an emergency that ran late meanwhile. */
export function knownAtUnlock(rows: readonly CaseRow[], facility: string, nowMs: number): Seen {
  const seen = seenIn(rows, facility, nowMs);
  const emergencies = new Set(
    rows.filter((r) => r.requests.some((q) => q.urgency === "emergency")).map((r) => r.log),
  );
  return { ...seen, late: new Set([...seen.late].filter((log) => !emergencies.has(log))) };
}

export function seenIn(rows: readonly CaseRow[], facility: string, nowMs: number): Seen {
  const open = rows.flatMap((r) => r.requests).filter((q) => q.to === facility && isOpen(q));
  return {
    requests: new Set(open.map((q) => q.hash)),
    worse: new Set(open.filter((q) => q.worse).map((q) => q.hash)),
    waits: new Map(rows.map((r) => [r.log, r.waitsForMe])),
    late: new Set(rows.filter((r) => isLate(r, facility, nowMs)).map((r) => r.log)),
  };
}

/** What is there now that was not there before. What was there at the start is no news. */
export function happened(
  before: Seen,
  rows: readonly CaseRow[],
  facility: string,
  nowMs: number,
): readonly Happening[] {
  return rows.flatMap((row): readonly Happening[] => {
    const at = { log: row.log, number: row.number };
    const requests = row.requests.filter((q) => q.to === facility && isOpen(q));
    const came = requests.find((q) => !before.requests.has(q.hash));
    if (came !== undefined) {
      const what = came.urgency === "emergency" ? "emergency" : "request";
      return [{ what, ...at }];
    }
    if (requests.some((q) => q.worse && !before.worse.has(q.hash))) {
      return [{ what: "worse", ...at }];
    }
    if (isLate(row, facility, nowMs) && !before.late.has(row.log))
      return [{ what: "overdue", ...at }];
    if (before.waits.get(row.log) === row.waitsForMe) return [];
    if (row.waitsForMe === "answer") return [{ what: "answer", ...at }];
    if (row.waitsForMe === "informationAsked") return [{ what: "askedBack", ...at }];
    return [];
  });
}

/** What is counted in front of the tab's title: what waits for this person. */
export function waitingCount(rows: readonly CaseRow[]): number {
  return rows.filter(
    (r) => r.isNew || r.waitsForMe === "answer" || r.waitsForMe === "informationAsked",
  ).length;
}
