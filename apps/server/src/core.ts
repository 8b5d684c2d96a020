import type { Bytes, Primitives } from "@lientuyen/record";
import type { Logbook } from "./config/logbook.ts";
import type { Limits, LiveMedia, ServerOptions } from "./config/options.ts";
import type { Database } from "./db/database.ts";
import type { DirectoryCache } from "./directory/directory.ts";
import type { CaseCache } from "./entries/caseCache.ts";
import type { Intake } from "./entries/intake.ts";
import type { FileStorage } from "./files/storage.ts";
import type { OpenKeys } from "./identity/serverKeys.ts";
import type { SessionRow } from "./identity/sessions.ts";
import type { DepositStanding } from "./tree/standing.ts";

/** What every noun of the server works with; made once in `openInstallation`. */
export interface Core {
  readonly database: Database;
  /** By a session token's hash. */
  readonly findSessionRow: (tokenHash: string) => Promise<SessionRow | undefined>;
  readonly keys: OpenKeys;
  readonly primitives: Primitives;
  readonly directory: DirectoryCache;
  readonly cases: CaseCache;
  readonly intake: Intake;
  readonly files: FileStorage;
  readonly now: () => number;
  readonly random: (count: number) => Bytes;
  readonly limits: Limits;
  readonly logbook: Logbook;
  /** Undefined: there are no live sessions here. */
  readonly live: LiveMedia | undefined;
  readonly witness: ServerOptions["witness"];
  readonly deposits: DepositStanding;
  /** Something was committed that has still to be numbered. */
  readonly wakeSequencer: () => void;
}

export const instant = (ms: number): string => new Date(ms).toISOString();
