import type { CaseRow } from "../../device/device.ts";
import { byPressure, isOpen, type WorkRow } from "../worklist/worklist.ts";

/** Requests to a facility as its coordinator sorts them. */
export interface RequestGroups {
  /** Nobody has it yet. */
  readonly waiting: readonly WorkRow[];
  readonly given: readonly WorkRow[];
  readonly done: readonly WorkRow[];
  /** Open and past its deadline. */
  readonly late: number;
}

const doneShown = 30;

export function requestGroups(
  rows: readonly CaseRow[],
  facility: string,
  nowMs: number,
): RequestGroups {
  const all = rows.flatMap((row) =>
    row.requests.filter((q) => q.to === facility).map((request) => ({ row, request })),
  );
  const open = all.filter((w) => isOpen(w.request) && w.row.state === "open").sort(byPressure);
  const isTaken = (w: WorkRow) =>
    w.request.allocatedTo !== undefined || w.request.acceptedBy !== undefined;
  return {
    waiting: open.filter((w) => !isTaken(w)),
    given: open.filter(isTaken),
    done: all
      .filter((w) => !open.includes(w))
      .sort((a, b) => (a.row.changedAt < b.row.changedAt ? 1 : -1))
      .slice(0, doneShown),
    late: open.filter((w) => w.request.dueAtMs < nowMs).length,
  };
}
