import { canonicalText, verifyReceipt, type CheckedBatches, type Receipt } from "@lientuyen/record";
import { sql } from "kysely";
import type { Core } from "../core.ts";

/**
 * Keeps receipts that this server gave before it was restored, where a statement of the new epoch stands between them
 * and those that count now. Anything else is passed over: nobody's entries wait for evidence.
 */
export const keepEarlier = async (
  core: Core,
  facility: string,
  receipts: readonly Receipt[],
): Promise<void> => {
  if (receipts.length === 0) return;
  await core.database.asFacility(facility, async (tx) => {
    const keys = (await core.directory.current(tx)).server.receipt;
    const own = await ownOnes(core, keys, receipts);
    await sql`
      insert into earlier_receipt (entry, chain, seq, receipt, facility)
        select w.entry, w.chain, w.seq, w.receipt, ${facility}
          from unnest(${own.map(({ entry }) => entry)}::text[], ${own.map(({ chain }) => chain)}::text[],
                      ${own.map(({ seq }) => seq)}::bigint[], ${own.map(({ log }) => log)}::text[],
                      ${own.map(({ receivedAt }) => receivedAt)}::text[], ${own.map((each) => canonicalText(each))}::text[])
            as w (entry, chain, seq, log, received_at, receipt)
          join entry e on e.hash = w.entry and e.log = w.log and e.chain <> w.chain
          where exists (select 1 from entry s where s.log = 'installation' and s.kind = 'epochStarted'
                          and s.received_at > w.received_at and s.received_at <= e.received_at)
        on conflict do nothing`.execute(tx);
  });
};

const ownOnes = async (
  { primitives }: Core,
  keys: ReadonlyMap<string, string>,
  receipts: readonly Receipt[],
): Promise<readonly Receipt[]> => {
  const checked: CheckedBatches = new Map();
  const own: Receipt[] = [];
  for (const receipt of receipts) {
    const publicKey = keys.get(receipt.batch.key);
    if (publicKey !== undefined && (await verifyReceipt(primitives, receipt, publicKey, checked)))
      own.push(receipt);
  }
  return own;
};
