import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import pg from "pg";
import type { Tables } from "./tables.ts";
import { isUnavailable, Unavailable } from "./unavailable.ts";

export type Tx = Transaction<Tables>;

/** The database as the program may touch it: always in a transaction, always in one of two roles. */
export interface Database {
  /** As the application's role; row-level security shows what `facility` may see. */
  readonly asFacility: <T>(facility: string, work: (tx: Tx) => Promise<T>) => Promise<T>;
  /** As the server itself: sign-in, sequencer, server-signed entries. Never on behalf of a request's wishes. */
  readonly asSystem: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  /** One statement that is a transaction of its own; as the application it says itself for which facility. */
  readonly ask: <Row extends pg.QueryResultRow>(
    role: "application" | "system",
    statement: Statement,
  ) => Promise<readonly Row[]>;
  /** Twice is fine. */
  readonly close: () => Promise<void>;
}

/** Prepared once on each connection, under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** bigint: positions and counters are safe integers by schema. */
const int8 = 20;
const types = new pg.TypeOverrides();
types.setTypeParser(int8, Number);

const openPool = (
  databaseUrl: string,
  role: string,
  max: number,
  more: string,
): { pool: pg.Pool; db: Kysely<Tables> } => {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    options: `-c role=${role} -c search_path=lientuyen -c statement_timeout=30000 -c idle_in_transaction_session_timeout=30000 ${more}`,
    application_name: `lientuyen ${role}`,
    types,
  });
  // An idle connection that breaks is replaced by the pool at the next use.
  pool.on("error", () => undefined);
  // One that breaks between two queries of a transaction says so to nobody: the next query fails, the process lives.
  pool.on("connect", (client) => void client.on("error", () => undefined));
  return { pool, db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }) };
};

/**
 * What the application asks for is found by key, whatever has been counted so far: a plan that was made while a table
 * was empty reads all of it until the next ANALYZE, and gets slower with every entry.
 */
const byKey = "-c enable_seqscan=off";

export const openDatabase = (databaseUrl: string, connections: number): Database => {
  const app = openPool(databaseUrl, "lientuyen_app", connections, byKey);
  const system = openPool(
    databaseUrl,
    "lientuyen_system",
    Math.max(2, Math.ceil(connections / 2)),
    "",
  );
  let closing: Promise<void> | undefined;
  return {
    asFacility: (facility, work) =>
      mindful(() =>
        app.db.transaction().execute(async (tx) => {
          await sql`select set_config('lientuyen.facility', ${facility}, true)`.execute(tx);
          return work(tx);
        }),
      ),
    asSystem: (work) => mindful(() => system.db.transaction().execute(work)),
    ask: <Row extends pg.QueryResultRow>(
      role: "application" | "system",
      { name, text, values }: Statement,
    ) =>
      mindful(async () => {
        const { pool } = role === "system" ? system : app;
        return (await pool.query<Row>({ name, text, values: [...values] })).rows;
      }),
    close: () =>
      (closing ??= Promise.all([app.db.destroy(), system.db.destroy()]).then(() => undefined)),
  };
};

/** Whatever means "PostgreSQL is away" leaves here under one name. */
const mindful = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (isUnavailable(error)) throw new Unavailable();
    throw error;
  }
};
