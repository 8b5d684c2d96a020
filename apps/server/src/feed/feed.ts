import type { FeedItem } from "@lientuyen/api";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import { receiptOf, signedOf } from "../entries/stored.ts";

export interface FeedPage {
  readonly items: readonly FeedItem[];
  readonly next: number;
  readonly more: boolean;
}

interface FeedRow {
  readonly position: number;
  readonly header: string | null;
  readonly sig: string | null;
  readonly receipt: string | null;
  readonly body: string | null;
  readonly salt: string | null;
}

/** Bodies of one answer, in characters: a page stays a few seconds on a weak line. */
const pageCharacters = 600_000;

/** What follows `after` for the facility; what it may no longer read is passed over, the position moves on. */
export const readFeed = async (
  tx: Tx,
  facility: string,
  after: number,
  limit: number,
): Promise<FeedPage> => {
  // Two ranges of one index, merged: `in ('*', …)` would read everybody's rows in between.
  const { rows } = await sql<FeedRow>`
    select f.position, e.header, e.sig, e.receipt, b.body, b.salt
      from ((select position, entry from feed where facility = '*' and position > ${after} order by position limit ${limit + 1})
            union all
            (select position, entry from feed where facility = ${facility} and position > ${after} order by position limit ${limit + 1})) f
      left join entry e on e.hash = f.entry
      left join body b on b.entry = e.hash
      order by f.position limit ${limit + 1}`.execute(tx);
  const items: FeedItem[] = [];
  let next = after;
  let characters = 0;
  for (const row of rows.slice(0, limit)) {
    characters += (row.body?.length ?? 0) + 1_000;
    if (characters > pageCharacters && items.length > 0) return { items, next, more: true };
    next = row.position;
    if (row.header === null || row.sig === null || row.receipt === null) continue;
    const { header, sig, body, salt } = row;
    items.push({
      position: row.position,
      entry: signedOf({ header, sig, body, salt }),
      receipt: receiptOf(row.receipt),
    });
  }
  return { items, next, more: rows.length > limit };
};

/** All entries of one log in the order of their receipts, as far as the facility may read them. */
export const readLog = async (tx: Tx, log: string): Promise<readonly FeedItem[]> => {
  const rows = await tx
    .selectFrom("entry")
    .leftJoin("body", "body.entry", "entry.hash")
    .select(["entry.header", "entry.sig", "entry.receipt", "body.body", "body.salt"])
    .where("entry.log", "=", log)
    .orderBy("entry.seq")
    .execute();
  // Outside the feed an item has no position in it.
  return rows.map((row) => ({
    position: 0,
    entry: signedOf(row),
    receipt: receiptOf(row.receipt),
  }));
};

/** Where the facility's feed ends now. */
export const feedEnd = async (tx: Tx, facility: string): Promise<number> => {
  const row = await tx
    .selectFrom("feed")
    .select((it) => it.fn.max("position").as("end"))
    .where("facility", "in", ["*", facility])
    .executeTakeFirst();
  return row?.end ?? 0;
};
