import { openLogbook } from "./config/logbook.ts";
import { defaultLimits, type ServerOptions } from "./config/options.ts";
import { CannotStart } from "./config/cannotStart.ts";
import type { Core } from "./core.ts";
import { migrate } from "./db/migrate.ts";
import { openDatabase } from "./db/database.ts";
import { isUnavailable } from "./db/unavailable.ts";
import { openDirectoryCache } from "./directory/directory.ts";
import { openFiles } from "./files/storage.ts";
import { openCaseCache } from "./entries/caseCache.ts";
import { openIntake } from "./entries/intake.ts";
import { releaseWaiting } from "./entries/aftermath.ts";
import { eraseDestroyed } from "./files/erase.ts";
import { startSequencer, type Sequencer } from "./feed/sequencer.ts";
import { makePrimitives } from "./identity/primitives.ts";
import { foundInstallation } from "./identity/serverEntries.ts";
import { openKeys } from "./identity/serverKeys.ts";
import { openSessionRows } from "./identity/sessions.ts";
import { startCheckpoints } from "./tree/checkpoints.ts";
import { openDeposits } from "./tree/deposits.ts";
import { takeInEarlier } from "./tree/leaves.ts";
import { openDepositStanding } from "./tree/standing.ts";

export type InstallationOptions = Pick<
  ServerOptions,
  | "databaseUrl"
  | "adminDatabaseUrl"
  | "filesDir"
  | "depositAt"
  | "witness"
  | "keys"
  | "installation"
  | "now"
  | "random"
  | "log"
  | "limits"
  | "live"
>;

/** The server without its door: what the CLI and the seed work with. */
export interface Installation {
  readonly core: Core;
  readonly sequencer: Sequencer;
  /** Twice is fine. */
  readonly close: () => Promise<void>;
}

/**
 * Migrates, founds the installation where it is new, and opens everything that needs no network door.
 * @throws CannotStart with one sentence for the console.
 */
export const openInstallation = async (options: InstallationOptions): Promise<Installation> => {
  const limits = { ...defaultLimits, ...options.limits };
  const adminUrl = options.adminDatabaseUrl ?? options.databaseUrl;
  await migrate(adminUrl, loginOf(options), limits.databaseWaitMs);
  const logbook = openLogbook(options.log, options.now);
  const database = openDatabase(options.databaseUrl, limits.connections);
  const sequencer = startSequencer(database, logbook);
  const places = options.depositAt ?? [];
  const core: Core = {
    database,
    findSessionRow: openSessionRows(database),
    keys: openKeys(options.keys),
    primitives: makePrimitives(),
    directory: openDirectoryCache(logbook),
    cases: openCaseCache(),
    intake: openIntake(),
    files: await openFiles(options.filesDir),
    now: options.now,
    random: options.random,
    limits,
    logbook,
    live: options.live,
    witness: options.witness,
    deposits: openDepositStanding(places.length),
    wakeSequencer: sequencer.wake,
  };
  let closing: Promise<void> | undefined;
  let checkpoints: { readonly close: () => Promise<void> } | undefined;
  const end = async (): Promise<void> => {
    await checkpoints?.close();
    await sequencer.close();
    await database.close();
  };
  const close = (): Promise<void> => (closing ??= end());
  try {
    await foundInstallation(core, options.installation ?? "Liên Tuyến");
    await demandOwnKeys(core);
    await releaseWaiting(core);
    await eraseDestroyed(core);
    await takeInEarlier(database);
    checkpoints = startCheckpoints(
      core,
      places.map((place) => openDeposits(core, place)),
    );
  } catch (error) {
    await close();
    if (isUnavailable(error)) throw new CannotStart("PostgreSQL cannot be reached.");
    throw error;
  }
  return { core, sequencer, close };
};

const loginOf = ({ databaseUrl, adminDatabaseUrl }: InstallationOptions): string | undefined =>
  adminDatabaseUrl === undefined || !URL.canParse(databaseUrl)
    ? undefined
    : decodeURIComponent(new URL(databaseUrl).username) || undefined;

/** Receipts signed by keys that the log does not name would prove nothing. */
const demandOwnKeys = async (core: Core): Promise<void> => {
  const { server } = await core.database.asSystem((tx) => core.directory.current(tx));
  const { receipt, certificate, checkpoint, sealing } = core.keys;
  if (
    !server.receipt.has(receipt.key) ||
    !server.certificate.has(certificate.key) ||
    !server.checkpoint.has(checkpoint.key) ||
    !server.sealing.has(sealing.key)
  ) {
    throw new CannotStart(
      "The server's keys are not those of this database; bring back the key file that belongs to it.",
    );
  }
};
