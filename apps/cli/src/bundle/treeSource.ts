import {
  consistencyRanges,
  fromBase64url,
  headOfNodes,
  inclusionRanges,
  installationFactOf,
  makeCheckpoint,
  nodesIn,
  parseCheckpoint,
  toBase64url,
  type Bytes,
  type Checkpoint,
  type LeafRange,
} from "@lientuyen/record";
import type pg from "pg";
import type { Bundle } from "./format.ts";
import type { Export } from "./source.ts";
import type { TreeProofs } from "./tree.ts";

type Nodes = ReadonlyMap<string, Bytes>;

const epochOf = (bundle: Pick<Bundle, "logs">): number => {
  const installation = bundle.logs.find(({ log }) => log === "installation")?.entries ?? [];
  const epochs = installation.map(({ entry }) => {
    const body: unknown = entry.body === undefined ? undefined : JSON.parse(entry.body);
    const read = installationFactOf("epochStarted", body);
    return read.ok && read.fact.kind === "epochStarted" ? read.fact.body.epoch : 1;
  });
  return Math.max(1, ...epochs);
};

const sizeOf = async (client: pg.Client): Promise<number> => {
  // A folder that an older version wrote and no server opened since has no tree yet.
  const { rows } = await client.query<{ there: boolean }>(
    "select to_regclass('tree_leaf') is not null as there",
  );
  if (rows[0]?.there !== true) return 0;
  const { rows: sizes } = await client.query<{ size: string }>(
    "select coalesce(max(index) + 1, 0) as size from tree_leaf",
  );
  return Number(sizes[0]?.size ?? 0);
};

const leavesOf = async (
  client: pg.Client,
  hashes: readonly string[],
): Promise<readonly { readonly entry: string; readonly index: number }[]> => {
  const { rows } = await client.query<{ entry: string; index: string }>(
    "select entry, index from tree_leaf where entry = any ($1) order by index",
    [hashes],
  );
  return rows.map(({ entry, index }) => ({ entry, index: Number(index) }));
};

const nodesOf = async (client: pg.Client, ranges: readonly LeafRange[]): Promise<Nodes> => {
  const wanted = ranges.flatMap(nodesIn);
  const { rows } = await client.query<{ name: string; hash: string }>(
    `select distinct n.level || '/' || n.index as name, n.hash
       from unnest($1::smallint[], $2::bigint[]) as w (level, index)
       join tree_node n on n.level = w.level and n.index = w.index`,
    [wanted.map(({ level }) => level), wanted.map(({ index }) => index)],
  );
  return new Map(rows.map(({ name, hash }) => [name, fromBase64url(hash)]));
};

/** The last checkpoint that the server signed of this epoch's tree: one that others may keep. */
const lastSigned = async (
  client: pg.Client,
  epoch: number,
  size: number,
): Promise<{ readonly checkpoint: Checkpoint; readonly size: number } | undefined> => {
  const { rows } = await client.query<Checkpoint>(
    "select text, key, sig from checkpoint order by id desc limit 1",
  );
  const [checkpoint] = rows;
  const facts = checkpoint === undefined ? undefined : parseCheckpoint(checkpoint.text);
  if (checkpoint === undefined || facts?.epoch !== epoch || facts.size > size) return undefined;
  return { checkpoint, size: facts.size };
};

/**
 * A checkpoint of the tree as it stands, and each entry's proof; undefined where the tree does not hold them all:
 * one that was not numbered yet, or a tree that somebody cut.
 */
export const readTree = async (
  client: pg.Client,
  bundle: Pick<Bundle, "logs">,
  { p, signer, now }: Export,
): Promise<TreeProofs | undefined> => {
  const hashes = bundle.logs.flatMap(({ entries }) => entries.map(({ receipt }) => receipt.entry));
  const size = await sizeOf(client);
  const leaves = size === 0 ? [] : await leavesOf(client, hashes);
  if (size === 0 || leaves.length < hashes.length) return undefined;
  const whole = { from: 0, to: size };
  const paths = leaves.map((leaf) => ({ ...leaf, ranges: inclusionRanges(leaf.index, size) }));
  const epoch = epochOf(bundle);
  const last = await lastSigned(client, epoch, size);
  const between = last === undefined ? [] : consistencyRanges(last.size, size);
  const wanted = [whole, ...between, ...paths.flatMap(({ ranges }) => ranges)];
  const nodes = await nodesOf(client, wanted);
  const headOf = async (range: LeafRange): Promise<Bytes | undefined> => {
    const heads = nodesIn(range).flatMap(
      ({ level, index }) => nodes.get(`${level}/${index}`) ?? [],
    );
    return heads.length < nodesIn(range).length ? undefined : headOfNodes(p, range, heads);
  };
  const root = await headOf(whole);
  const proofs = [];
  for (const { entry, index, ranges } of paths) {
    const path = (await Promise.all(ranges.map(headOf))).flatMap((head) => head ?? []);
    if (path.length < ranges.length) return undefined;
    proofs.push({ entry, index, path: path.map(toBase64url) });
  }
  const step = (await Promise.all(between.map(headOf))).flatMap((head) => head ?? []);
  if (root === undefined || step.length < between.length) return undefined;
  const facts = { at: now, epoch, root, size };
  return {
    checkpoint: await makeCheckpoint(p, signer, facts),
    ...(last === undefined
      ? {}
      : { since: { checkpoint: last.checkpoint, path: step.map(toBase64url) } }),
    proofs,
  };
};
