import { fromBase64url, nodesIn, type Bytes, type LeafRange } from "@lientuyen/record";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";

/** Leaves so far. */
export const sizeOf = async (tx: Tx): Promise<number> => {
  const row = await tx
    .selectFrom("tree_leaf")
    .select("index")
    .orderBy("index", "desc")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? 0 : row.index + 1;
};

/** A full subtree that should be kept is not there: somebody cut the tree. */
export class TreeBroken extends Error {
  override readonly name = "TreeBroken";
}

interface NodeReader {
  /** Heads of the full subtrees of one of the ranges, largest first. @throws TreeBroken */
  readonly headsOf: (range: LeafRange) => readonly Bytes[];
}

/** Reads in one question every full subtree that the ranges are made of. */
export const nodeReader = async (tx: Tx, ranges: readonly LeafRange[]): Promise<NodeReader> => {
  const named = new Map(
    ranges.flatMap((range) => nodesIn(range).map((node) => [`${node.level}/${node.index}`, node])),
  );
  const wanted = [...named.values()];
  const { rows } = await sql<{ level: number; index: number; hash: string }>`
    select n.level, n.index, n.hash
      from unnest(${wanted.map(({ level }) => level)}::smallint[], ${wanted.map(({ index }) => index)}::bigint[]) as w (level, index)
      join tree_node n on n.level = w.level and n.index = w.index`.execute(tx);
  const found = new Map(rows.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
  return {
    headsOf: (range) =>
      nodesIn(range).map(({ level, index }) => {
        const hash = found.get(`${level}/${index}`);
        if (hash === undefined) throw new TreeBroken("a subtree is missing");
        return fromBase64url(hash);
      }),
  };
};
