/// <reference types="node" />
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  appendLeaf,
  consistencyPath,
  emptyTree,
  headOfEdge,
  inclusionPath,
  isConsistent,
  leafHash,
  rootFromInclusion,
  treeHead,
  treeWithPaths,
  type Bytes,
} from "./index.ts";
import * as vectors from "./merkle.vectors.fixture.ts";
import { primitives as p } from "./webPrimitives.fixture.ts";

const unhex = (text: string): Bytes => new Uint8Array(Buffer.from(text, "hex"));
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");
const reference = vectors.leaves.map(unhex);
const anyLeaves = fc.array(
  fc.uint8Array({ maxLength: 8 }).map((bytes) => new Uint8Array(bytes)),
  { minLength: 1, maxLength: 40 },
);

describe("I9 the tree is RFC 9162's", () => {
  it.each(vectors.heads.map((head, size) => [size, head] as const))(
    "I9 head of the first %i reference leaves",
    async (size, head) => {
      expect(hex(await treeHead(p, reference.slice(0, size)))).toBe(head);
      expect(hex((await treeWithPaths(p, reference.slice(0, size))).root)).toBe(head);
      let edge = emptyTree;
      for (const leaf of reference.slice(0, size)) edge = await appendLeaf(p, edge, leaf);
      expect(hex(await headOfEdge(p, edge))).toBe(head);
    },
  );
  it.each(vectors.inclusions)("I9 inclusion of $index in $size", async ({ index, size, path }) => {
    const leaves = reference.slice(0, size);
    const found = await inclusionPath(p, leaves, index);
    expect(found.map(hex)).toEqual(path);
    const leaf = await leafHash(p, reference[index] ?? new Uint8Array(0));
    expect(hex(await rootFromInclusion(p, { leaf, index, size, path: found }))).toBe(
      vectors.heads[size],
    );
  });
  it.each(vectors.consistencies)(
    "I9 consistency of $older with $newer",
    async ({ older, newer, path }) => {
      const found = await consistencyPath(p, reference.slice(0, newer), older);
      expect(found.map(hex)).toEqual(path);
      const at = (size: number) => ({ size, root: unhex(vectors.heads[size] ?? "") });
      expect(await isConsistent(p, at(older), at(newer), found)).toBe(true);
    },
  );
});

describe("I10 a path proves its leaf in its tree and nothing else", () => {
  it("I10 property: every leaf of any tree, and no other leaf, index or size", async () => {
    await fc.assert(
      fc.asyncProperty(anyLeaves, fc.nat(), async (leaves, pick) => {
        const index = pick % leaves.length;
        const size = leaves.length;
        const root = hex(await treeHead(p, leaves));
        const { paths } = await treeWithPaths(p, leaves);
        const path = await inclusionPath(p, leaves, index);
        expect(paths[index]?.map(hex)).toEqual(path.map(hex));
        const leaf = await leafHash(p, leaves[index] ?? new Uint8Array(0));
        expect(hex(await rootFromInclusion(p, { leaf, index, size, path }))).toBe(root);
        const other = await leafHash(p, new Uint8Array([9, 9, 9, 9, 9, 9, 9, 9, 9]));
        expect(hex(await rootFromInclusion(p, { leaf: other, index, size, path }))).not.toBe(root);
        const longer = [...path, other];
        expect(hex(await rootFromInclusion(p, { leaf, index, size, path: longer }))).not.toBe(root);
        expect(await rootFromInclusion(p, { leaf, index: size, size, path })).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
  it("I10 property: any tree begins with each of its earlier ones, and an altered one does not", async () => {
    await fc.assert(
      fc.asyncProperty(anyLeaves, fc.nat(), async (leaves, pick) => {
        const size = (pick % leaves.length) + 1;
        const path = await consistencyPath(p, leaves, size);
        const older = { size, root: await treeHead(p, leaves.slice(0, size)) };
        const newer = { size: leaves.length, root: await treeHead(p, leaves) };
        expect(await isConsistent(p, older, newer, path)).toBe(true);
        const altered = {
          size,
          root: await treeHead(p, [...leaves.slice(1, size), new Uint8Array([7])]),
        };
        const same = hex(altered.root) === hex(older.root);
        expect(await isConsistent(p, altered, newer, path)).toBe(same);
      }),
      { numRuns: 60 },
    );
  });
});
