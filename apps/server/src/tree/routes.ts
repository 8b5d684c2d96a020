import { headOfNodes, inclusionRanges, toBase64url } from "@lientuyen/record";
import { demandAccess } from "../cases/routes.ts";
import type { Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import { Failure } from "../http/failure.ts";
import type { Handlers } from "../http/register.ts";
import { consistencyOf, latestCheckpoint, signWhenDue, type SignedTree } from "./checkpoints.ts";
import { nodeReader, TreeBroken } from "./nodes.ts";

/** Whoever asks gets one no older than this, if anything is new. */
const freshMs = 5 * 60_000;

export const treeHandlers = (core: Core): Pick<Handlers, "checkpoint" | "caseProofs"> => ({
  checkpoint: async ({ session, input }) => {
    await signWhenDue(core, { olderThanMs: freshMs });
    const since = Number(input.since ?? 0);
    return core.database.asFacility(session.facility, async (tx) => {
      const { checkpoint, facts } = await demandCheckpoint(tx);
      if (since < 1 || since > facts.size) return { checkpoint };
      const path = await orNothing(() => consistencyOf(core, tx, since, facts.size));
      return path === undefined ? { checkpoint } : { checkpoint, path: [...path] };
    });
  },
  caseProofs: async ({ session, params }) => {
    const log = `case/${params.case}`;
    const { facility } = session;
    const leaves = await core.database.asFacility(facility, async (tx) => {
      await demandAccess(tx, log, facility);
      return leavesOf(tx, log);
    });
    const end = Math.max(0, ...leaves.map(({ index }) => index + 1));
    await signWhenDue(core, { olderThanMs: freshMs, leaves: end });
    return core.database.asFacility(facility, async (tx) => {
      const { checkpoint, facts } = await demandCheckpoint(tx);
      const within = leaves.filter(({ index }) => index < facts.size);
      const proofs = await orNothing(() => proofsOf(core, tx, within, facts.size));
      return { checkpoint, proofs: [...(proofs ?? [])] };
    });
  },
});

/** @throws Failure unavailable: nothing has been numbered yet. */
const demandCheckpoint = async (tx: Tx): Promise<SignedTree> => {
  const last = await latestCheckpoint(tx);
  if (last === undefined) throw new Failure("unavailable");
  return last;
};

interface Leaf {
  readonly entry: string;
  readonly index: number;
}

const leavesOf = (tx: Tx, log: string): Promise<readonly Leaf[]> =>
  tx
    .selectFrom("tree_leaf")
    .innerJoin("entry", "entry.hash", "tree_leaf.entry")
    .select(["tree_leaf.entry", "tree_leaf.index"])
    .where("entry.log", "=", log)
    .orderBy("tree_leaf.index")
    .execute();

const proofsOf = async (core: Core, tx: Tx, leaves: readonly Leaf[], size: number) => {
  const wanted = leaves.map((leaf) => ({ ...leaf, ranges: inclusionRanges(leaf.index, size) }));
  const { headsOf } = await nodeReader(
    tx,
    wanted.flatMap(({ ranges }) => ranges),
  );
  return Promise.all(
    wanted.map(async ({ entry, index, ranges }) => {
      const heads = ranges.map((range) => headOfNodes(core.primitives, range, headsOf(range)));
      return { entry, index, path: (await Promise.all(heads)).map(toBase64url) };
    }),
  );
};

/** A tree that somebody cut proves nothing: what is asked for stays unproven, and the asker sees that. */
const orNothing = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TreeBroken) return undefined;
    throw error;
  }
};
