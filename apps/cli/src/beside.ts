import { randomBytes } from "node:crypto";
import path from "node:path";
import { keepServerKeys, openInstallation, type Core } from "@lientuyen/server";
import { findDatabase } from "./database.ts";
import type { Settings } from "./environment.ts";
import { Failure } from "./failure.ts";
import { readDataFolder, type DataFolder } from "./folder/dataFolder.ts";
import { askRunning } from "./folder/lock.ts";
import { isNotAllowed } from "./folder/secretFile.ts";

const find = async (
  folder: string,
): Promise<{ readonly folder: DataFolder; readonly address: string }> => {
  const found = readDataFolder(folder);
  const address = found === undefined ? undefined : await askRunning(found.path);
  if (found === undefined || address === undefined)
    throw new Failure({ code: "notRunning", folder });
  return { folder: found, address };
};

const open = async (settings: Settings) => {
  const { folder, address } = await find(settings.dataFolder);
  const database = await findDatabase(folder, settings.databaseUrl);
  const installation = await openInstallation({
    databaseUrl: database.url,
    adminDatabaseUrl: database.adminUrl,
    filesDir: folder.files,
    keys: await keepServerKeys(path.join(folder.secrets, "server-keys.json")),
    now: Date.now,
    random: (count) => new Uint8Array(randomBytes(count)),
  });
  return { installation, address };
};

/** Who may read the folder's secrets may speak with the server's hand. */
const openAllowed = async (settings: Settings): ReturnType<typeof open> => {
  try {
    return await open(settings);
  } catch (error) {
    if (isNotAllowed(error))
      throw new Failure({ code: "folderNotWritable", folder: settings.dataFolder });
    throw error;
  }
};

/**
 * Works with the server's own hand beside the server that runs on the data folder: a second one on the same
 * database, without a door. The running one sees what was written at once.
 * @param work is told where the running server can be reached
 */
export const besideServer = async <T>(
  settings: Settings,
  work: (core: Core, address: string) => Promise<T>,
): Promise<T> => {
  const { installation, address } = await openAllowed(settings);
  try {
    const done = await work(installation.core, address);
    await installation.sequencer.settle();
    return done;
  } finally {
    await installation.close();
  }
};
