import { existsSync } from "node:fs";
import path from "node:path";
import { findDatabase } from "./database.ts";
import type { Settings } from "./environment.ts";
import { Failure } from "./failure.ts";
import { demandWhole } from "./folder/restoreMark.ts";
import { openDataFolder, type DataFolder } from "./folder/dataFolder.ts";
import { openInstallation, unchecked } from "./installation.ts";

/** The folder's database, started for this or already kept up by a running server. */
export const withDatabase = async <T>(
  settings: Settings,
  work: (databaseUrl: string, folder: DataFolder) => Promise<T>,
): Promise<T> => {
  if (!existsSync(path.join(settings.dataFolder, "installation.json")))
    throw new Failure({ code: "noDataFolder", folder: settings.dataFolder });
  demandWhole(settings.dataFolder);
  if (settings.databaseUrl !== undefined)
    return work(settings.databaseUrl, openDataFolder(settings.dataFolder, undefined));
  try {
    const opened = await openInstallation(settings, unchecked);
    try {
      return await work(opened.database.url, opened.folder);
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (!(error instanceof Failure) || error.reason.code !== "alreadyRunning") throw error;
    const folder = openDataFolder(settings.dataFolder, undefined);
    return work((await findDatabase(folder, settings.databaseUrl)).url, folder);
  }
};
