import { setTimeout as wait } from "node:timers/promises";
import { MemoryLocker, type Lock, type Locker, type RequestRelease } from "@tus/server";
import pg from "pg";
import { isUnavailable } from "../db/unavailable.ts";
import { Failure } from "../http/failure.ts";

/*
 * One upload, one writer, whichever process the sender has reached: a PostgreSQL advisory lock for each upload under
 * way, all of a process on one connection of its own. A process that dies lets go of all of them with its connection.
 */

export interface UploadLocks extends Locker {
  /** Runs `work` while nobody else writes to the upload. @throws Failure unavailable */
  readonly holding: <T>(id: string, work: () => Promise<T>) => Promise<T>;
  /** Twice is fine. */
  readonly close: () => Promise<void>;
}

/** First of the two numbers of each lock; the second is the upload's. */
const space = 7_105_006;
const channel = "lientuyen_upload";
const patienceMs = 30_000;
const pauseMs = 40;

/** Locks that this process holds, by upload; each with the way to ask its holder to let go. */
type Held = Map<string, RequestRelease>;

interface Session {
  /** False where another process holds it; that one is asked to let go. */
  readonly take: (id: string) => Promise<boolean>;
  readonly letGo: (id: string) => Promise<void>;
  readonly end: () => Promise<void>;
}

export const openUploadLocks = (databaseUrl: string): UploadLocks => {
  // Within the process: a session of PostgreSQL would give itself the same lock twice.
  const own = new MemoryLocker({ acquireLockTimeout: patienceMs });
  const held: Held = new Map();
  let session: Promise<Session> | undefined;
  const connected = (): Promise<Session> => {
    session ??= openSession(databaseUrl, held, () => (session = undefined));
    return session;
  };
  const newLock = (id: string): Lock => lockOf(own.newLock(id), id, held, connected);
  return {
    newLock,
    holding: async (id, work) => {
      const lock = newLock(id);
      await lock.lock(new AbortController().signal, () => undefined);
      try {
        return await work();
      } finally {
        await lock.unlock();
      }
    },
    close: async () => {
      const open = await session?.catch(() => undefined);
      await open?.end();
    },
  };
};

const lockOf = (inner: Lock, id: string, held: Held, connected: () => Promise<Session>): Lock => ({
  lock: async (signal, release) => {
    await inner.lock(signal, release);
    try {
      await takeFromOthers(id, signal, connected);
      held.set(id, release);
    } catch (error) {
      await inner.unlock();
      throw isUnavailable(error) ? new Failure("unavailable") : error;
    }
  },
  unlock: async () => {
    held.delete(id);
    // Where the connection is gone, the lock went with it.
    await connected()
      .then((session) => session.letGo(id))
      .catch(() => undefined);
    await inner.unlock();
  },
});

/** @throws Failure unavailable where another process does not let go in time */
const takeFromOthers = async (
  id: string,
  signal: AbortSignal,
  connected: () => Promise<Session>,
): Promise<void> => {
  const until = performance.now() + patienceMs;
  while (!(await (await connected()).take(id))) {
    if (signal.aborted || performance.now() > until) throw new Failure("unavailable");
    await wait(pauseMs);
  }
};

const openSession = async (databaseUrl: string, held: Held, gone: () => void): Promise<Session> => {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: "lientuyen uploads",
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
  });
  client.on("error", () => undefined);
  client.on("end", () => {
    gone();
    // Another process may write now: whoever wrote under these locks stops.
    for (const release of held.values()) void release();
    held.clear();
  });
  client.on("notification", ({ payload = "" }) => void held.get(payload)?.());
  try {
    await client.connect();
    await client.query(`listen ${channel}`);
  } catch (error) {
    gone();
    client.end().catch(() => undefined);
    throw error;
  }
  // One connection, one query at a time.
  let last: Promise<unknown> = Promise.resolve();
  const ask = <Row extends pg.QueryResultRow>(text: string, values: unknown[]) => {
    const answer = last.then(() => client.query<Row>(text, values));
    last = answer.catch(() => undefined);
    return answer;
  };
  return {
    take: async (id) => {
      const { rows } = await ask<{ taken: boolean }>(
        "select pg_try_advisory_lock($1, hashtext($2)) as taken",
        [space, id],
      );
      if (rows[0]?.taken === true) return true;
      await ask("select pg_notify($1, $2)", [channel, id]);
      return false;
    },
    letGo: async (id) => {
      await ask("select pg_advisory_unlock($1, hashtext($2))", [space, id]);
    },
    end: () => client.end().catch(() => undefined),
  };
};
