import type { FeedItem, OwnRun } from "@lientuyen/api";
import { follows } from "./check.ts";
import type { Engine } from "./engine.ts";

/**
 * What the feed names and does not send, from what is here: the same items as if they had come. Undefined where
 * one is not here, has no sound receipt, or the receipts do not lead to the chain value that the server named.
 */
export async function ownItems(
  engine: Engine,
  runs: readonly OwnRun[],
): Promise<readonly FeedItem[] | undefined> {
  const items: FeedItem[] = [];
  for (const run of runs) {
    const found = await itemsOfRun(engine, run);
    if (found === undefined) return undefined;
    items.push(...found);
  }
  return items;
}

async function itemsOfRun(
  { store, primitives }: Engine,
  { position, log, from, to, chain }: OwnRun,
): Promise<readonly FeedItem[] | undefined> {
  const rows = new Map((await store.disk.readLog(log)).map((row) => [row.receipt?.seq, row]));
  const items: FeedItem[] = [];
  for (let seq = from; seq <= to; seq += 1) {
    const { receipt, signed, fault } = rows.get(seq) ?? {};
    if (receipt === undefined || signed === undefined || fault !== undefined) return undefined;
    const before = items.at(-1)?.receipt;
    if (before !== undefined && (await follows(primitives, before, receipt, signed.sig)) !== "yes")
      return undefined;
    items.push({ position: position + (seq - from), entry: signed, receipt });
  }
  return items.at(-1)?.receipt.chain === chain ? items : undefined;
}

/** After a restore receipts may speak of another history: then everything is read as it stands there. */
export const receiptsAreStale = ({ store }: Engine): boolean =>
  [...store.outbox.values()].some((row) => row.reoffer === true);
