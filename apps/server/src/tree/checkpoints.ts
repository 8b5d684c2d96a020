import {
  consistencyRanges,
  headOfNodes,
  isContinued,
  makeCheckpoint,
  parseCheckpoint,
  toBase64url,
  type Checkpoint,
  type CheckpointFacts,
} from "@lientuyen/record";
import { sql } from "kysely";
import { errorFields } from "../config/logbook.ts";
import { instant, type Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import { Unavailable } from "../db/unavailable.ts";
import type { Deposits } from "./deposits.ts";
import { nodeReader, sizeOf, TreeBroken } from "./nodes.ts";

export interface SignedTree {
  readonly checkpoint: Checkpoint;
  readonly facts: CheckpointFacts;
}

/** The last that was signed. */
export const latestCheckpoint = async (tx: Tx): Promise<SignedTree | undefined> => {
  const row = await tx
    .selectFrom("checkpoint")
    .select(["text", "key", "sig"])
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  const facts = row === undefined ? undefined : parseCheckpoint(row.text);
  return row === undefined || facts === undefined ? undefined : { checkpoint: row, facts };
};

/** What shows that the tree of `older` leaves is a beginning of that of `size`. @throws TreeBroken */
export const consistencyOf = async (
  core: Core,
  tx: Tx,
  older: number,
  size: number,
): Promise<readonly string[]> => {
  const ranges = consistencyRanges(older, size);
  const { headsOf } = await nodeReader(tx, ranges);
  const { primitives } = core;
  return Promise.all(
    ranges.map(async (range) => toBase64url(await headOfNodes(primitives, range, headsOf(range)))),
  );
};

/** When a new checkpoint is due: the last one is this old, or does not yet hold so many leaves. */
export interface Due {
  readonly olderThanMs: number;
  readonly leaves?: number | undefined;
}

/** One number for everybody who signs. */
const signingLock = 7_105_004;

/** Signs the tree as it stands, where something is new and a checkpoint is due. */
export const signWhenDue = (core: Core, due: Due): Promise<void> =>
  core.database.asSystem(async (tx) => {
    if (!(await isDue(core, tx, due))) return;
    await sql`select pg_advisory_xact_lock(${signingLock})`.execute(tx);
    if (!(await isDue(core, tx, due))) return;
    try {
      await signTree(core, tx);
    } catch (error) {
      if (!(error instanceof TreeBroken)) throw error;
      core.logbook.error("historyChanged");
    }
  });

const isDue = async (core: Core, tx: Tx, due: Due): Promise<boolean> => {
  const last = await latestCheckpoint(tx);
  if (last === undefined) return true;
  // What was signed before a restore says nothing of what came after it.
  if (last.facts.epoch !== (await core.directory.current(tx)).server.epoch) return true;
  if (due.leaves !== undefined && due.leaves > last.facts.size) return true;
  return core.now() - Date.parse(last.facts.at) >= due.olderThanMs;
};

const signTree = async (core: Core, tx: Tx): Promise<void> => {
  const size = await sizeOf(tx);
  const { epoch } = (await core.directory.current(tx)).server;
  const last = await latestCheckpoint(tx);
  if (size === 0) return;
  const whole = { from: 0, to: size };
  const { headsOf } = await nodeReader(tx, [whole]);
  const root = await headOfNodes(core.primitives, whole, headsOf(whole));
  if (last?.facts.root === toBase64url(root) && last.facts.epoch === epoch) return;
  const at = instant(core.now());
  const made = await makeCheckpoint(core.primitives, core.keys.checkpoint, {
    at,
    epoch,
    root,
    size,
  });
  const now = { at, epoch, size, root: toBase64url(root) };
  // It is signed all the same: devices compare for themselves, and a signed contradiction is evidence.
  if (last !== undefined && !(await continues(core, tx, last.facts, now)))
    core.logbook.error("historyChanged");
  await tx
    .insertInto("checkpoint")
    .values({ size, at, ...made })
    .execute();
};

const continues = async (
  core: Core,
  tx: Tx,
  last: CheckpointFacts,
  now: CheckpointFacts,
): Promise<boolean> => {
  if (last.size > now.size) return false;
  try {
    const path = await consistencyOf(core, tx, last.size, now.size);
    return await isContinued(core.primitives, last, now, path);
  } catch (error) {
    if (error instanceof TreeBroken) return false;
    throw error;
  }
};

const hourMs = 3_600_000;
const lookMs = 60_000;

/** Notes entries that are gone while their place in the tree is still there: no checkpoint would show that. */
export const noteGone = async (core: Core): Promise<void> => {
  const count = await core.database.asSystem(async (tx) => {
    const { rows } = await sql<{ gone: number }>`
      select count(*) as gone from tree_leaf l
        where not exists (select 1 from entry e where e.hash = l.entry)`.execute(tx);
    return rows[0]?.gone ?? 0;
  });
  if (count > 0) core.logbook.error("historyChanged", { count });
};

const layDown = async (core: Core, deposits: Deposits, place: number): Promise<void> => {
  try {
    await deposits.catchUp();
    core.deposits.note(place, true);
  } catch (error) {
    if (error instanceof Unavailable) return;
    core.deposits.note(place, false);
    core.logbook.error("depositFailed", { ...errorFields(error), place: deposits.kind });
  }
};

/**
 * Looks every minute whether the hour's checkpoint is due and lays down elsewhere what was signed, and every
 * hour whether what the tree names is there.
 */
export const startCheckpoints = (
  core: Core,
  deposits: readonly Deposits[],
): { readonly close: () => Promise<void> } => {
  let running: Promise<void> = Promise.resolve();
  let looks = 0;
  const round = async (): Promise<void> => {
    try {
      await signWhenDue(core, { olderThanMs: hourMs });
      if (looks % (hourMs / lookMs) === 0) await noteGone(core);
      looks += 1;
    } catch (error) {
      if (!(error instanceof Unavailable))
        core.logbook.error("checkpointFailed", errorFields(error));
    }
    // One place that is away keeps nothing from the others.
    await Promise.all(deposits.map((each, place) => layDown(core, each, place)));
  };
  const look = (): void => {
    running = running.then(round);
  };
  const timer = setInterval(look, lookMs);
  timer.unref();
  look();
  return {
    close: async () => {
      clearInterval(timer);
      await running;
    },
  };
};
