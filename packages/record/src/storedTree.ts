import { headOfEdge, leafHash, nodeHash, split, type TreeEdge } from "./merkle.ts";
import type { Bytes, Primitives } from "./primitives.ts";
import { RecordError } from "./recordError.ts";

/** A full subtree: over the leaves from `index` × 2^`level`, 2^`level` of them. Level 0 is the leaves' hashes. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

/** Leaves from `from` up to, not including, `to`: a subtree as RFC 9162 divides, full or at the right edge. */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** The full subtrees that make up a range, largest first: at most log2(size) of them. */
export function nodesIn(range: LeafRange): readonly TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let at = range.from; at < range.to;) {
    let level = 0;
    while (2 ** (level + 1) <= range.to - at) level += 1;
    nodes.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return nodes;
}

/** Head of a range from the heads of `nodesIn` it, in that order. */
export function headOfNodes(
  p: Primitives,
  range: LeafRange,
  heads: readonly Bytes[],
): Promise<Bytes> {
  return headOfEdge(p, { size: range.to - range.from, heads });
}

/** The ranges whose heads are the inclusion path of leaf `index` in the tree of `size`, from the leaf upwards. */
export function inclusionRanges(index: number, size: number): readonly LeafRange[] {
  if (index < 0 || index >= size) throw new RecordError("out_of_range", "no such leaf");
  const ranges: LeafRange[] = [];
  for (let [from, to] = [0, size]; to - from > 1;) {
    const middle = from + split(to - from);
    ranges.push(index < middle ? { from: middle, to } : { from, to: middle });
    [from, to] = index < middle ? [from, middle] : [middle, to];
  }
  return ranges.reverse();
}

/** The ranges whose heads prove that the tree of the first `older` leaves is a beginning of that of `size`. */
export function consistencyRanges(older: number, size: number): readonly LeafRange[] {
  if (older < 1 || older > size) throw new RecordError("out_of_range", "no such tree");
  const ranges: LeafRange[] = [];
  let [from, to] = [0, size];
  while (to !== older) {
    const middle = from + split(to - from);
    ranges.push(older <= middle ? { from: middle, to } : { from, to: middle });
    [from, to] = older <= middle ? [from, middle] : [middle, to];
  }
  // Whoever asks has the older tree's own head already.
  return (from === 0 ? ranges : [...ranges, { from, to }]).reverse();
}

/** The tree with more leaves: its new edge, and every full subtree that they completed. */
export async function growTree(
  p: Primitives,
  edge: TreeEdge,
  leaves: readonly Bytes[],
): Promise<{
  readonly edge: TreeEdge;
  readonly nodes: readonly (TreeNode & { readonly hash: Bytes })[];
}> {
  const nodes: (TreeNode & { readonly hash: Bytes })[] = [];
  const heads = [...edge.heads];
  let { size } = edge;
  for (const leaf of leaves) {
    let node = { level: 0, index: size, hash: await leafHash(p, leaf) };
    nodes.push(node);
    while (node.index % 2 === 1) {
      const left = heads.pop();
      if (left === undefined)
        throw new RecordError("out_of_range", "the edge does not fit its size");
      const hash = await nodeHash(p, left, node.hash);
      node = { level: node.level + 1, index: (node.index - 1) / 2, hash };
      nodes.push(node);
    }
    heads.push(node.hash);
    size += 1;
  }
  return { edge: { size, heads }, nodes };
}
