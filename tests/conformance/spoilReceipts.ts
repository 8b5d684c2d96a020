import { canonicalText, toBase64url, fromBase64url } from "@lientuyen/record";
import { there, type Dice } from "./dice.ts";
import { caseOf, draftOf, entriesOf, honestDraft, someLog, type Draft } from "./draft.ts";
import { restore, startEpoch, tellStory, writeAs, type Story } from "./honest.ts";
import { strayBits } from "./spoilEntries.ts";
import type { Expected, Spoil } from "./spoil.ts";
import {
  extentOf,
  hashOf,
  layDown,
  makeKey,
  plantTree,
  signText,
  type Leaf,
  type World,
} from "./world.ts";

type Bundled = ReturnType<typeof caseOf>[number];

const hashIn = ({ entry }: Bundled): string => hashOf(entry.header);

/** One receipt of a sound bundle is made over. */
const forged = (
  name: string,
  fault: string,
  change: (bundled: Bundled, dice: Dice, draft: Draft) => unknown,
): Spoil => ({
  name,
  run: async (dice) => {
    const draft = await honestDraft(dice);
    const bundled = dice.pick(entriesOf(draft, someLog(draft)));
    await change(bundled, dice, draft);
    return { draft, expected: { verdict: "broken", fault, entry: hashIn(bundled) } };
  },
});

const receipts: readonly Spoil[] = [
  forged("another time of receipt", "chain", ({ receipt }) => {
    receipt.receivedAt = "2020-01-01T00:00:00.000Z";
  }),
  forged("another mark", "chain", ({ receipt }) => {
    receipt.marks = [...receipt.marks, "roleEnded"];
  }),
  forged("another chain", "receipt", ({ receipt }, dice) => {
    receipt.chain = hashOf(dice.bytes(3));
  }),
  forged("chain with stray bits", "receipt", ({ receipt }) => {
    receipt.chain = strayBits(receipt.chain);
  }),
  forged("another entry's", "receipt", ({ receipt }) => {
    receipt.entry = hashOf("another");
  }),
  forged("another batch signature", "receipt", async ({ receipt }) => {
    receipt.batch.sig = await signText(makeKey(), "{}");
  }),
  forged("batch signature with stray bits", "receipt", ({ receipt }) => {
    receipt.batch.sig = strayBits(receipt.batch.sig);
  }),
  forged("another place in the batch", "receipt", ({ receipt }) => {
    receipt.batch.index = receipt.batch.size;
  }),
  forged("a batch larger than it was", "receipt", ({ receipt }) => {
    receipt.batch.size += 1;
  }),
  forged("a batch of all whole numbers", "receipt", ({ receipt }) => {
    receipt.batch.size = Number.MAX_SAFE_INTEGER;
    receipt.batch.index = Number.MAX_SAFE_INTEGER - 1;
  }),
  forged("a path with one more", "receipt", ({ receipt }, dice) => {
    receipt.batch.path.push(hashOf(dice.bytes(2)));
  }),
  forged("a path of 64", "receipt", ({ receipt }, dice) => {
    receipt.batch.path = Array.from({ length: 64 }, () => hashOf(dice.bytes(2)));
  }),
  forged("signed by the root", "receipt", async ({ receipt }, _, { story }) => {
    receipt.batch = {
      index: 0,
      size: 1,
      path: [],
      key: story.world.root.key,
      sig: await signText(
        story.world.root,
        canonicalText({ root: leafOf(receipt.chain), size: 1, v: 1 }),
      ),
    };
  }),
  forged("signed by a stranger in the server's name", "receipt", async ({ receipt }) => {
    const stranger = makeKey();
    receipt.batch = {
      ...receipt.batch,
      index: 0,
      size: 1,
      path: [],
      sig: await signText(stranger, canonicalText({ root: leafOf(receipt.chain), size: 1, v: 1 })),
    };
  }),
  forged("of another log", "otherLog", ({ receipt }) => {
    receipt.log = `case/${"0".repeat(8)}-0000-0000-0000-${"0".repeat(12)}`;
  }),
  forged("a seq past the others", "gap", ({ receipt }) => {
    receipt.seq += 1000;
  }),
];

