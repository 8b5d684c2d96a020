import { canonicalText, verifyReceipt, type CheckedBatches, type Receipt } from "@lientuyen/record";
import { sql } from "kysely";
import type { Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import { facilityOf } from "../directory/judgeDirectory.ts";

/**
 * Keeps receipts that this server gave before it was restored, where a statement of the new epoch stands between them
 * and those that count now. Anything else is passed over: nobody's entries wait for evidence.
 */
export const keepEarlier = async (core: Core, receipts: readonly Receipt[]): Promise<void> => {
  if (receipts.length === 0) return;
  const { server } = await core.database.asSystem((tx) => core.directory.current(tx));
  const own = await ownOnes(core, server.receipt, receipts);
  for (const [facility, theirs] of await byFacility(core, own))
    await core.database.asFacility(facility, (tx) => keep(tx, facility, theirs));
};

/** By who wrote the entry: whoever offers it again may not read it yet, as long as the rest of its case is on its way. */
const byFacility = async (
  core: Core,
  receipts: readonly Receipt[],
): Promise<ReadonlyMap<string, readonly Receipt[]>> => {
  const hashes = receipts.map(({ entry }) => entry);
  const rows = await core.database.asSystem((tx) =>
    tx
      .selectFrom("entry")
      .select(["hash", "log", "facility"])
      .where("hash", "in", [...hashes, ""])
      .execute(),
  );
  const facilities = new Map(
    rows.map(({ hash, log, facility }) => [hash, facility ?? facilityOf(log)]),
  );
  const groups = new Map<string, Receipt[]>();
  for (const receipt of receipts) {
    const facility = facilities.get(receipt.entry);
    if (facility === undefined || facility === "") continue;
    groups.set(facility, [...(groups.get(facility) ?? []), receipt]);
  }
  return groups;
};

const keep = async (tx: Tx, facility: string, own: readonly Receipt[]): Promise<void> => {
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
