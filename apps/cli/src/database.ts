import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { PostgresFailure, startPostgres, type Postgres } from "@lientuyen/postgres";
import pg from "pg";
import * as v from "valibot";
import { Failure, type FailureReason } from "./failure.ts";
import type { DataFolder } from "./folder/dataFolder.ts";
import { isCode, keepSecret } from "./folder/secretFile.ts";
import { progress } from "./words.ts";
import { say } from "./progress.ts";

export interface OpenDatabase {
  /** What the server signs in with. */
  readonly url: string;
  /** Allowed to make roles and tables, where that is another login. */
  readonly adminUrl: string | undefined;
  /** Forgets everything: a first start that was cut off begins anew. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const Passwords = v.object({ owner: v.string(), login: v.string() });
type Passwords = v.InferOutput<typeof Passwords>;
const name = "lientuyen";
const login = "lientuyen_login";

const readPasswords = async (folder: DataFolder): Promise<Passwords> => {
  const make = (): string => randomBytes(24).toString("base64url");
  const text = await keepSecret(folder.secrets, "database.json", () =>
    JSON.stringify({ owner: make(), login: make() }),
  );
  return v.parse(Passwords, JSON.parse(text));
};

const query = async (url: string, work: (client: pg.Client) => Promise<void>): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
};

/** A login without rights of its own, for the server, and an empty database; both only where they are not there. */
const ensureDatabase = (ownerUrl: string, passwords: Passwords): Promise<void> =>
  query(ownerUrl, async (client) => {
    const { rowCount: roles } = await client.query("select 1 from pg_roles where rolname = $1", [
      login,
    ]);
    if (roles === 0)
      await client.query(
        `create role ${login} login noinherit password ${pg.escapeLiteral(passwords.login)}`,
      );
    const { rowCount: databases } = await client.query(
      "select 1 from pg_database where datname = $1",
      [name],
    );
    if (databases === 0) await client.query(`create database ${name}`);
  });

const urlOf = (user: string, password: string, port: number): string =>
  `postgres://${user}:${password}@127.0.0.1:${port}/${name}`;

const pauseMs = 1_000;

/** Keeps PostgreSQL up at one address; the server answers 503 meanwhile and finds it again by itself. */
const supervise = (
  first: Postgres,
  restart: () => Promise<Postgres>,
): { readonly close: () => Promise<void> } => {
  let current = first;
  let closing = false;
  const watch = async (): Promise<void> => {
    for (;;) {
      await current.ended;
      if (closing) return;
      say(progress.databaseGone);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (closing) return;
      current = await restart().catch(() => current);
    }
  };
  void watch();
  return {
    close: async () => {
      closing = true;
      await current.close();
    },
  };
};

const embedded = async (folder: DataFolder): Promise<OpenDatabase> => {
  const passwords = await readPasswords(folder);
  const options = { folder: folder.path, password: passwords.owner };
  const first = await startPostgres(options);
  const { close } = supervise(first, () => startPostgres({ ...options, port: first.port }));
  await ensureDatabase(first.url, passwords);
  return {
    url: urlOf(login, passwords.login, first.port),
    adminUrl: urlOf(name, passwords.owner, first.port),
    reset: async () => {
      await query(first.url, async (client) => {
        await client.query(`drop database if exists ${name} with (force)`);
      });
      await ensureDatabase(first.url, passwords);
    },
    close,
  };
};

/** The fourth line of postmaster.pid is the port. Undefined where no PostgreSQL of ours runs on the folder. */
const portIn = (folder: DataFolder): number | undefined => {
  try {
    const lines = readFileSync(path.join(folder.path, "postgres", "postmaster.pid"), "utf8");
    return Number(lines.split("\n")[3]);
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
};

/** The database of a server that runs already: its own PostgreSQL, or the one that DATABASE_URL names. */
export const findDatabase = async (
  folder: DataFolder,
  databaseUrl: string | undefined,
): Promise<Pick<OpenDatabase, "url" | "adminUrl">> => {
  if (databaseUrl !== undefined) return external(databaseUrl, folder);
  const port = portIn(folder);
  if (port === undefined) throw new Failure({ code: "databaseElsewhere", folder: folder.path });
  const passwords = await readPasswords(folder);
  return {
    url: urlOf(login, passwords.login, port),
    adminUrl: urlOf(name, passwords.owner, port),
  };
};

/** Somebody's own PostgreSQL: nothing there is ever dropped by this program. */
const external = (url: string, folder: DataFolder): OpenDatabase => ({
  url,
  adminUrl: process.env["ADMIN_DATABASE_URL"],
  reset: () =>
    query(url, async (client) => {
      const { rows } = await client.query<{ there: boolean }>(
        "select to_regclass('lientuyen.migration') is not null as there",
      );
      if (rows[0]?.there === true)
        throw new Failure({ code: "databaseHoldsOthers", folder: folder.path });
    }).catch((error: unknown) => {
      if (error instanceof Failure) throw error;
      const detail = error instanceof Error ? error.message : "";
      throw new Failure({ code: "databaseNotReached", detail });
    }),
  close: () => Promise.resolve(),
});

const reasonOf = (error: PostgresFailure, folder: DataFolder): FailureReason => {
  switch (error.code) {
    case "diskFull":
      return { code: "diskFull", folder: folder.path };
    case "otherVersion":
      return { code: "databaseOtherVersion", found: error.message };
    case "noAccount":
      return { code: "noAccount", detail: error.message };
    case "unsupported":
      return { code: "unsupported", machine: error.message };
    case "failed":
      return {
        code: "databaseFailed",
        log: path.join(folder.path, "postgres.log"),
        detail: error.message,
      };
  }
};

export const openDatabase = async (
  folder: DataFolder,
  databaseUrl: string | undefined,
): Promise<OpenDatabase> => {
  if (databaseUrl !== undefined) return external(databaseUrl, folder);
  try {
    return await embedded(folder);
  } catch (error) {
    throw error instanceof PostgresFailure ? new Failure(reasonOf(error, folder)) : error;
  }
};