const leafOf = (chain: string): string =>
  hashOf(Buffer.concat([Buffer.from([0]), fromBase64url(chain)]));

/** A sound bundle in which a log of a directory or of the case is made over. */
const listed = (
  name: string,
  change: (
    entries: Bundled[],
    dice: Dice,
    draft: Draft,
  ) => Omit<Expected, "verdict"> | Promise<Omit<Expected, "verdict">>,
  least = 3,
): Spoil => ({
  name,
  run: async (dice) => {
    const draft = await honestDraft(dice);
    const log = dice.pick(
      draft.bundle.logs.slice(1).filter((each) => each.entries.length >= least),
    );
    const expected = await change(log.entries, dice, draft);
    return { draft, expected: { verdict: "broken", ...expected } };
  },
});

const lists: readonly Spoil[] = [
  listed("an entry of the installation removed", (_, dice, draft) => {
    const entries = entriesOf(draft, "installation");
    const at = dice.between(0, entries.length - 2);
    entries.splice(at, 1);
    return { fault: "gap", entry: hashIn(there(entries[at])) };
  }),
  listed("an entry removed", (entries, dice) => {
    const at = dice.between(0, entries.length - 2);
    entries.splice(at, 1);
    return { fault: "gap", entry: hashIn(there(entries[at])) };
  }),
  listed("several entries removed", (entries, dice) => {
    const at = dice.between(0, entries.length - 3);
    entries.splice(at, 2);
    return { fault: "gap", entry: hashIn(there(entries[at])) };
  }),
  listed("the order swapped", (entries, dice) => {
    const at = dice.between(0, entries.length - 2);
    const [one, other] = [there(entries[at]), there(entries[at + 1])];
    entries.splice(at, 2, other, one);
    return { fault: "order", entry: hashIn(one) };
  }),
  listed("the order swapped in the receipts too", (entries, dice) => {
    const at = dice.between(0, entries.length - 2);
    const [one, other] = [there(entries[at]), there(entries[at + 1])];
    [one.receipt.seq, other.receipt.seq] = [other.receipt.seq, one.receipt.seq];
    entries.splice(at, 2, other, one);
    return { fault: "chain", entry: hashIn(one) };
  }),
  listed("two with the same seq", (entries, dice) => {
    const at = dice.between(0, entries.length - 2);
    const next = there(entries[at + 1]);
    next.receipt.seq -= 1;
    return { fault: "order", entry: hashIn(next) };
  }),
  listed("an entry twice", (entries, dice) => {
    const one = structuredClone(dice.pick(entries));
    entries.push(one);
    return { fault: "repeated", entry: hashIn(one) };
  }),
  listed("the tail cut off", (entries, dice) => {
    entries.splice(-dice.between(1, entries.length - 1));
    return { fault: "tailCut", entry: hashIn(there(entries.at(-1))) };
  }),
  listed("an entry moved into another log", (entries, dice, { bundle }) => {
    const [moved] = entries.splice(dice.between(0, entries.length - 1), 1);
    const other = dice.pick(bundle.logs.filter((log) => log.entries !== entries));
    other.entries.push(there(moved));
    return { fault: "otherLog", entry: hashIn(there(moved)) };
  }),
  {
    name: "an entry received twice by the server",
    run: async (dice) => {
      const story = await tellStory(dice);
      const rows = there(story.world.logs.get(story.log));
      const again = dice.pick(rows);
      await story.world.receive(story.log, again.signed);
      return {
        draft: await draftOf(story),
        expected: { verdict: "broken", fault: "repeated", entry: again.hash },
      };
    },
  },
  listed("a whole log gone", (_, dice, { bundle }) => {
    bundle.logs.splice(dice.between(1, bundle.logs.length - 1), 1);
    return { fault: "tailCut" };
  }),
  listed("the case gone", (_, _dice, { bundle }) => {
    bundle.logs.pop();
    return { fault: "noCase" };
  }),
  listed("another case's name", (_, _dice, draft) => {
    draft.bundle.case = draft.story.world.uuid();
    return { fault: "noCase" };
  }),
  listed("a patient's log beside it", (entries, dice, { bundle }) => {
    const stray = structuredClone(dice.pick(entries));
    bundle.logs.push({ log: `patient/12913/${"a".repeat(36)}`, entries: [stray] });
    return { fault: "otherLog", entry: hashIn(stray) };
  }),
];

