import { readdir, readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { CannotStart } from "../config/cannotStart.ts";
import { isUnavailable } from "./unavailable.ts";

const folder = new URL("./migrations/", import.meta.url);
/** One number for everybody who migrates this database. */
const migrationLock = 7_105_001;
const roles = ["lientuyen_app", "lientuyen_system", "lientuyen_withholder"] as const;

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/**
 * Brings the database forward to this program's schema; never back.
 * `databaseUrl` must be allowed to create roles and tables until everything is applied, afterwards any login does.
 * @param appLogin a less privileged login that the server itself will use; it is given the application's roles.
 * @param waitMs how long a PostgreSQL that is away is waited for.
 * @param upTo the last migration to apply: a backup is loaded into the schema that it was made of.
 * @throws CannotStart when the database is of a newer program, cannot be reached, or lacks a privilege.
 */
export const migrate = async (
  databaseUrl: string,
  appLogin?: string,
  waitMs = 0,
  upTo = Infinity,
): Promise<void> => {
  const client = await connect(databaseUrl, waitMs);
  try {
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    await bringForward(client, appLogin, upTo);
  } catch (error) {
    if (isUnavailable(error)) throw new CannotStart("PostgreSQL cannot be reached.");
    if (error instanceof pg.DatabaseError && error.code === "42501") {
      throw new CannotStart(
        "The database login may not create tables and roles; give one that may as ADMIN_DATABASE_URL.",
      );
    }
    throw error;
  } finally {
    await client.end();
  }
};

const retryMs = 250;

/** By the machine's own monotonic clock: nothing but this wait depends on it. */
const connect = async (databaseUrl: string, waitMs: number): Promise<pg.Client> => {
  const began = performance.now();
  for (;;) {
    const client = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: 5_000,
    });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (!isUnavailable(error)) throw notOpened(error);
      if (performance.now() - began > waitMs)
        throw new CannotStart("PostgreSQL cannot be reached.");
    }
    await setTimeout(retryMs);
  }
};

const notOpened = (error: unknown): unknown =>
  error instanceof pg.DatabaseError
    ? new CannotStart("PostgreSQL refuses the login or has no such database.")
    : error;

const bringForward = async (
  client: pg.Client,
  appLogin: string | undefined,
  upTo: number,
): Promise<void> => {
  const { rows: version } = await client.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version",
  );
  if ((version[0]?.version ?? 0) < 160_000)
    throw new CannotStart("PostgreSQL 16 or newer is needed.");
  const known = await migrations();
  const applied = await appliedNumbers(client);
  const newest = Math.max(0, ...applied);
  // Not how many: a number that was kept for a step may be left out.
  const ours = Math.max(0, ...known.map(({ number }) => number));
  if (newest > ours) {
    throw new CannotStart(
      `The data was made by a newer version of Liên Tuyến (schema ${newest}, this program knows ${ours}); start that version.`,
    );
  }
  const waiting = known.filter(({ number }) => number <= upTo && !applied.has(number));
  if (waiting.length === 0) return;
  await makeRoles(client, appLogin);
  for (const each of waiting) await apply(client, each);
};

const migrations = async (): Promise<readonly Migration[]> => {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_[a-z]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({
      number: Number(name.slice(0, 4)),
      name,
      sql: await readFile(new URL(name, folder), "utf8"),
    })),
  );
};

const appliedNumbers = async (client: pg.Client): Promise<ReadonlySet<number>> => {
  const { rows: found } = await client.query<{ there: boolean }>(
    "select to_regclass('lientuyen.migration') is not null as there",
  );
  if (found[0]?.there !== true) return new Set();
  const { rows } = await client.query<{ number: number }>("select number from lientuyen.migration");
  return new Set(rows.map((row) => row.number));
};

/** Roles belong to the whole cluster: another database of it may make them at the same moment. */
const makeRoles = async (client: pg.Client, appLogin: string | undefined): Promise<void> => {
  for (const role of roles) {
    await client.query(
      `do $$ begin create role ${role} nologin; exception when duplicate_object or unique_violation then null; end $$`,
    );
  }
  const logins = [
    pg.escapeIdentifier(
      (await client.query<{ name: string }>("select current_user::text as name")).rows[0]?.name ??
        "",
    ),
  ];
  if (appLogin !== undefined) logins.push(pg.escapeIdentifier(appLogin));
  for (const login of new Set(logins)) await grantRoles(client, login);
};

const grantRoles = async (client: pg.Client, login: string): Promise<void> => {
  for (const role of roles) {
    // Several databases of one cluster may be migrated at once: the same grant twice at the same time is one grant.
    await client.query(
      `do $$ begin grant ${role} to ${login} with inherit false, set true; exception when unique_violation or internal_error then null; end $$`,
    );
  }
};

const apply = async (client: pg.Client, migration: Migration): Promise<void> => {
  await client.query("begin");
  try {
    if (migration.number === 1) await makeSchema(client);
    await client.query("set local search_path = lientuyen");
    // Functions are handed to roles that may create nothing afterwards.
    await client.query(
      "grant create on schema lientuyen to lientuyen_system, lientuyen_withholder",
    );
    await client.query(migration.sql);
    await client.query(
      "revoke create on schema lientuyen from lientuyen_system, lientuyen_withholder",
    );
    await client.query("insert into migration (number, name) values ($1, $2)", [
      migration.number,
      migration.name,
    ]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
};

const makeSchema = async (client: pg.Client): Promise<void> => {
  await client.query("create schema lientuyen");
  await client.query(
    "grant usage on schema lientuyen to lientuyen_app, lientuyen_system, lientuyen_withholder",
  );
  await client.query(
    "create table lientuyen.migration (number integer primary key, name text not null, applied_at timestamptz not null default now())",
  );
  await client.query("grant select on lientuyen.migration to lientuyen_app, lientuyen_system");
};
