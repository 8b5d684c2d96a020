import { fromBase64url, growTree, toBase64url, type Bytes } from "@lientuyen/record";
import { sql } from "kysely";
import type { Database, Tx } from "../db/database.ts";
import { makePrimitives } from "../identity/primitives.ts";
import { nodeReader, sizeOf, TreeBroken } from "./nodes.ts";

const primitives = makePrimitives();

/** An entry that is to become a leaf: its hash and its receipt's chain value. */
export interface NewLeaf {
  readonly hash: string;
  readonly chain: string;
}

/** One number for everybody who numbers: feed and tree grow under it alone. */
const growthLock = 7_105_002;

/** Until the transaction ends nobody else numbers anything. */
export const lockGrowth = async (tx: Tx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${growthLock})`.execute(tx);
};

/**
 * Adds leaves at the tree's end, in this order. Only under `lockGrowth`; none of them may be in it already.
 * @returns false where the kept tree does not fit its size: somebody cut it. Nobody's care waits for that.
 */
export const addLeaves = async (tx: Tx, leaves: readonly NewLeaf[]): Promise<boolean> => {
  if (leaves.length === 0) return true;
  const size = await sizeOf(tx);
  const heads = await edgeOf(tx, size);
  if (heads === undefined) return false;
  const data = leaves.map(({ chain }) => fromBase64url(chain));
  const { nodes } = await growTree(primitives, { size, heads }, data);
  const indexes = leaves.map((_, n) => size + n);
  await sql`
    insert into tree_leaf (index, entry)
      select * from unnest(${indexes}::bigint[], ${leaves.map(({ hash }) => hash)}::text[])`.execute(
    tx,
  );
  const { numAffectedRows } = await sql`
    insert into tree_node (level, index, hash)
      select * from unnest(${nodes.map(({ level }) => level)}::smallint[], ${nodes.map(({ index }) => index)}::bigint[],
                           ${nodes.map(({ hash }) => toBase64url(hash))}::text[])
      on conflict do nothing`.execute(tx);
  return Number(numAffectedRows) === nodes.length;
};

const edgeOf = async (tx: Tx, size: number): Promise<readonly Bytes[] | undefined> => {
  const whole = { from: 0, to: size };
  try {
    return (await nodeReader(tx, [whole])).headsOf(whole);
  } catch (error) {
    if (error instanceof TreeBroken) return undefined;
    throw error;
  }
};

const leavesAtOnce = 5_000;

/**
 * Takes in what was received before there was a tree; finds nothing at every later start, and says so by counting logs,
 * not entries.
 */
export const takeInEarlier = async (database: Database): Promise<void> => {
  for (;;) {
    const taken = await database.asSystem(async (tx) => {
      await lockGrowth(tx);
      if (!(await someAreEarlier(tx))) return 0;
      const { rows } = await sql<NewLeaf>`
        select e.hash, e.chain from entry e
          where not exists (select 1 from tree_leaf l where l.entry = e.hash)
          order by e.received_at, e.log, e.seq limit ${leavesAtOnce}`.execute(tx);
      return (await addLeaves(tx, rows)) ? rows.length : 0;
    });
    if (taken < leavesAtOnce) return;
  }
};

/** A log's entries are numbered without holes: together they are as many as leaves and those that wait to be ones. */
const someAreEarlier = async (tx: Tx): Promise<boolean> => {
  const { rows } = await sql<{ earlier: number }>`
    select ((select coalesce(sum(seq), 0) from log)
          - (select coalesce(max(index) + 1, 0) from tree_leaf)
          - (select count(distinct p.entry) from feed_pending p
               where not exists (select 1 from tree_leaf l where l.entry = p.entry)))::bigint as earlier`.execute(
    tx,
  );
  return rows[0]?.earlier !== 0;
};