const extents: readonly Spoil[] = [
  listed("an extent by another key", async (_, dice, draft) => {
    const { world } = draft.story;
    const signer = dice.pick([makeKey(), world.receipt, world.certificate, world.root]);
    draft.bundle.extent = await extentOf(world, draft.bundle.logs, signer);
    return { fault: "extent" };
  }),
  listed("an extent with another time", (_, _dice, { bundle }) => {
    bundle.extent.text = bundle.extent.text.replace(/"at":"./, '"at":"1');
    return { fault: "extent" };
  }),
  ...(
    [
      ["with a space", (text: string) => `${text} `],
      ["with a name twice", (text: string) => text.replace('"v":1', '"v":1,"v":1')],
      ["of another version", (text: string) => text.replace('"v":1', '"v":2')],
      ["with more", (text: string) => text.replace('"v":1', '"v":1,"w":1')],
      ["with 1.0", (text: string) => text.replace('"v":1', '"v":1.0')],
      ["with seq 0", (text: string) => text.replace(/"seq":\d+/, '"seq":0')],
      ["that is null", () => "null"],
      ["that is empty", () => ""],
    ] as const
  ).map(([name, change]) =>
    listed(`an extent ${name}`, async (_, _dice, { bundle, story }) => {
      bundle.extent.text = change(bundle.extent.text);
      bundle.extent.sig = await signText(story.world.checkpoint, bundle.extent.text);
      return { fault: "extent" };
    }),
  ),
  listed("an extent that names a log less", async (entries, _, { bundle, story }) => {
    const left = bundle.logs.filter((log) => log.entries !== entries);
    bundle.extent = await extentOf(story.world, left);
    return { fault: "otherLog", entry: hashIn(there(entries.at(-1))) };
  }),
  listed("an extent that goes further", async (entries, _, { bundle, story }) => {
    bundle.extent = await extentOf(story.world, bundle.logs);
    entries.pop();
    return { fault: "tailCut", entry: hashIn(there(entries.at(-1))) };
  }),
  listed(
    "an extent that names a log twice, with two ends",
    async (entries, _, { bundle, story }) => {
      const { log } = there(bundle.logs.find((each) => each.entries === entries));
      const twice = [...bundle.logs, { log, entries: entries.slice(0, 1) }];
      bundle.extent = await extentOf(story.world, twice);
      return { fault: "tailCut", entry: hashIn(there(entries.at(-1))) };
    },
  ),
];

/** A bundle with a tree that is not as the others keep it. */
const planted = (
  name: string,
  fault: string,
  change: (
    draft: Draft,
    dice: Dice,
    tree: NonNullable<Draft["bundle"]["tree"]>,
  ) => string | undefined | Promise<string | undefined>,
): Spoil => ({
  name,
  run: async (dice) => {
    const draft = await honestDraft(dice, { withTree: true });
    const entry = await change(draft, dice, there(draft.bundle.tree));
    return {
      draft,
      expected: { verdict: "broken", fault, ...(entry === undefined ? {} : { entry }) },
    };
  },
});

const resigned = (name: string, change: (text: string) => string): Spoil =>
  planted(name, "checkpoint", async ({ story }, _, { checkpoint }) => {
    checkpoint.text = change(checkpoint.text);
    checkpoint.sig = await signText(story.world.checkpoint, checkpoint.text);
    return undefined;
  });

const trees: readonly Spoil[] = [
  planted("a checkpoint back-dated", "checkpointDate", async (draft) => {
    const { world } = draft.story;
    const last = there(caseOf(draft).at(-1)).receipt;
    const at = new Date(Date.parse(last.receivedAt) - 1).toISOString();
    draft.bundle.tree = await plantTree(world, world.leaves, { at });
    return last.entry;
  }),
  planted("a checkpoint that forks", "tree", async (draft, dice, { proofs }) => {
    const { world } = draft.story;
    const forked: Leaf[] = world.leaves.map((leaf) => ({ ...leaf }));
    const at = dice.between(0, forked.length - 1);
    forked[at] = { chain: hashOf(dice.bytes(3)), entry: undefined };
    const other = await plantTree(world, forked);
    draft.bundle.tree = { checkpoint: other.checkpoint, proofs };
    return undefined;
  }),
  planted("a checkpoint of a tree from which an entry was taken", "tree", async (draft) => {
    const { world, log } = draft.story;
    const gone = there(world.logs.get(log)?.at(-1)).hash;
    draft.bundle.tree = await plantTree(
      world,
      world.leaves.filter(({ entry }) => entry !== gone),
    );
    return gone;
  }),
  planted("a checkpoint of an earlier tree", "tree", async (draft, _, { proofs }) => {
    const { world } = draft.story;
    const earlier = await plantTree(world, world.leaves.slice(0, -1));
    draft.bundle.tree = { checkpoint: earlier.checkpoint, proofs };
    return undefined;
  }),
  planted("a checkpoint by another key", "checkpoint", async (draft, dice) => {
    const { world } = draft.story;
    const signer = dice.pick([makeKey(), world.receipt, world.certificate, world.root]);
    draft.bundle.tree = await plantTree(world, world.leaves, { signer });
    return undefined;
  }),
  planted("a checkpoint in another's name", "checkpoint", async (draft, _, { checkpoint }) => {
    checkpoint.sig = await signText(makeKey(), checkpoint.text);
    return undefined;
  }),
  resigned("a checkpoint with a space", (text) => `${text} `),
  resigned("a checkpoint of another version", (text) => text.replace('"v":1', '"v":2')),
  resigned("a checkpoint of size 0", (text) => text.replace(/"size":\d+/, '"size":0')),
  resigned("a checkpoint of size 2^53", (text) =>
    text.replace(/"size":\d+/, '"size":9007199254740992'),
  ),
  resigned("a checkpoint of epoch 0", (text) => text.replace(/"epoch":\d+/, '"epoch":0')),
  resigned("a checkpoint with more", (text) => text.replace('"v":1', '"v":1,"w":1')),
  resigned("a checkpoint whose root has stray bits", (text) =>
    text.replace(/"root":"([^"]*)"/, (_, root: string) => `"root":"${strayBits(root)}"`),
  ),
  planted("a checkpoint signature with stray bits", "checkpoint", (_, _dice, { checkpoint }) => {
    checkpoint.sig = strayBits(checkpoint.sig);
    return undefined;
  }),
  planted("another size of the tree", "tree", async ({ story }, _, { checkpoint }) => {
    checkpoint.text = checkpoint.text.replace(/"size":\d+/, '"size":9007199254740991');
    checkpoint.sig = await signText(story.world.checkpoint, checkpoint.text);
    return undefined;
  }),
  planted("a proof missing", "tree", (_, dice, { proofs }) => {
    const [gone] = proofs.splice(dice.between(0, proofs.length - 1), 1);
    return there(gone).entry;
  }),
  planted("a proof of another place", "tree", (_, dice, { proofs }) => {
    const proof = dice.pick(proofs);
    proof.index += 1;
    return proof.entry;
  }),
  planted("a proof cut", "tree", (_, dice, { proofs }) => {
    const proof = dice.pick(proofs);
    proof.path.pop();
    return proof.entry;
  }),
  planted("a proof with stray bits", "tree", (_, dice, { proofs }) => {
    const proof = dice.pick(proofs.filter(({ path }) => path.length > 0));
    proof.path[0] = strayBits(there(proof.path[0]));
    return proof.entry;
  }),
  planted("a second, wrong proof of one entry", "tree", (_, dice, { proofs }) => {
    const proof = dice.pick(proofs);
    proofs.push({
      ...proof,
      path: proof.path.map(() => toBase64url(dice.bytes(32))),
      index: proof.index + 1,
    });
    return proof.entry;
  }),
];

