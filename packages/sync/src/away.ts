import type { Receipt } from "@lientuyen/record";
import { emptyTail, follows } from "./check.ts";
import type { Engine } from "./engine.ts";
import { undisputed } from "./history.ts";
import { keyOf } from "./outboxRow.ts";
import type { StoredEntry } from "./ports.ts";
import type { Store } from "./store.ts";

/** What was signed here is kept so long after the server received it: a restored server may have lost it. */
const ownKeptMs = 30 * 24 * 60 * 60_000;

/**
 * Drops the entries of a case from this device and keeps their last receipt; false where they have to stay, or `mayGo`,
 * asked within the transaction, says no. The device's clock has no say: the server's latest checkpoint says how late it is.
 */
export async function sendAway(
  engine: Engine,
  log: string,
  mayGo: () => Promise<boolean>,
): Promise<boolean> {
  const { store } = engine;
  const outcome = await store.transact(async () => {
    const rows = await store.disk.readLog(log);
    const epoch = store.place()?.epoch;
    const last = await lastOf(engine, rows);
    if (
      last === undefined ||
      epoch === undefined ||
      waits(store, log) ||
      !isCovered(store, rows, last) ||
      !(await mayGo()) ||
      // Not whole here, or evidence of an earlier epoch that nothing has answered yet.
      (await store.disk.readAway(log)) !== undefined
    )
      return { steps: [], value: false };
    const hashes = rows.map(({ hash }) => hash);
    return { steps: [{ do: "putAway", row: { log, epoch, last }, hashes }], value: true };
  });
  if (!outcome.ok || !outcome.value) return false;
  engine.tails.delete(log);
  return true;
}

/** Something of the log is on this device only, or concerns its author still. */
function waits(store: Store, log: string): boolean {
  const rows = [...store.outbox.values(), ...store.held.values()];
  const files = [...store.uploads.values()].filter((row) => row.state !== "sent");
  return [...rows, ...files].some((row) => row.log === log);
}

/** The last receipt of a log in which each entry is sound and follows from the one before it, from the first on. */
async function lastOf(
  { primitives }: Engine,
  rows: readonly StoredEntry[],
): Promise<Receipt | undefined> {
  const sound = rows.flatMap(({ receipt, fault, earlierReceipts, signed }) =>
    receipt === undefined || fault !== undefined || (earlierReceipts ?? []).length > 0
      ? []
      : [{ receipt, sig: signed.sig }],
  );
  if (sound.length < rows.length) return undefined;
  let tail = emptyTail;
  let last: Receipt | undefined;
  for (const { receipt, sig } of sound.sort((a, b) => a.receipt.seq - b.receipt.seq)) {
    if ((await follows(primitives, tail, receipt, sig)) !== "yes") return undefined;
    tail = receipt;
    last = receipt;
  }
  return last;
}

/** The server has signed a later history than these receipts, and what was written here has lain long enough. */
function isCovered(store: Store, rows: readonly StoredEntry[], last: Receipt): boolean {
  const checkpoint = undisputed(store);
  if (checkpoint === undefined) return false;
  const nowMs = Date.parse(checkpoint.at);
  if (Date.parse(last.receivedAt) >= nowMs) return false;
  return rows.every(
    (row) =>
      !store.hasCounter(keyOf(row)) ||
      (row.receipt !== undefined && nowMs - Date.parse(row.receipt.receivedAt) > ownKeptMs),
  );
}
