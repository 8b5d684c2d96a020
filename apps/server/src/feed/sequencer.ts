import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import type { Logbook } from "../config/logbook.ts";
import { errorFields } from "../config/logbook.ts";
import type { Database, Tx } from "../db/database.ts";
import { Unavailable } from "../db/unavailable.ts";
import { addLeaves, lockGrowth, type NewLeaf } from "../tree/leaves.ts";

/**
 * Numbers what was committed, one process at a time (advisory lock): whoever has read up to a position
 * has missed nothing below it, however many writers commit at once. In the same order every entry becomes a leaf
 * of the receipts' tree, once.
 */
export interface Sequencer {
  readonly wake: () => void;
  /** Resolves when everything committed before the call is numbered. */
  readonly settle: () => Promise<void>;
  /** Twice is fine; waits for a round under way. */
  readonly close: () => Promise<void>;
}

/** Another process may have died between its commit and its wake. */
const pollMs = 1_000;
/** Under load a round numbers what has gathered for so long; whoever comes after a rest is numbered at once. */
const paceMs = 50;

export const startSequencer = (database: Database, logbook: Logbook): Sequencer => {
  const state = { closed: false, wanted: false };
  let running: Promise<void> | undefined;
  const rounds = async (): Promise<void> => {
    while (state.wanted && !state.closed) {
      state.wanted = false;
      const paced = wait(paceMs);
      try {
        await database.asSystem((tx) => numberPending(tx, logbook));
      } catch (error) {
        if (!(error instanceof Unavailable)) logbook.error("sequencerFailed", errorFields(error));
        return;
      }
      await paced;
    }
  };
  const wake = (): void => {
    state.wanted = true;
    running ??= rounds().finally(() => {
      running = undefined;
      if (state.wanted && !state.closed) setTimeout(wake, 50).unref();
    });
  };
  const timer = setInterval(wake, pollMs);
  timer.unref();
  wake();
  return {
    wake,
    settle: () => database.asSystem((tx) => numberPending(tx, logbook)),
    close: async () => {
      state.closed = true;
      clearInterval(timer);
      await running;
    },
  };
};

const numberPending = async (tx: Tx, logbook: Logbook): Promise<void> => {
  const { rows } = await sql<{
    waiting: boolean;
  }>`select exists (select 1 from feed_pending) as waiting`.execute(tx);
  if (rows[0]?.waiting !== true) return;
  await lockGrowth(tx);
  // What is numbered now is found by key, however few rows the planner has counted: not by reading everything.
  await sql`set local enable_seqscan = off`.execute(tx);
  const { rows: numbered } = await sql<{ first: number }>`
    with moved as (delete from feed_pending returning id, facility, entry),
    placed as (
      insert into feed (position, facility, entry)
        select nextval('feed_position'), o.facility, o.entry from (select * from moved order by id) o
        returning facility, position)
    select min(position) as first, pg_notify('lientuyen_feed', facility || ' ' || max(position))
      from placed group by facility`.execute(tx);
  if (numbered.length === 0) return;
  const whole = await growFrom(tx, Math.min(...numbered.map(({ first }) => first)));
  if (!whole) logbook.error("historyChanged");
};

/** Leaves for the entries from this position on that are none yet: others have come into one more facility's feed. */
const growFrom = async (tx: Tx, first: number): Promise<boolean> => {
  const { rows } = await sql<NewLeaf>`
    select e.hash, e.chain from feed f join entry e on e.hash = f.entry
      where f.position >= ${first} and not exists (select 1 from tree_leaf l where l.entry = f.entry)
      group by e.hash, e.chain order by min(f.position)`.execute(tx);
  return addLeaves(tx, rows);
};
