import type { CaseView, DirectoryView, Mark, TimelineEntry } from "@lientuyen/record";
import { deviceName } from "../caseView/named.ts";

/** One entry as the timeline shows it: who, where, when, on which device, and what is out of the ordinary. */
export interface TimelineRow {
  readonly entry: TimelineEntry;
  /** Place in the order of the record, from 1. */
  readonly number: number;
  readonly facility: string | undefined;
  readonly device: string | undefined;
  /** The official time; undefined while the server has not received it. */
  readonly receivedAt: string | undefined;
  /** The author's clock, where it stands beside the official time: doubtful, or minutes apart. */
  readonly statedAt: string | undefined;
  readonly marks: readonly Mark[];
  /** A day begins with this row. */
  readonly newDay: boolean;
}

/** Closer than this, the two times say the same. */
const sameMs = 2 * 60_000;

export function timelineRows(
  view: CaseView,
  directory: DirectoryView,
  dayOf: (iso: string) => string,
): readonly TimelineRow[] {
  let day = "";
  return view.entries.map((entry, i) => {
    const receivedAt = entry.receipt?.receivedAt;
    const marks = entry.receipt?.marks ?? [];
    const apart =
      receivedAt === undefined || Math.abs(Date.parse(receivedAt) - Date.parse(entry.at)) > sameMs;
    const today = dayOf(receivedAt ?? entry.at);
    const newDay = today !== day;
    day = today;
    return {
      entry,
      number: i + 1,
      facility: entry.author?.facility,
      device: entry.author === undefined ? undefined : deviceName(directory, entry.author),
      receivedAt,
      statedAt: apart || marks.includes("clockDoubtful") ? entry.at : undefined,
      marks,
      newDay,
    };
  });
}

/** Kinds that say how the case went, without the facts and messages in between. */
const acts: ReadonlySet<string> = new Set([
  "opened",
  "requestSent",
  "requestWithdrawn",
  "urgencyChanged",
  "allocated",
  "accepted",
  "sentOn",
  "declined",
  "specialistAsked",
  "opinionGiven",
  "recommendationMade",
  "decisionMade",
  "handedOver",
  "agreedByTelephone",
  "sessionNoted",
  "outcomeTold",
  "closed",
  "reopened",
  "correction",
  "withheld",
  "conflictResolved",
]);

export function isAct(kind: string): boolean {
  return acts.has(kind);
}

/** Which lane a facility has beside the axis: the case's own side first, then in order of appearance. */
export function lanes(view: CaseView): ReadonlyMap<string, number> {
  const order = [view.facility, ...view.entries.map((e) => e.author?.facility)];
  const found = new Map<string, number>();
  for (const facility of order) {
    if (facility !== undefined && !found.has(facility)) found.set(facility, found.size);
  }
  return found;
}
