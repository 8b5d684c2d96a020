import { existsSync, readdirSync } from "node:fs";
import { copyFile, mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import type { Settings } from "../environment.ts";
import { Failure } from "../failure.ts";
import type { DataFolder } from "../folder/dataFolder.ts";
import { during, say } from "../progress.ts";
import { withDatabase } from "../withDatabase.ts";
import { backupWords } from "../words.ts";
import {
  backupVersion,
  manifestIn,
  manifestText,
  weigh,
  type KeptFile,
  type KeptTable,
  type Manifest,
} from "./manifest.ts";
import { keepTable, listTables } from "./tables.ts";

const usage = "backup FOLDER";

/**
 * `backup FOLDER`: everything of this installation in one new folder, also while the server runs.
 * @param from folder that the name is meant from
 * @returns exit code: 0 only where nothing is missing
 */
export const backup = async (
  settings: Settings,
  [name, ...more]: readonly string[],
  from: string,
): Promise<number> => {
  if (name === undefined || name.startsWith("-") || more.length > 0)
    throw new Failure({ code: "wrongArguments", usage });
  const target = path.resolve(from, name);
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new Failure({ code: "backupThere", folder: target });
  const manifest = await withDatabase(settings, (databaseUrl, folder) =>
    during("keeping", () => writeWhole(target, databaseUrl, folder)),
  );
  say(backupWords.kept(target, manifest.at));
  say(backupWords.keepSafe);
  if (manifest.missing.length > 0) say(backupWords.missing(manifest.missing.length));
  return manifest.missing.length === 0 ? 0 : 1;
};

/** Under another name until everything is there: a backup is whole, or is not there. */
const writeWhole = async (
  target: string,
  databaseUrl: string,
  folder: DataFolder,
): Promise<Manifest> => {
  const fresh = `${target}.unfinished`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(path.join(fresh, "database"), { recursive: true, mode: 0o700 });
  const kept = await keepDatabase(fresh, databaseUrl);
  const { files, missing } = await keepFiles(fresh, folder, kept.files);
  const manifest: Manifest = {
    format: "lientuyen-backup",
    v: backupVersion,
    at: kept.at,
    installation: { id: folder.installation.id, kind: folder.installation.kind },
    schema: kept.schema,
    tables: [...kept.tables],
    missing: [...missing],
    files: [...(await inside(fresh, "database")), ...files, ...(await keepSecrets(fresh, folder))],
  };
  await writeFile(manifestIn(fresh), manifestText(manifest), { mode: 0o600, flush: true });
  await rm(target, { recursive: true, force: true });
  await rename(fresh, target);
  await syncFolder(path.dirname(target));
  return manifest;
};

interface NamedFile {
  readonly log: string;
  readonly hash: string;
}

interface KeptDatabase {
  readonly at: string;
  readonly schema: number;
  readonly tables: readonly KeptTable[];
  readonly files: readonly NamedFile[];
}

/** One reading transaction: every table as of the same moment. */
const keepDatabase = async (fresh: string, databaseUrl: string): Promise<KeptDatabase> => {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on("error", () => undefined);
  await client.connect().catch((error: unknown) => {
    const detail = error instanceof Error ? error.message : "";
    throw new Failure({ code: "databaseNotReached", detail });
  });
  try {
    await client.query("begin isolation level repeatable read read only");
    await client.query("set local role lientuyen_system");
    const { rows } = await client.query<{ schema: number }>(
      "select max(number)::int as schema from lientuyen.migration",
    );
    const { rows: files } = await client.query<NamedFile>(
      "select log, hash from lientuyen.file order by log, hash",
    );
    const at = new Date().toISOString();
    const tables: KeptTable[] = [];
    for (const table of await listTables(client)) {
      const file = tableFile(fresh, table.name);
      tables.push({ ...table, rows: await keepTable(client, table.name, file) });
    }
    return { at, schema: rows[0]?.schema ?? 0, tables, files };
  } finally {
    await client.end();
  }
};

export const tableFile = (folder: string, name: string): string =>
  path.join(folder, "database", `${name}.jsonl.gz`);

/** Pictures and documents that the database names, each of which its name is the check. */
const keepFiles = async (
  fresh: string,
  folder: DataFolder,
  named: readonly NamedFile[],
): Promise<{ readonly files: readonly KeptFile[]; readonly missing: readonly NamedFile[] }> => {
  const files: KeptFile[] = [];
  const missing: NamedFile[] = [];
  for (const { log, hash } of named) {
    const inner = path.join("cases", log.slice("case/".length), hash);
    const to = path.join(fresh, "files", inner);
    await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
    await copySafely(path.join(folder.files, inner), to).catch(() => undefined);
    const found = await weigh(to);
    if (found?.sha256 === hash) files.push({ path: `files/${inner}`, ...found });
    else missing.push({ log, hash });
    if (found !== undefined && found.sha256 !== hash) await rm(to, { force: true });
  }
  return { files, missing };
};

/** The server's keys, the demo's passwords, the local authority: what makes this installation this one. */
const keepSecrets = async (fresh: string, folder: DataFolder): Promise<readonly KeptFile[]> => {
  for (const [from, to, only] of [
    [folder.secrets, "secrets", ["server-keys.json", "demo-passwords.json"]],
    [folder.tls, "tls", undefined],
  ] as const) {
    await mkdir(path.join(fresh, to), { recursive: true, mode: 0o700 });
    for (const each of await readdir(from, { withFileTypes: true })) {
      if (!each.isFile() || (only !== undefined && !only.some((name) => name === each.name)))
        continue;
      await copySafely(path.join(from, each.name), path.join(fresh, to, each.name));
    }
  }
  return [...(await inside(fresh, "secrets")), ...(await inside(fresh, "tls"))];
};

const inside = async (fresh: string, folder: string): Promise<readonly KeptFile[]> => {
  const files: KeptFile[] = [];
  for (const name of (await readdir(path.join(fresh, folder))).sort()) {
    const found = await weigh(path.join(fresh, folder, name));
    if (found !== undefined) files.push({ path: `${folder}/${name}`, ...found });
  }
  return files;
};

/** With its rights, and on the disk when it resolves. */
export const copySafely = async (from: string, to: string): Promise<void> => {
  await copyFile(from, to);
  const file = await open(to, "r+");
  await file.sync();
  await file.close();
};

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, "r");
  await handle.sync();
  await handle.close();
};