/** The checkpoint before, which the bundle carries, is not its beginning. */
const since: readonly Spoil[] = (
  [
    [
      "by another key",
      (_, { checkpoint }) => {
        checkpoint.sig = strayBits(checkpoint.sig);
      },
    ],
    [
      "with another root",
      async (world, { checkpoint }) => {
        checkpoint.text = checkpoint.text.replace(/"root":"[^"]*"/, `"root":"${hashOf("x")}"`);
        checkpoint.sig = await signText(world.checkpoint, checkpoint.text);
      },
    ],
    [
      "of another epoch",
      async (world, { checkpoint }) => {
        checkpoint.text = checkpoint.text.replace(/"epoch":\d+/, '"epoch":77');
        checkpoint.sig = await signText(world.checkpoint, checkpoint.text);
      },
    ],
    [
      "that is longer",
      async (world, { checkpoint }) => {
        checkpoint.text = checkpoint.text.replace(/"size":\d+/, '"size":9007199254740991');
        checkpoint.sig = await signText(world.checkpoint, checkpoint.text);
      },
    ],
    [
      "with a step more",
      (_, { path }) => {
        path.push(hashOf("x"));
      },
    ],
    [
      "with stray bits in a step",
      (_, { path }) => {
        path[0] = strayBits(path[0] ?? hashOf("x"));
      },
    ],
  ] satisfies readonly (readonly [
    string,
    (world: World, since: NonNullable<NonNullable<Draft["bundle"]["tree"]>["since"]>) => unknown,
  ])[]
).map(([name, change]) =>
  planted(`the checkpoint before ${name}`, "checkpointSince", async (draft, dice) => {
    const { world } = draft.story;
    const tree = await plantTree(world, world.leaves, {
      since: dice.between(1, world.leaves.length - 1),
    });
    await Promise.resolve(change(world, there(tree.since)));
    draft.bundle.tree = tree;
    return undefined;
  }),
);

