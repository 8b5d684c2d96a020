import { checkEarlier, Receipt, type Primitives } from "@lientuyen/record";
import type pg from "pg";
import * as v from "valibot";
import type { Bundle } from "./format.ts";
import { shelve, trustOf } from "./shelf.ts";

/** Receipts from before a restore that devices handed in: those that prove themselves by what the bundle holds. */
export const readEarlier = async (
  client: pg.Client,
  p: Primitives,
  bundle: Pick<Bundle, "case" | "logs">,
): Promise<readonly Receipt[]> => {
  const { rows } = await client.query<{ receipt: string }>(
    `select r.receipt from earlier_receipt r join entry e on e.hash = r.entry
       where e.log = any ($1) order by e.log, r.seq, r.chain`,
    [bundle.logs.map(({ log }) => log)],
  );
  if (rows.length === 0) return [];
  const receipts = rows.map(({ receipt }) => v.parse(Receipt, JSON.parse(receipt)));
  const shelf = await shelve(p, bundle);
  const items = [...shelf.installation, ...shelf.directories, ...shelf.case];
  const entries = items.map((item) => ({ ...item, sig: item.signed.sig }));
  const faults = await checkEarlier(p, entries, receipts, trustOf(shelf).receipt);
  // What nobody can follow proves nothing; that one is doubled without a statement is for the check to say.
  const unproven = new Set(
    faults.flatMap(({ what, receipt }) => (what === "earlierReceipt" ? [receipt] : [])),
  );
  return receipts.filter((receipt) => !unproven.has(receipt));
};
