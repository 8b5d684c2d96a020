import { randomBytes } from "node:crypto";
import { rmSync, mkdirSync } from "node:fs";
import path from "node:path";
import {
  appendAsServer,
  createAccount,
  createServer,
  keepServerKeys,
  type LientuyenServer,
  type LiveMedia,
  type ServerOptions,
} from "@lientuyen/server";
import { openDatabase, type OpenDatabase } from "./database.ts";
import { keepDemoPasswords } from "./demo.ts";
import type { Settings } from "./environment.ts";
import { openDataFolder, saveInstallation, type DataFolder } from "./folder/dataFolder.ts";
import { demandWhole } from "./folder/restoreMark.ts";
import { takeLock, type Lock } from "./folder/lock.ts";
import { during } from "./progress.ts";
import { openServerLog } from "./serverLog.ts";
import { foundedBefore, seedDemo } from "./seed/seed.ts";

/** The data folder, its lock and its database, open; closed in the reverse order. */
export interface OpenInstallation {
  readonly folder: DataFolder;
  readonly lock: Lock;
  readonly database: OpenDatabase;
  readonly close: () => Promise<void>;
}

/** The same where no restore was cut off. */
export const openInstallation = <Checked>(
  settings: Settings,
  check: (folder: DataFolder) => Promise<Checked>,
): Promise<OpenInstallation & { readonly checked: Checked }> =>
  openUnchecked(settings, (folder) => {
    demandWhole(folder.path);
    return check(folder);
  });

/** `check` runs before the database is opened, and may refuse the start; what it found comes along. */
export const openUnchecked = async <Checked>(
  settings: Settings,
  check: (folder: DataFolder) => Promise<Checked>,
): Promise<OpenInstallation & { readonly checked: Checked }> => {
  const folder = openDataFolder(settings.dataFolder, settings.demo);
  const lock = await takeLock(folder.path);
  try {
    const checked = await check(folder);
    const database = await during("database", () => openDatabase(folder, settings.databaseUrl));
    const close = async (): Promise<void> => {
      await database.close();
      await lock.release();
    };
    return { folder, lock, database, close, checked };
  } catch (error) {
    await lock.release();
    throw error;
  }
};

/** Nothing to check: the command opens no door. */
export const unchecked = (): Promise<undefined> => Promise.resolve(undefined);

export type Door = Pick<
  ServerOptions,
  "host" | "port" | "tls" | "staticDir" | "depositAt" | "witness"
>;

/** The server over an open installation; `now` is the wall clock except while the seed tells its past. */
export const makeServer = async (
  { folder, database }: OpenInstallation,
  door: Door,
  now: () => number,
  live?: LiveMedia,
): Promise<LientuyenServer> => {
  // What the server notes of itself, by the wall clock: one line of JSON each, never a patient's word.
  const log = openServerLog(folder.path, Date.now);
  return createServer({
    ...door,
    databaseUrl: database.url,
    adminDatabaseUrl: database.adminUrl,
    filesDir: folder.files,
    keys: await keepServerKeys(path.join(folder.secrets, "server-keys.json")),
    now,
    random: (count) => new Uint8Array(randomBytes(count)),
    log: { level: "info", stream: log },
    live,
  });
};

const tellSeed = async (opened: OpenInstallation, staticDir: string): Promise<void> => {
  const nowMs = Date.now();
  let clockMs = foundedBefore(nowMs);
  const server = await makeServer(
    opened,
    { host: "127.0.0.1", port: 0, staticDir, tls: undefined },
    () => clockMs,
  );
  try {
    const { url } = await server.listen();
    const world = {
      base: url,
      setNow: (ms: number) => void (clockMs = ms),
      appendAsServer: (facts: Parameters<typeof appendAsServer>[1]) =>
        appendAsServer(server.core, facts),
      createAccount: (account: Parameters<typeof createAccount>[1]) =>
        createAccount(server.core, account),
    };
    await seedDemo(world, { nowMs, passwords: await keepDemoPasswords(opened.folder) });
    await server.settleFeed();
  } finally {
    await server.close();
  }
};

const emptyFiles = (folder: DataFolder): void => {
  rmSync(folder.files, { recursive: true, force: true });
  mkdirSync(folder.files, { mode: 0o700 });
};

/** First start: the demo network, or nothing. One that was cut off is begun anew, so that nobody meets half a network. */
export const ensureReady = async (opened: OpenInstallation, staticDir: string): Promise<void> => {
  const { folder, database } = opened;
  if (folder.installation.ready) return;
  await database.reset();
  emptyFiles(folder);
  if (folder.installation.kind === "demo")
    await during("seeding", () => tellSeed(opened, staticDir));
  saveInstallation(folder.path, { ...folder.installation, ready: true });
};
