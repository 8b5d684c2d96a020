import { FeedItem, type OwnRun } from "@lientuyen/api";
import { sql } from "kysely";
import * as v from "valibot";
import type { Logbook } from "../config/logbook.ts";
import type { Tx } from "../db/database.ts";
import { receiptOf, signedOf } from "../entries/stored.ts";

export interface FeedPage {
  readonly items: readonly FeedItem[];
  /** What the asking device wrote itself. */
  readonly own: readonly OwnRun[];
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
  readonly log: string | null;
  readonly seq: number | null;
  readonly chain: string | null;
  readonly device: string | null;
}

/** What a reader asks for. */
export interface FeedQuestion {
  readonly after: number;
  readonly limit: number;
  /** Whose own entries are only named. */
  readonly device: string | undefined;
}

/** Bodies of one answer, in characters: a page stays a few seconds on a weak line. */
const pageCharacters = 600_000;

/** What follows `after` for the facility; what it may no longer read is passed over, the position moves on. */
export const readFeed = async (
  tx: Tx,
  logbook: Logbook,
  facility: string,
  question: FeedQuestion,
): Promise<FeedPage> => {
  const { after, limit } = question;
  // Two ranges of one index, merged: `in ('*', …)` would read everybody's rows in between.
  const { rows } = await sql<FeedRow>`
    select f.position, e.header, e.sig, e.receipt, b.body, b.salt, e.log, e.seq, e.chain, e.device
      from ((select position, entry from feed where facility = '*' and position > ${after} order by position limit ${limit + 1})
            union all
            (select position, entry from feed where facility = ${facility} and position > ${after} order by position limit ${limit + 1})) f
      left join entry e on e.hash = f.entry
      left join body b on b.entry = e.hash
      order by f.position limit ${limit + 1}`.execute(tx);
  return pageOf(rows, question, logbook);
};

/** The same for who is shown directories and the installation alone: what goes to everybody is nothing else. */
export const readDirectories = async (
  tx: Tx,
  logbook: Logbook,
  question: FeedQuestion,
): Promise<FeedPage> => readFeed(tx, logbook, nobodys, question);

/** A facility that is none. */
const nobodys = "";

const pageOf = (
  rows: readonly FeedRow[],
  { after, limit, device }: FeedQuestion,
  logbook: Logbook,
): FeedPage => {
  const items: FeedItem[] = [];
  const own: OwnRun[] = [];
  let next = after;
  let characters = 0;
  for (const row of rows.slice(0, limit)) {
    const isOwn = device !== undefined && row.device === device && addOwn(own, row);
    characters += isOwn ? 0 : (row.body?.length ?? 0) + 1_000;
    if (characters > pageCharacters && items.length > 0) return { items, own, next, more: true };
    next = row.position;
    const item = isOwn ? undefined : itemOf(row, logbook);
    if (item !== undefined) items.push(item);
  }
  return { items, own, next, more: rows.length > limit };
};

/** Goes on with the last run, or begins one; false where the row cannot be named. */
const addOwn = (own: OwnRun[], { position, log, seq, chain }: FeedRow): boolean => {
  if (log === null || seq === null || chain === null) return false;
  const last = own.at(-1);
  if (last?.log === log && last.to + 1 === seq) {
    last.to = seq;
    last.chain = chain;
  } else own.push({ position, log, from: seq, to: seq, chain });
  return true;
};

/** A row that somebody spoilt is passed over and noted: its chain shows the hole, the others go on. */
const itemOf = (
  row: Pick<FeedRow, "position" | "header" | "sig" | "receipt" | "body" | "salt">,
  logbook: Logbook,
): FeedItem | undefined => {
  if (row.header === null || row.sig === null || row.receipt === null) return undefined;
  const { position, header, sig, body, salt } = row;
  try {
    const item = v.safeParse(FeedItem, {
      position,
      entry: signedOf({ header, sig, body, salt }),
      receipt: receiptOf(row.receipt),
    });
    if (item.success) return item.output;
  } catch {
    // Not even JSON.
  }
  logbook.error("rowUnreadable", { count: 1 });
  return undefined;
};

/** All entries of one log in the order of their receipts, as far as the facility may read them. */
export const readLog = async (
  tx: Tx,
  logbook: Logbook,
  log: string,
): Promise<readonly FeedItem[]> => {
  const rows = await tx
    .selectFrom("entry")
    .leftJoin("body", "body.entry", "entry.hash")
    .select(["entry.header", "entry.sig", "entry.receipt", "body.body", "body.salt"])
    .where("entry.log", "=", log)
    .orderBy("entry.seq")
    .execute();
  // Outside the feed an item has no position in it.
  return rows.flatMap((row) => itemOf({ ...row, position: 0 }, logbook) ?? []);
};

/** Where the facility's feed ends now, or where directories do: the ends of two ranges of one index. */
export const feedEnd = async (tx: Tx, facility: string | undefined): Promise<number> => {
  const { rows } = await sql<{ end: number | null }>`
    select greatest((select max(position) from feed where facility = '*'),
                    (select max(position) from feed where facility = ${facility ?? nobodys})) as end`.execute(
    tx,
  );
  return rows[0]?.end ?? 0;
};
