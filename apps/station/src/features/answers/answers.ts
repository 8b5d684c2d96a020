import type { CaseRow } from "../../device/device.ts";

export type WaitsFor = Exclude<CaseRow["waitsForMe"], "no">;
const order: readonly WaitsFor[] = ["informationAsked", "answer", "diverged", "outcomeDue"];

export interface WaitingGroup {
  readonly waits: WaitsFor;
  readonly rows: readonly CaseRow[];
}

const rank = { emergency: 0, urgent: 1, routine: 2 } as const;
const rankOf = (row: CaseRow) => (row.request === undefined ? 3 : rank[row.request.urgency]);

/** What this station has to act on, by what it is; inside, by urgency and then the latest change. */
export function waitingGroups(rows: readonly CaseRow[]): readonly WaitingGroup[] {
  return order
    .map((waits) => ({
      waits,
      rows: rows
        .filter((r) => r.waitsForMe === waits)
        .sort((a, b) => rankOf(a) - rankOf(b) || (a.changedAt < b.changedAt ? 1 : -1)),
    }))
    .filter((group) => group.rows.length > 0);
}
