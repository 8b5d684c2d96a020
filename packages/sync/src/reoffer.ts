import { outboxRowOf } from "./outboxRow.ts";
import type { OutboxRow, StoredEntry } from "./ports.ts";

/** Not what was signed, or not by whom it says. */
export const isForeign = (row: StoredEntry): boolean =>
  row.fault !== undefined && row.fault !== "receipt" && row.fault !== "chain";

/** What had a receipt is offered again; what lay in quarantine there is sent once more as this device's own. */
export function reofferRow(
  row: StoredEntry,
  quarantined: boolean,
  nextOrder: () => number,
): OutboxRow | undefined {
  if (
    isForeign(row) ||
    row.signed.body === undefined ||
    (row.receipt === undefined && !quarantined)
  )
    return undefined;
  const offer = outboxRowOf(row, nextOrder());
  return quarantined ? offer : { ...offer, targets: [], reoffer: true };
}
