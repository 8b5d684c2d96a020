import type { Bytes } from "@lientuyen/record";
import type { ServerKeys } from "../identity/serverKeys.ts";
import type { DepositPlace } from "../tree/places.ts";

export interface Limits {
  /** A request body as it comes over the wire. */
  readonly bodyBytes: number;
  /** The same after decompression. */
  readonly inflatedBytes: number;
  /** Nesting of any JSON, of entries too. */
  readonly jsonDepth: number;
  readonly fileBytes: number;
  readonly photoBytes: number;
  /** A disk with less than this counts as full: PostgreSQL needs room too. */
  readonly keptFreeBytes: number;
  /** Failed sign-ins a minute. */
  readonly signInsPerAccount: number;
  readonly signInsPerAddress: number;
  /** Keys that one person may have certified in a minute. */
  readonly enrolmentsPerPerson: number;
  readonly sessionIdleMs: number;
  readonly cameraLinkMs: number;
  readonly connections: number;
  /** After a power cut the database may come up after the server. */
  readonly databaseWaitMs: number;
}

export const defaultLimits: Limits = {
  bodyBytes: 10_000_000,
  inflatedBytes: 32_000_000,
  jsonDepth: 64,
  fileBytes: 200_000_000,
  photoBytes: 30_000_000,
  keptFreeBytes: 100_000_000,
  signInsPerAccount: 5,
  signInsPerAddress: 60,
  enrolmentsPerPerson: 20,
  sessionIdleMs: 12 * 3_600_000,
  cameraLinkMs: 10 * 60_000,
  connections: 16,
  databaseWaitMs: 15_000,
};

export type LogLevel = "silent" | "fatal" | "error" | "warn" | "info" | "debug";

/** preparing: it is being fetched, built or started; absent: it cannot be had, and why was said at the console. */
export type LiveState = "ready" | "preparing" | "absent";

/** The media engine as the server sees it: LiveKit, wherever it runs. */
export interface LiveMedia {
  readonly state: () => LiveState;
  /** Its API, `http(s)://…`. */
  readonly url: string;
  /** Where browsers reach its signalling, `ws(s)://…`; undefined: through this server. */
  readonly publicUrl: string | undefined;
  readonly key: string;
  readonly secret: string;
}

/** Everything the server needs of the world. Time and randomness are the caller's. */
export interface ServerOptions {
  readonly databaseUrl: string;
  /** A login that may create roles and tables; without it `databaseUrl` has to. */
  readonly adminDatabaseUrl?: string | undefined;
  readonly filesDir: string;
  /** Where signed checkpoints are laid down; undefined: nowhere. */
  readonly depositAt?: readonly DepositPlace[] | undefined;
  /** Other installations, by their roots' fingerprints, whose checkpoints are kept here, and where; undefined: of none. */
  readonly witness?: { readonly roots: readonly string[]; readonly dir: string } | undefined;
  /** The built station app. */
  readonly staticDir: string;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  readonly keys: ServerKeys;
  /** Name of the installation, for a first start. */
  readonly installation?: string | undefined;
  readonly now: () => number;
  readonly random: (count: number) => Bytes;
  readonly log?:
    | { readonly level: LogLevel; readonly stream?: { write(line: string): void } }
    | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** Undefined: there are no live sessions here. */
  readonly live?: LiveMedia | undefined;
}
