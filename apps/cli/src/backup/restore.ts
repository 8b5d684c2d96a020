import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { appendAsServer, keepServerKeys, openInstallation as openServer } from "@lientuyen/server";
import { installationFactOf } from "@lientuyen/record";
import type { Settings } from "../environment.ts";
import { Failure } from "../failure.ts";
import { saveInstallation, type DataFolder } from "../folder/dataFolder.ts";
import { writeSecretly } from "../folder/secretFile.ts";
import { openUnchecked, type OpenInstallation } from "../installation.ts";
import { during, say } from "../progress.ts";
import { backupWords } from "../words.ts";
import { copySafely } from "./backup.ts";
import { readBackup, weigh, type Manifest } from "./manifest.ts";
import { replaceDatabase } from "./replace.ts";

const usage = "restore FOLDER";
const keysName = "server-keys.json";

/**
 * `restore FOLDER`: puts the installation back to a backup, and says so in its log: a new epoch begins. What is
 * replaced is kept aside in the database; files that are here stay. The server must not run.
 * @param from folder that the name is meant from
 */
export const restore = async (
  settings: Settings,
  [name, ...more]: readonly string[],
  from: string,
): Promise<number> => {
  if (name === undefined || name.startsWith("-") || more.length > 0)
    throw new Failure({ code: "wrongArguments", usage });
  const source = path.resolve(from, name);
  const manifest = await during("checkingBackup", () => readBackup(source));
  const kind = manifest.installation.kind === "demo";
  const opened = await openUnchecked({ ...settings, demo: kind }, async (folder) =>
    demandSameInstallation(folder, source),
  );
  try {
    const aside = await during("restoring", () => putBack(opened, source, manifest));
    say(backupWords.restored(manifest.at));
    if (aside !== undefined) say(backupWords.aside(aside));
    if (manifest.missing.length > 0) say(backupWords.missing(manifest.missing.length));
  } finally {
    await opened.close();
  }
  return 0;
};

/** Another installation's keys would make every receipt here worthless. */
const demandSameInstallation = (folder: DataFolder, source: string): void => {
  const own = path.join(folder.secrets, keysName);
  const kept = path.join(source, "secrets", keysName);
  if (!existsSync(kept)) throw new Failure({ code: "notABackup", folder: source });
  if (existsSync(own) && readFileSync(own, "utf8") !== readFileSync(kept, "utf8"))
    throw new Failure({ code: "otherInstallation", folder: folder.path });
};

const putBack = async (
  opened: OpenInstallation,
  source: string,
  manifest: Manifest,
): Promise<string | undefined> => {
  const { folder, database } = opened;
  await bringFiles(folder, source, manifest);
  return replaceDatabase({ database, folder: folder.path, source, manifest }, async () => {
    await beginEpoch(opened, manifest.at);
    const { id } = manifest.installation;
    saveInstallation(folder.path, { ...folder.installation, id, ready: true });
  });
};

/** What is here already, byte for byte, is left; nothing is taken away. */
const bringFiles = async (
  folder: DataFolder,
  source: string,
  { files }: Manifest,
): Promise<void> => {
  for (const kept of files.filter(({ path: inner }) => !inner.startsWith("database/"))) {
    const to = path.join(folder.path, kept.path);
    if ((await weigh(to))?.sha256 === kept.sha256) continue;
    // The local authority and the demo's passwords may be newer here.
    if (!kept.path.startsWith("files/") && existsSync(to)) continue;
    await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
    if (kept.path.startsWith("secrets/"))
      writeSecretly(to, readFileSync(path.join(source, kept.path), "utf8"));
    else {
      await copySafely(path.join(source, kept.path), `${to}.new`);
      await rename(`${to}.new`, to);
    }
  }
};

const epochBeganMs = Date.UTC(2025, 0, 1);

/** By the clock, so that two restores from one backup never begin the same epoch; and always larger than the last. */
const nextEpoch = (last: number, nowMs: number): number =>
  Math.max(last + 1, Math.floor((nowMs - epochBeganMs) / 1_000));

const beginEpoch = async (
  { folder, database }: OpenInstallation,
  backupAt: string,
): Promise<void> => {
  const server = await openServer({
    databaseUrl: database.url,
    adminDatabaseUrl: database.adminUrl,
    filesDir: folder.files,
    keys: await keepServerKeys(path.join(folder.secrets, keysName)),
    now: Date.now,
    random: (count) => new Uint8Array(randomBytes(count)),
    log: { level: "silent" },
  });
  try {
    const { core } = server;
    const { epoch: last } = (await core.database.asSystem((tx) => core.directory.current(tx)))
      .server;
    const body = { epoch: nextEpoch(last, Date.now()), reason: `restored from ${backupAt}` };
    const [item] = await appendAsServer(core, [
      { log: "installation", kind: "epochStarted", body },
    ]);
    if (item === undefined || !installationFactOf("epochStarted", body).ok)
      throw new Error("the new epoch is not on record");
    await server.sequencer.settle();
  } finally {
    await server.close();
  }
};