/** Others keep another history than the bundle's. */
const forks: readonly Spoil[] = [
  planted("others keep another root of the same size", "fork", async (draft, dice) => {
    const { world } = draft.story;
    const at = dice.between(0, world.leaves.length - 1);
    const other = world.leaves.with(at, { chain: hashOf(dice.bytes(3)), entry: undefined });
    draft.deposits = await layDown(world, other, [world.leaves.length]);
    return undefined;
  }),
  planted("others keep two histories", "fork", async (draft, dice) => {
    const { world } = draft.story;
    const size = world.leaves.length;
    const at = dice.between(0, size - 2);
    const other = world.leaves.with(at, { chain: hashOf(dice.bytes(3)), entry: undefined });
    const before = await layDown(world, other, [size - 1]);
    const after = await layDown(world, world.leaves, [size - 1, size]);
    draft.deposits = [...before, ...after];
    return undefined;
  }),
  planted("others keep one that does not continue the one before", "fork", async (draft, dice) => {
    const { world } = draft.story;
    const size = world.leaves.length;
    const early = dice.between(1, size - 1);
    const [other] = await layDown(
      world,
      world.leaves.with(0, { chain: hashOf(dice.bytes(3)), entry: undefined }),
      [early],
    );
    const [, later] = await layDown(world, world.leaves, [early, size]);
    draft.deposits = [there(other), there(later)];
    return undefined;
  }),
  planted(
    "the one before, that the bundle carries, is not the one that others keep",
    "fork",
    async (draft, dice) => {
      const { world } = draft.story;
      const size = dice.between(1, world.leaves.length - 1);
      draft.bundle.tree = await plantTree(world, world.leaves, { since: size });
      const other = world.leaves.with(0, { chain: hashOf(dice.bytes(3)), entry: undefined });
      draft.deposits = await layDown(world, other, [size]);
      return undefined;
    },
  ),
];

