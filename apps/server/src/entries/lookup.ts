import {
  zeroChain,
  type Author,
  type FoldInput,
  type ParsedEntry,
  type Receipt,
} from "@lientuyen/record";
import { sql } from "kysely";
import type { Access } from "../cases/judgeCase.ts";
import type { Logbook } from "../config/logbook.ts";
import { targetsOf } from "../cases/targets.ts";
import type { Tx } from "../db/database.ts";
import type { Arrival } from "./arrival.ts";
import { foldInputsOf, receiptOf, type StoredRow } from "./stored.ts";

export interface LogHead {
  readonly seq: number;
  readonly chain: string;
}

/** Locks the log's row, made only where something begins it: a stranger's guess leaves nothing behind. */
export const lockLog = async (tx: Tx, log: string, mayBegin: boolean): Promise<LogHead> => {
  const find = () =>
    tx
      .selectFrom("log")
      .select(["seq", "chain"])
      .where("name", "=", log)
      .forUpdate()
      .executeTakeFirst();
  const found = await find();
  if (found !== undefined) return found;
  if (!mayBegin) return { seq: 0, chain: zeroChain };
  await tx
    .insertInto("log")
    .values({ name: log, chain: zeroChain })
    .onConflict((it) => it.doNothing())
    .execute();
  return (await find()) ?? { seq: 0, chain: zeroChain };
};

/** All that a group's judgement asks of the database, in few queries. */
export interface LookedUp {
  /** Entry id → hash, wherever it is. */
  readonly byId: ReadonlyMap<string, string>;
  /** `key n` → hash. */
  readonly counters: ReadonlyMap<string, string>;
  readonly receipts: Map<string, Receipt>;
  /** Hashes of this log among those that the batch names. */
  readonly present: ReadonlySet<string>;
  readonly refused: ReadonlySet<string>;
  readonly openingRefused: boolean;
  readonly quarantined: Set<string>;
}

export const lookUp = async (
  tx: Tx,
  log: string,
  group: readonly Arrival[],
  isNew: boolean,
): Promise<LookedUp> => {
  const entries = group.map(({ entry }) => entry);
  const named = [
    ...new Set(
      entries.flatMap(({ header, body }) => [...header.after, ...targetsOf(header.kind, body)]),
    ),
  ];
  const hashes = entries.map(({ hash }) => hash);
  const ids = entries.map(({ header }) => header.id);
  const keys = entries.map(({ header }) => header.key);
  const counts = entries.map(({ header }) => header.n);
  const known = await sql<{
    id: string;
    hash: string;
  }>`select id, hash from known_entries(${ids}::uuid[], ${hashes}::text[])`.execute(tx);
  const counters = await sql<{
    key: string;
    n: number;
    hash: string;
  }>`select key, n, hash from used_counters(${keys}::text[], ${counts}::bigint[])`.execute(tx);
  const there = await tx
    .selectFrom("entry")
    .select(["hash", "receipt"])
    .where("log", "=", log)
    .where("hash", "in", nonEmpty([...named, ...hashes]))
    .execute();
  const mine = new Set(hashes);
  const present = new Set(there.map((row) => row.hash));
  const absent = named.filter((hash) => !present.has(hash) && !mine.has(hash));
  const kept = isNew || absent.length > 0 ? await keptAside(tx, log, absent) : nothingKept;
  return {
    byId: new Map(known.rows.map((row) => [row.id, row.hash])),
    counters: new Map(counters.rows.map((row) => [`${row.key} ${row.n}`, row.hash])),
    receipts: new Map(
      there.filter((row) => mine.has(row.hash)).map((row) => [row.hash, receiptOf(row.receipt)]),
    ),
    present,
    refused: kept.refused,
    openingRefused: kept.openingRefused,
    quarantined: new Set(kept.quarantined),
  };
};

type Kept = Pick<LookedUp, "refused" | "openingRefused"> & {
  readonly quarantined: readonly string[];
};
const nothingKept: Kept = { refused: new Set(), openingRefused: false, quarantined: [] };

/** What the log does not hold may have been refused before, or wait in quarantine. */
const keptAside = async (tx: Tx, log: string, absent: readonly string[]): Promise<Kept> => {
  const refused = await tx
    .selectFrom("refused")
    .select(["entry", "kind"])
    .where("log", "=", log)
    .where((is) => is.or([is("entry", "in", nonEmpty(absent)), is("kind", "=", "opened")]))
    .execute();
  const quarantined = await tx
    .selectFrom("quarantine")
    .select("entry")
    .where("entry", "in", nonEmpty(absent))
    .execute();
  return {
    refused: new Set(refused.map((row) => row.entry)),
    openingRefused: refused.some((row) => row.kind === "opened"),
    quarantined: quarantined.map((row) => row.entry),
  };
};

/** SQL has no empty list. */
const nonEmpty = (list: readonly string[]): readonly string[] => (list.length === 0 ? [""] : list);

export const accessOf = async (tx: Tx, log: string, facility: string): Promise<Access> => {
  const rows = await tx
    .selectFrom("case_access")
    .select("until_seq")
    .where("log", "=", log)
    .where("facility", "=", facility)
    .execute();
  if (rows.length === 0) return "none";
  return rows.some((row) => row.until_seq === null) ? "active" : "ended";
};

export interface StoredCase {
  readonly inputs: readonly FoldInput[];
  /** False where a row could not be read any more. */
  readonly isWhole: boolean;
}

/** The case's entries for judging the next one; the one place that reads them all. */
export const loadCase = async (tx: Tx, logbook: Logbook, log: string): Promise<StoredCase> => {
  const { rows } = await sql<StoredRow>`select * from case_for_judgement(${log})`.execute(tx);
  const inputs = foldInputsOf(rows, logbook).map(({ input }) => input);
  return { inputs, isWhole: inputs.length === rows.length };
};

export const readReceipt = async (tx: Tx, hash: string): Promise<Receipt | undefined> => {
  const row = await tx
    .selectFrom("entry")
    .select("receipt")
    .where("hash", "=", hash)
    .executeTakeFirst();
  return row === undefined ? undefined : receiptOf(row.receipt);
};

/** Who wrote what an `entryReleased` names, where it waits and was signed with another key. */
export const quarantinedAuthorOf = async (
  tx: Tx,
  { header, body }: ParsedEntry,
): Promise<Author | undefined> => {
  const hash =
    typeof body === "object" && body !== null && "entry" in body && typeof body.entry === "string"
      ? body.entry
      : "";
  const row = await tx
    .selectFrom("quarantine")
    .select(["person", "facility", "device", "key"])
    .where("entry", "=", hash)
    .executeTakeFirst();
  return row === undefined || row.key === header.key
    ? undefined
    : { person: row.person, facility: row.facility, device: row.device };
};
