import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  appendLeaf,
  consistencyPath,
  consistencyRanges,
  emptyTree,
  growTree,
  headOfNodes,
  inclusionPath,
  inclusionRanges,
  isContinued,
  makeCheckpoint,
  nodesIn,
  parseCheckpoint,
  toBase64url,
  treeHead,
  verifyCheckpoint,
  type Bytes,
  type LeafRange,
  type TreeEdge,
} from "./index.ts";
import { makeSigner, primitives as p } from "./webPrimitives.fixture.ts";

const leafOf = (n: number): Bytes => new Uint8Array([n % 256, Math.floor(n / 256)]);
const leavesOf = (size: number): Bytes[] => Array.from({ length: size }, (_, n) => leafOf(n));
const texts = (all: readonly Bytes[]): string[] => all.map(toBase64url);

/** A tree kept as the server keeps it: full subtrees by name, grown in pieces. */
const keepTree = async (pieces: readonly number[]) => {
  const kept = new Map<string, Bytes>();
  let edge: TreeEdge = emptyTree;
  for (const piece of pieces) {
    const leaves = Array.from({ length: piece }, (_, n) => leafOf(edge.size + n));
    const grown = await growTree(p, edge, leaves);
    for (const { level, index, hash } of grown.nodes) {
      expect(kept.has(`${level}/${index}`)).toBe(false);
      kept.set(`${level}/${index}`, hash);
    }
    edge = grown.edge;
  }
  const headOf = (range: LeafRange) =>
    headOfNodes(
      p,
      range,
      nodesIn(range).map(({ level, index }) => {
        const hash = kept.get(`${level}/${index}`);
        if (hash === undefined) throw new Error(`not kept: ${level}/${index}`);
        return hash;
      }),
    );
  return { edge, kept, headOf };
};

describe("I36 kept full subtrees prove what the whole tree proves", () => {
  it("I36 every leaf and every earlier tree of every size up to 20", async () => {
    for (let size = 1; size <= 20; size += 1) {
      const { headOf } = await keepTree([size]);
      const leaves = leavesOf(size);
      expect(await headOf({ from: 0, to: size })).toEqual(await treeHead(p, leaves));
      for (let n = 0; n < size; n += 1) {
        const path = await Promise.all(inclusionRanges(n, size).map(headOf));
        expect(texts(path)).toEqual(texts(await inclusionPath(p, leaves, n)));
        const earlier = await Promise.all(consistencyRanges(n + 1, size).map(headOf));
        expect(texts(earlier)).toEqual(texts(await consistencyPath(p, leaves, n + 1)));
      }
    }
  });
  it("I36 property: any size, grown in any pieces; the edge is appendLeaf's, the look-ups few", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        async (pieces, pick) => {
          const { edge, kept, headOf } = await keepTree(pieces);
          const { size } = edge;
          const leaves = leavesOf(size);
          let slow = emptyTree;
          for (const leaf of leaves) slow = await appendLeaf(p, slow, leaf);
          expect(edge).toEqual(slow);
          expect(kept.size).toBeLessThan(2 * size);
          const index = pick % size;
          const ranges = inclusionRanges(index, size);
          const path = await Promise.all(ranges.map(headOf));
          expect(texts(path)).toEqual(texts(await inclusionPath(p, leaves, index)));
          const bound = 2 * Math.ceil(Math.log2(size + 1)) + 1;
          expect(ranges.flatMap(nodesIn).length).toBeLessThanOrEqual(bound);
          const earlier = consistencyRanges(index + 1, size);
          expect(earlier.flatMap(nodesIn).length).toBeLessThanOrEqual(bound);
          expect(texts(await Promise.all(earlier.map(headOf)))).toEqual(
            texts(await consistencyPath(p, leaves, index + 1)),
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("I37 a checkpoint is its exact text under the key that it names", () => {
  const at = "2026-11-25T01:02:03.004Z";
  it("I37 made, read back and verified; another text, signature or key is not", async () => {
    const signer = await makeSigner();
    const root = await treeHead(p, leavesOf(3));
    const made = await makeCheckpoint(p, signer, { at, epoch: 2, root, size: 3 });
    expect(made.text).toBe(`{"at":"${at}","epoch":2,"root":"${toBase64url(root)}","size":3,"v":1}`);
    expect(parseCheckpoint(made.text)).toEqual({ at, epoch: 2, root: toBase64url(root), size: 3 });
    expect(await verifyCheckpoint(p, made, signer.publicKey)).toBe(true);
    const larger = { ...made, text: made.text.replace('"size":3', '"size":4') };
    expect(await verifyCheckpoint(p, larger, signer.publicKey)).toBe(false);
    const other = await makeSigner();
    expect(await verifyCheckpoint(p, made, other.publicKey)).toBe(false);
    expect(await verifyCheckpoint(p, { ...made, key: other.key }, other.publicKey)).toBe(false);
    const forged = { ...made, key: other.key };
    expect(await verifyCheckpoint(p, forged, signer.publicKey)).toBe(false);
  });
  it.each([
    "",
    "{}",
    `{"at":"${at}","epoch":1,"root":"${"A".repeat(43)}","size":0,"v":1}`,
    `{"at":"${at}","epoch":1,"root":"${"A".repeat(43)}","size":1,"v":2}`,
    `{"at":"${at}","epoch":1,"root":"${"A".repeat(43)}","size":1, "v":1}`,
    `{"at":"${at}","epoch":1,"extra":1,"root":"${"A".repeat(43)}","size":1,"v":1}`,
    `{"at":"${at}","epoch":1,"root":"${"B".repeat(43)}","size":1,"v":1}`,
  ])("I37 not a checkpoint: %s", (text) => {
    expect(parseCheckpoint(text)).toBeUndefined();
  });
  it("I38 a shorter tree, an altered leaf and a wrong path do not continue a checkpoint", async () => {
    const factsOf = async (leaves: readonly Bytes[]) => ({
      at,
      epoch: 1,
      root: toBase64url(await treeHead(p, leaves)),
      size: leaves.length,
    });
    const leaves = leavesOf(11);
    const older = await factsOf(leaves.slice(0, 6));
    const newer = await factsOf(leaves);
    const path = texts(await consistencyPath(p, leaves, 6));
    expect(await isContinued(p, older, newer, path)).toBe(true);
    expect(await isContinued(p, older, older, [])).toBe(true);
    expect(await isContinued(p, newer, older, path)).toBe(false);
    expect(await isContinued(p, older, newer, path.slice(1))).toBe(false);
    expect(await isContinued(p, older, newer, ["=", ...path])).toBe(false);
    const altered = leaves.map((leaf, n) => (n === 2 ? leafOf(99) : leaf));
    const forged = await factsOf(altered);
    const itsPath = texts(await consistencyPath(p, altered, 6));
    expect(await isContinued(p, older, forged, itsPath)).toBe(false);
  });
});
