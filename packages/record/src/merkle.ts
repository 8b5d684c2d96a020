import { joinBytes } from "./bytes.ts";
import type { Bytes, Primitives } from "./primitives.ts";
import { RecordError } from "./recordError.ts";

/** RFC 9162 section 2.1: leaves and nodes are hashed apart, so that neither passes for the other. */
const leafPrefix = new Uint8Array([0]);
const nodePrefix = new Uint8Array([1]);

export function leafHash(p: Primitives, data: Uint8Array): Promise<Bytes> {
  return p.sha256(joinBytes(leafPrefix, data));
}

export function nodeHash(p: Primitives, left: Uint8Array, right: Uint8Array): Promise<Bytes> {
  return p.sha256(joinBytes(nodePrefix, left, right));
}

/** Largest power of two smaller than n (n > 1). */
export function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** Head of the tree over the leaves' data. */
export async function treeHead(p: Primitives, leaves: readonly Bytes[]): Promise<Bytes> {
  const [only] = leaves;
  if (only === undefined) return p.sha256(new Uint8Array(0));
  if (leaves.length === 1) return leafHash(p, only);
  const k = split(leaves.length);
  return nodeHash(p, await treeHead(p, leaves.slice(0, k)), await treeHead(p, leaves.slice(k)));
}

/** Section 2.1.3.1: what proves that leaf `index` is in the tree, from the leaf upwards. */
export async function inclusionPath(
  p: Primitives,
  leaves: readonly Bytes[],
  index: number,
): Promise<readonly Bytes[]> {
  if (index < 0 || index >= leaves.length) throw new RecordError("out_of_range", "no such leaf");
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return index < k
    ? [...(await inclusionPath(p, left, index)), await treeHead(p, right)]
    : [...(await inclusionPath(p, right, index - k)), await treeHead(p, left)];
}

/** Section 2.1.3.2: the head that this leaf hash and path lead to; undefined where the path does not fit. */
export async function rootFromInclusion(
  p: Primitives,
  proof: {
    readonly leaf: Bytes;
    readonly index: number;
    readonly size: number;
    readonly path: readonly Bytes[];
  },
): Promise<Bytes | undefined> {
  if (proof.index < 0 || proof.index >= proof.size) return undefined;
  let fn = proof.index;
  let sn = proof.size - 1;
  let root = proof.leaf;
  for (const sibling of proof.path) {
    if (sn === 0) return undefined;
    if (fn % 2 === 1 || fn === sn) {
      root = await nodeHash(p, sibling, root);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [halve(fn), halve(sn)];
    } else {
      root = await nodeHash(p, root, sibling);
    }
    [fn, sn] = [halve(fn), halve(sn)];
  }
  return sn === 0 ? root : undefined;
}

function halve(n: number): number {
  return Math.floor(n / 2);
}

/** Section 2.1.4.1: what proves that the tree of the first `size` leaves is a beginning of this one. */
export function consistencyPath(
  p: Primitives,
  leaves: readonly Bytes[],
  size: number,
): Promise<readonly Bytes[]> {
  if (size < 1 || size > leaves.length) throw new RecordError("out_of_range", "no such tree");
  return subproof(p, size, leaves, true);
}

async function subproof(
  p: Primitives,
  m: number,
  leaves: readonly Bytes[],
  whole: boolean,
): Promise<readonly Bytes[]> {
  if (m === leaves.length) return whole ? [] : [await treeHead(p, leaves)];
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return m <= k
    ? [...(await subproof(p, m, left, whole)), await treeHead(p, right)]
    : [...(await subproof(p, m - k, right, false)), await treeHead(p, left)];
}

export interface TreeAt {
  readonly size: number;
  readonly root: Bytes;
}

/** Section 2.1.4.2: true where the older tree is a beginning of the newer one. */
export async function isConsistent(
  p: Primitives,
  older: TreeAt,
  newer: TreeAt,
  path: readonly Bytes[],
): Promise<boolean> {
  if (older.size < 1 || older.size > newer.size) return false;
  if (older.size === newer.size) return path.length === 0 && sameBytes(older.root, newer.root);
  const steps = isPowerOfTwo(older.size) ? [older.root, ...path] : path;
  const [first, ...rest] = steps;
  if (first === undefined) return false;
  let [fn, sn] = [older.size - 1, newer.size - 1];
  while (fn % 2 === 1) [fn, sn] = [halve(fn), halve(sn)];
  let [fr, sr] = [first, first];
  for (const c of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      [fr, sr] = [await nodeHash(p, c, fr), await nodeHash(p, c, sr)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [halve(fn), halve(sn)];
    } else {
      sr = await nodeHash(p, sr, c);
    }
    [fn, sn] = [halve(fn), halve(sn)];
  }
  return sn === 0 && sameBytes(fr, older.root) && sameBytes(sr, newer.root);
}

function isPowerOfTwo(n: number): boolean {
  return Number.isInteger(Math.log2(n));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** The right edge of a growing tree: enough to append and to know its head, log2(size) hashes. */
export interface TreeEdge {
  readonly size: number;
  /** Heads of the full subtrees, largest first. */
  readonly heads: readonly Bytes[];
}

export const emptyTree: TreeEdge = { size: 0, heads: [] };

/** The edge after one more leaf. */
export async function appendLeaf(
  p: Primitives,
  edge: TreeEdge,
  data: Uint8Array,
): Promise<TreeEdge> {
  const heads = [...edge.heads];
  let head = await leafHash(p, data);
  for (let n = edge.size; n % 2 === 1; n = halve(n)) {
    const left = heads.pop();
    if (left === undefined) throw new RecordError("out_of_range", "the edge does not fit its size");
    head = await nodeHash(p, left, head);
  }
  return { size: edge.size + 1, heads: [...heads, head] };
}

/** Head of the tree that this is the edge of. */
export async function headOfEdge(p: Primitives, edge: TreeEdge): Promise<Bytes> {
  const [last, ...rest] = [...edge.heads].reverse();
  if (last === undefined) return p.sha256(new Uint8Array(0));
  let head = last;
  for (const left of rest) head = await nodeHash(p, left, head);
  return head;
}

/**
 * Head and every leaf's path at once, with one hash for each node: pairing a level from the left and
 * lifting an odd last one gives the same tree as the recursive definition.
 */
export async function treeWithPaths(
  p: Primitives,
  leaves: readonly Bytes[],
): Promise<{ readonly root: Bytes; readonly paths: readonly (readonly Bytes[])[] }> {
  let level = await Promise.all(leaves.map((leaf) => leafHash(p, leaf)));
  const paths: Bytes[][] = leaves.map(() => []);
  for (let width = 1; level.length > 1; width *= 2) {
    paths.forEach((path, leaf) => {
      const sibling = level[Math.floor(leaf / width) ^ 1];
      if (sibling !== undefined) path.push(sibling);
    });
    level = await nextLevel(p, level);
  }
  return { root: level[0] ?? (await p.sha256(new Uint8Array(0))), paths };
}

function nextLevel(p: Primitives, level: readonly Bytes[]): Promise<Bytes[]> {
  const lefts = level.filter((_, i) => i % 2 === 0);
  return Promise.all(
    lefts.map(async (left, i) => {
      const right = level[2 * i + 1];
      return right === undefined ? left : nodeHash(p, left, right);
    }),
  );
}
