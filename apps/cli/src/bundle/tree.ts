import {
  Checkpoint,
  fromBase64url,
  Hash,
  isBase64url,
  isContinued,
  leafHash,
  parseCheckpoint,
  rootFromInclusion,
  toBase64url,
  verifyCheckpoint,
  type CheckpointFacts,
  type NamedKey,
  type Primitives,
} from "@lientuyen/record";
import * as v from "valibot";
import type { BundleFault } from "./check.ts";
import type { Item } from "./shelf.ts";

/** Where each entry of the bundle stands in the tree of all receipts (packages/record SPEC, Checkpoints). */
export const TreeProofs = v.strictObject({
  checkpoint: Checkpoint,
  /** One that the server signed before, which others may keep, and what shows that this one continues it. */
  since: v.optional(
    v.strictObject({
      checkpoint: Checkpoint,
      path: v.pipe(v.array(Hash), v.maxLength(128)),
    }),
  ),
  proofs: v.array(
    v.strictObject({
      entry: Hash,
      index: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      path: v.pipe(v.array(Hash), v.maxLength(64)),
    }),
  ),
});
export type TreeProofs = v.InferOutput<typeof TreeProofs>;

export interface CheckedTree {
  /** Undefined where there is none that holds. */
  readonly checkpoint: CheckpointFacts | undefined;
  /** The one before, where it is there and continued. */
  readonly since: CheckpointFacts | undefined;
  /** Entry hash → place among all receipts of the installation: only what was proven. */
  readonly order: ReadonlyMap<string, number>;
  readonly faults: readonly BundleFault[];
}

const nothing: CheckedTree = {
  checkpoint: undefined,
  since: undefined,
  order: new Map(),
  faults: [],
};

/** Each entry is the leaf that its proof says, in a tree that a checkpoint key signed no earlier than the entry came in. */
export const checkTree = async (
  p: Primitives,
  items: readonly Item[],
  tree: TreeProofs | undefined,
  keys: readonly NamedKey[],
): Promise<CheckedTree> => {
  if (tree === undefined) return nothing;
  const facts = await signedFacts(p, tree.checkpoint, keys);
  if (facts === undefined) return { ...nothing, faults: [{ what: "checkpoint" }] };
  const order = new Map<string, number>();
  const faults: BundleFault[] = items
    .filter(({ receipt }) => receipt.receivedAt > facts.at)
    .map((item) => ({ what: "checkpointDate", item }));
  const proofs = new Map(tree.proofs.map((proof) => [proof.entry, proof]));
  for (const item of items) {
    const proof = proofs.get(item.hash);
    if (proof !== undefined && (await isLeaf(p, item, proof, facts)))
      order.set(item.hash, proof.index);
    else faults.push({ what: "tree", item });
  }
  const since = tree.since && (await signedFacts(p, tree.since.checkpoint, keys));
  const held = since !== undefined && (await continues(p, since, facts, tree.since?.path ?? []));
  if (tree.since !== undefined && !held) faults.push({ what: "checkpointSince" });
  return { checkpoint: facts, since: held ? since : undefined, order, faults };
};

/** What a checkpoint says; undefined where none of these keys signed it. */
export const signedFacts = async (
  p: Primitives,
  checkpoint: Checkpoint,
  keys: readonly NamedKey[],
): Promise<CheckpointFacts | undefined> => {
  const publicKey = keys.find(({ key }) => key === checkpoint.key)?.publicKey;
  const signed = publicKey !== undefined && (await verifyCheckpoint(p, checkpoint, publicKey));
  return signed ? parseCheckpoint(checkpoint.text) : undefined;
};

/** The older one's tree is a beginning of the newer one's, in the same epoch. */
export const continues = async (
  p: Primitives,
  older: CheckpointFacts,
  newer: CheckpointFacts,
  path: readonly string[],
): Promise<boolean> => older.epoch === newer.epoch && isContinued(p, older, newer, path);

const isLeaf = async (
  p: Primitives,
  { receipt }: Item,
  { index, path }: TreeProofs["proofs"][number],
  { root, size }: CheckpointFacts,
): Promise<boolean> => {
  if (![receipt.chain, ...path].every(isBase64url)) return false;
  const leaf = await leafHash(p, fromBase64url(receipt.chain));
  const found = await rootFromInclusion(p, { leaf, index, size, path: path.map(fromBase64url) });
  return found !== undefined && toBase64url(found) === root;
};
