import pino from "pino";
import type { ServerOptions } from "./options.ts";

/**
 * All that a log line may hold: a closed set, so that no patient's word gets in by accident.
 * The route is its pattern, never the address; an error is its class and code, never its message.
 */
export interface LogFields {
  readonly method?: string;
  readonly route?: string;
  readonly status?: number;
  readonly durationMs?: number;
  readonly reference?: string;
  readonly errorClass?: string;
  readonly errorCode?: string;
  /** Frames only: the first line of a stack is a message. */
  readonly frames?: readonly string[];
  readonly facility?: string;
  readonly count?: number;
  readonly port?: number;
  /** Which sort of place for checkpoints. */
  readonly place?: "folder" | "server" | "mail";
}

export type LogEvent =
  | "started"
  | "stopped"
  | "request"
  | "requestFailed"
  | "databaseAway"
  | "databaseBack"
  | "sequencerFailed"
  | "signInRefused"
  | "entriesRefused"
  | "storageFull"
  | "releaseFailed"
  | "eraseFailed"
  | "appendFailed"
  | "rowUnreadable"
  | "storeSecretOpened"
  /** The tree does not continue the last checkpoint: somebody took away or altered what was received. */
  | "historyChanged"
  /** One counter of a key came with two entries: a device was copied. */
  | "keyCloned"
  | "flagFailed"
  | "checkpointFailed"
  | "mediaFailed"
  | "recordingFailed"
  /** Checkpoints are not laid down elsewhere: the folder is not there, full or not ours to write, a server is away or refuses. */
  | "depositFailed"
  /** Another installation laid down a checkpoint that does not continue its last one here. */
  | "depositContradicts";

export interface Logbook {
  readonly info: (event: LogEvent, fields?: LogFields) => void;
  readonly warn: (event: LogEvent, fields?: LogFields) => void;
  readonly error: (event: LogEvent, fields?: LogFields) => void;
}

const keys = [
  "method",
  "route",
  "status",
  "durationMs",
  "reference",
  "errorClass",
  "errorCode",
  "frames",
  "facility",
  "count",
  "port",
  "place",
] as const;

/** Types can be fooled by a wider object; this cannot. */
const onlyKnown = (fields: LogFields): LogFields => {
  const kept: Record<string, unknown> = {};
  for (const key of keys) if (fields[key] !== undefined) kept[key] = fields[key];
  return kept;
};

export const openLogbook = (options: ServerOptions["log"], now: () => number): Logbook => {
  const settings = {
    level: options?.level ?? "silent",
    base: null,
    timestamp: () => `,"time":"${new Date(now()).toISOString()}"`,
  };
  const logger = options?.stream === undefined ? pino(settings) : pino(settings, options.stream);
  return {
    info: (event, fields = {}) => logger.info({ event, ...onlyKnown(fields) }),
    warn: (event, fields = {}) => logger.warn({ event, ...onlyKnown(fields) }),
    error: (event, fields = {}) => logger.error({ event, ...onlyKnown(fields) }),
  };
};

/** What may be said of an error: its class, its code, where it arose. */
export const errorFields = (error: unknown): LogFields => {
  if (!(error instanceof Error)) return { errorClass: typeof error };
  const code = "code" in error && typeof error.code === "string" ? { errorCode: error.code } : {};
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return {
    errorClass: error.name,
    ...code,
    frames: frames.slice(0, 12).map((line) => line.trim()),
  };
};
