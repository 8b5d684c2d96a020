import { existsSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { migrate } from "@lientuyen/server";
import pg from "pg";
import * as v from "valibot";
import type { OpenDatabase } from "../database.ts";
import { Failure } from "../failure.ts";
import { writeSecretly } from "../folder/secretFile.ts";
import { restoreMark } from "../folder/restoreMark.ts";
import { tableFile } from "./backup.ts";
import type { Manifest } from "./manifest.ts";
import { fillTable, loosened, setSequences } from "./tables.ts";

export interface Replacement {
  readonly database: Pick<OpenDatabase, "url" | "adminUrl">;
  /** The data folder, which says that a restore is under way. */
  readonly folder: string;
  /** The backup. */
  readonly source: string;
  readonly manifest: Manifest;
}

/**
 * Puts the backup's tables in the place of the present ones, which are kept under another schema's name. Until `finish`
 * has come to its end no server starts on the folder; where anything fails, what was there is there again.
 * @returns the schema that holds what was replaced
 */
export const replaceDatabase = async (
  given: Replacement,
  finish: () => Promise<void>,
): Promise<string | undefined> => {
  const client = await connect(given.database.adminUrl ?? given.database.url);
  try {
    await demandAlone(client);
    const mark = await begin(client, given.folder);
    try {
      await load(client, given);
      await finish();
    } catch (error) {
      await takeBack(client, mark);
      rmSync(restoreMark(given.folder), { force: true });
      throw error;
    }
    rmSync(restoreMark(given.folder));
    return mark.aside;
  } finally {
    await client.end();
  }
};

const connect = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect().catch((error: unknown) => {
    const detail = error instanceof Error ? error.message : "";
    throw new Failure({ code: "databaseNotReached", detail });
  });
  return client;
};

const patienceMs = 5_000;
const pauseMs = 200;

/** Another machine's server may work on the same database; one that has just ended is still leaving. */
const demandAlone = async (client: pg.Client): Promise<void> => {
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    const { rows } = await client.query<{ others: number }>(
      `select count(*)::int as others from pg_stat_activity
         where datname = current_database() and application_name like 'lientuyen %'`,
    );
    if (rows[0]?.others === 0) return;
    if (waitedMs >= patienceMs) throw new Failure({ code: "serverConnected" });
    await wait(pauseMs);
  }
};

const Mark = v.object({ aside: v.optional(v.pipe(v.string(), v.regex(/^lientuyen_before_\d+$/))) });
type Mark = v.InferOutput<typeof Mark>;

const isThere = async (client: pg.Client, schema: string): Promise<boolean> => {
  const { rowCount } = await client.query("select 1 from pg_namespace where nspname = $1", [
    schema,
  ]);
  return rowCount === 1;
};

/** Moves the present tables aside. One that was cut off goes on with what it had moved. */
const begin = async (client: pg.Client, folder: string): Promise<Mark> => {
  const file = restoreMark(folder);
  const left = existsSync(file) ? v.parse(Mark, JSON.parse(readFileSync(file, "utf8"))) : undefined;
  if (left !== undefined) await takeBack(client, left);
  const there = await isThere(client, "lientuyen");
  const stamp = new Date().toISOString().replaceAll(/\D/g, "");
  const mark: Mark = there ? { aside: `lientuyen_before_${stamp}` } : {};
  writeSecretly(file, JSON.stringify(mark));
  if (mark.aside !== undefined)
    await client.query(`alter schema lientuyen rename to ${mark.aside}`);
  return mark;
};

const takeBack = async (client: pg.Client, { aside }: Mark): Promise<void> => {
  await client.query("rollback");
  if (aside === undefined) await client.query("drop schema if exists lientuyen cascade");
  else if (await isThere(client, aside)) {
    await client.query("drop schema if exists lientuyen cascade");
    await client.query(`alter schema ${aside} rename to lientuyen`);
  }
};

const load = async (
  client: pg.Client,
  { database, source, manifest }: Replacement,
): Promise<void> => {
  const { url, adminUrl } = database;
  const login = decodeURIComponent(new URL(url).username) || undefined;
  await migrate(adminUrl ?? url, adminUrl === undefined ? undefined : login, 0, manifest.schema);
  await client.query("begin");
  await client.query("set local search_path = lientuyen");
  // Filled from nothing: what a migration has put there is in the backup too.
  await client.query("delete from directory_state");
  await loosened(client, async () => {
    for (const table of manifest.tables) {
      const rows = await fillTable(client, table, tableFile(source, table.name));
      if (rows !== table.rows)
        throw new Failure({ code: "backupDamaged", file: tableFile(source, table.name) });
    }
    for (const { log, hash } of manifest.missing)
      await client.query("delete from file where log = $1 and hash = $2", [log, hash]);
  });
  await setSequences(client);
  await client.query("commit");
};
