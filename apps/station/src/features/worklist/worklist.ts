import type { CaseRow, RequestRow } from "../../device/device.ts";

export type WorkFilter = "mine" | "specialty" | "all";

/** One line of the worklist: a case with the request that this facility has to answer. */
export interface WorkRow {
  readonly row: CaseRow;
  readonly request: RequestRow;
}

export interface Worker {
  readonly person: string;
  readonly facility: string;
  readonly specialties: readonly string[];
}

/** States in which somebody at the receiving facility still has something to do. */
const open: ReadonlySet<string> = new Set(["sent", "allocated", "accepted", "answering", "sentOn"]);
const rank = { emergency: 0, urgent: 1, routine: 2 } as const;

export function isOpen(request: RequestRow): boolean {
  return open.has(request.state);
}

/** One of this facility's own cases that nobody has answered in time: somebody has to be called. */
export function isLate(row: CaseRow, facility: string, nowMs: number): boolean {
  if (row.facility !== facility || row.state === "closed") return false;
  return row.requests.some((r) => isOpen(r) && r.askedIn !== true && r.dueAtMs < nowMs);
}

/** Requests to a facility that wait for an answer, the most pressing first. */
export function workRows(rows: readonly CaseRow[], facility: string): readonly WorkRow[] {
  return rows
    .flatMap((row) =>
      row.state === "closed"
        ? []
        : row.requests
            .filter((request) => request.to === facility && isOpen(request))
            .map((request) => ({ row, request })),
    )
    .sort(byPressure);
}

/** "Worse now" first, then urgency, then what is due first; the hash makes the order one. */
export function byPressure(a: WorkRow, b: WorkRow): number {
  return (
    Number(b.request.worse) - Number(a.request.worse) ||
    rank[a.request.urgency] - rank[b.request.urgency] ||
    a.request.dueAtMs - b.request.dueAtMs ||
    (a.request.hash < b.request.hash ? -1 : 1)
  );
}

export function filterWork(
  rows: readonly WorkRow[],
  filter: WorkFilter,
  worker: Worker,
): readonly WorkRow[] {
  if (filter === "all") return rows;
  const isMine = (w: WorkRow) =>
    w.request.allocatedTo === worker.person || w.request.acceptedBy === worker.person;
  if (filter === "mine") return rows.filter(isMine);
  return rows.filter((w) => isMine(w) || worker.specialties.includes(w.request.specialty));
}

/** The case after this one in the list, round to the first; undefined when there is no other. */
export function nextCase(rows: readonly WorkRow[], log: string): string | undefined {
  const logs = [...new Set(rows.map((w) => w.row.log))];
  const at = logs.indexOf(log);
  const next = logs[(at + 1) % logs.length];
  return next === log ? undefined : next;
}
