import { Session, type Happening, type Session as State } from "@lientuyen/session";
import * as v from "valibot";
import type { Core } from "../core.ts";
import type { Tx } from "../db/database.ts";

export interface StoredSession {
  readonly session: string;
  readonly log: string;
  readonly state: State;
  /** Of a planned one; undefined: it began when it was opened. */
  readonly startsAtMs?: number | undefined;
}

const columns = ["id", "log", "state", "starts_at_ms"] as const;
const read = (row: {
  readonly id: string;
  readonly log: string;
  readonly state: string;
  readonly starts_at_ms: number | null;
}): StoredSession => ({
  session: row.id,
  log: row.log,
  state: v.parse(Session, JSON.parse(row.state)),
  startsAtMs: row.starts_at_ms ?? undefined,
});

/** Undefined: none that this transaction's facility may see. */
export const findLiveSession = async (tx: Tx, id: string): Promise<StoredSession | undefined> => {
  const row = await tx
    .selectFrom("live_session")
    .select(columns)
    .where("id", "=", id)
    .executeTakeFirst();
  return row === undefined ? undefined : read(row);
};

/** The same, kept from everybody else until the transaction ends. */
export const takeLiveSession = async (tx: Tx, id: string): Promise<StoredSession | undefined> => {
  const row = await tx
    .selectFrom("live_session")
    .select(columns)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? undefined : read(row);
};

export const listOpenSessions = async (tx: Tx): Promise<readonly StoredSession[]> => {
  const rows = await tx
    .selectFrom("live_session")
    .select(columns)
    .where("ended", "=", false)
    .orderBy("id")
    .execute();
  return rows.map(read);
};

/** Open ones, and those that ended not longer ago than a token lives. */
export const listSessionsToWatch = async (
  tx: Tx,
  endedSinceMs: number,
): Promise<readonly StoredSession[]> => {
  const rows = await tx
    .selectFrom("live_session")
    .select(columns)
    .where((it) => it.or([it("ended", "=", false), it("changed_at_ms", ">", endedSinceMs)]))
    .execute();
  return rows.map(read);
};

/** False: the case has an open one already; a planned one is always added. */
export const addLiveSession = async (
  core: Core,
  tx: Tx,
  { session, log, state, startsAtMs }: StoredSession,
): Promise<boolean> => {
  const added = await tx
    .insertInto("live_session")
    .values({
      id: session,
      log,
      state: JSON.stringify(state),
      changed_at_ms: core.now(),
      starts_at_ms: startsAtMs ?? null,
    })
    .onConflict((it) => it.doNothing())
    .executeTakeFirst();
  return added.numInsertedOrUpdatedRows === 1n;
};

export const saveLiveSession = async (
  core: Core,
  tx: Tx,
  { session, state }: StoredSession,
  happened: readonly Happening[],
): Promise<void> => {
  await tx
    .updateTable("live_session")
    .set({
      state: JSON.stringify(state),
      ended: state.phase === "ended",
      changed_at_ms: core.now(),
    })
    .where("id", "=", session)
    .execute();
  if (happened.length === 0) return;
  await tx
    .insertInto("live_happening")
    .values(happened.map((each) => ({ session, at_ms: core.now(), what: JSON.stringify(each) })))
    .execute();
};