/** A key's entry that came in while no tree was there is placed before its disowning by a tree of a server in wrong hands. */
const backdatedByTree: Spoil = {
  name: "two entries whose places the tree swaps",
  run: async (dice) => {
    const story = await tellStory(dice);
    await writeAs(story, dice.pick(story.people), "note", { text: "một" });
    const draft = await draftOf(story, { withTree: true });
    const tree = there(draft.bundle.tree);
    const [one, other] = [there(tree.proofs.at(-1)), there(tree.proofs.at(-2))];
    [one.index, other.index] = [other.index, one.index];
    return { draft, expected: { verdict: "broken", fault: "tree", entry: one.entry } };
  },
};

/** A case without disowned keys that was put back to a backup once. */
const restored = async (
  dice: Dice,
  state?: (world: World) => Promise<unknown>,
): Promise<{ readonly story: Story; readonly lost: string }> => {
  for (;;) {
    const story = await tellStory(dice);
    if (story.world.earlier.length > 0) continue;
    await writeAs(story, dice.pick(story.people), "note", { text: "trước khi khôi phục" });
    const [first] = await restore(story, state);
    if (first !== undefined) return { story, lost: first.hash };
  }
};

const stated = (name: string, state: (world: World) => Promise<unknown>): Spoil => ({
  name: `received again ${name}`,
  run: async (dice) => {
    const { story, lost } = await restored(dice, state);
    return {
      draft: await draftOf(story),
      expected: { verdict: "broken", fault: "doubled", entry: lost },
    };
  },
});

type Earlier = NonNullable<Draft["bundle"]["earlier"]>;
const earlierSpoil = (
  name: string,
  change: (earlier: Earlier, draft: Draft) => unknown,
): Spoil => ({
  name: `earlier receipt ${name}`,
  run: async (dice) => {
    const { story } = await restored(dice);
    const draft = await draftOf(story);
    await change(there(draft.bundle.earlier), draft);
    return { draft, expected: { verdict: "broken", fault: "earlierReceipt" } };
  },
});

const earlier: readonly Spoil[] = [
  stated("without a word of it", () => Promise.resolve()),
  stated("in the first epoch", (world) => startEpoch(world, 1)),
  stated("with a word of an epoch that is none", (world) =>
    world.write(world.root, "installation", "epochStarted", { epoch: 2.5, reason: "x" }),
  ),
  stated("with a word that says more", (world) =>
    world.write(world.root, "installation", "epochStarted", { epoch: 2, reason: "x", more: 1 }),
  ),
  stated("with a word from before", (world) =>
    world.write(
      world.root,
      "installation",
      "epochStarted",
      { epoch: 2, reason: "x" },
      { receivedAt: "2020-01-01T00:00:00.000Z" },
    ),
  ),
  stated("with a word from after", (world) =>
    world.write(
      world.root,
      "installation",
      "epochStarted",
      { epoch: 2, reason: "x" },
      { receivedAt: "2099-01-01T00:00:00.000Z" },
    ),
  ),
  earlierSpoil("at another time", (all) => {
    there(all.at(-1)).receivedAt = "2020-01-01T00:00:00.000Z";
  }),
  earlierSpoil("with another mark", (all) => there(all[0]).marks.push("gap")),
  earlierSpoil("of an entry that is not here", (all) => {
    there(all[0]).entry = hashOf("nobody's");
  }),
  earlierSpoil("of another log", (all) => {
    there(all[0]).log = "installation";
  }),
  earlierSpoil("signed by a stranger", async (all) => {
    there(all[0]).batch.sig = await signText(makeKey(), "{}");
  }),
  earlierSpoil("with stray bits", (all) => {
    const one = there(all[0]);
    one.chain = strayBits(one.chain);
  }),
  earlierSpoil("told twice", (all) => all.push(structuredClone(there(all[0])))),
  earlierSpoil("whose forerunner is not told", (all) => {
    there(all[0]).seq += 1000;
  }),
  earlierSpoil("that counts now", (all, draft) => {
    all.push(structuredClone(there(caseOf(draft).at(-1)).receipt));
  }),
];

export const receiptSpoils: readonly Spoil[] = [
  ...receipts,
  ...lists,
  ...extents,
  ...trees,
  ...since,
  ...forks,
  ...earlier,
  backdatedByTree,
];
