import type { Primitives } from "@lientuyen/record";
import type { Tail } from "./check.ts";
import type { KeyBook } from "./keyBook.ts";
import type { Bell } from "./loop.ts";
import type { Meter } from "./meter.ts";
import type {
  Clock,
  Network,
  NetworkFailure,
  NetworkRefusal,
  Randomness,
  StopSignal,
} from "./ports.ts";
import type { Store } from "./store.ts";

/** Why nothing goes over the line; the engine rests while there is any. */
export type Pause =
  | "signInNeeded"
  | "updateNeeded"
  /** The server is not the one that this device was enrolled with. */
  | "otherServer"
  /** Whoever runs the engine asked for it. */
  | "asked";

/** What the engine's parts share; made and owned by `createSync`. */
export interface Shared {
  readonly store: Store;
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly primitives: Primitives;
  readonly book: KeyBook;
  readonly meter: Meter;
  readonly bells: {
    readonly send: Bell;
    readonly feed: Bell;
    readonly files: Bell;
    readonly wake: Bell;
  };
  /** Last known link of each log's chain; emptied when a new epoch begins. */
  readonly tails: Map<string, Tail>;
  /** Entries that arrived before their author's key was known: key to entry hashes. */
  readonly keyless: Map<string, Set<string>>;
  /** The request with entries that is under way, until its answers are stored. */
  readonly sending: { now: Promise<unknown> };
  /** Changes in memory only, which the state shows. */
  readonly flags: Flags;
  readonly changed: (logs?: readonly string[]) => void;
  readonly onError: (error: unknown) => void;
}

/** As one start has it: what is under way ends with the signal. */
export interface Engine extends Shared {
  readonly signal: StopSignal;
}

export interface Flags {
  readonly pauses: Set<Pause>;
  /** Undefined before the first answer. */
  online: boolean | undefined;
  /** The feed has been read to its end since the engine began. */
  caughtUp: boolean;
  /** Answers of the feed so far: of any two, the second was asked for after the first. */
  reads: number;
  wakeStands: boolean;
  lastArrivedAt: string | undefined;
  /** Answers and feed items that a check failed on. */
  faults: number;
}

/** What is told how the line is: the whole engine, or the little of it that runs while the screen is locked. */
export interface LineTold {
  readonly flags: Pick<Flags, "pauses" | "online">;
  readonly bells: Readonly<Record<string, Bell>>;
  readonly changed: () => void;
}

/** Tells the parts how the line is; true when the request got through to the server. */
export function reached(engine: LineTold, answer: { readonly result: string }): boolean {
  const { flags } = engine;
  const online = answer.result !== "offline";
  if (answer.result === "signInNeeded") pause(engine, "signInNeeded");
  if (answer.result === "oldProtocol") pause(engine, "updateNeeded");
  if (flags.online !== online) {
    const cameBack = online && flags.online === false;
    flags.online = online;
    engine.changed();
    if (cameBack) ringAll(engine);
  }
  return online;
}

export function pause(engine: Omit<LineTold, "bells">, why: Pause): void {
  if (engine.flags.pauses.has(why)) return;
  engine.flags.pauses.add(why);
  engine.changed();
}

export function ringAll(engine: Pick<LineTold, "bells">): void {
  for (const bell of Object.values(engine.bells)) bell.ring("now");
}

/** How long to wait at least after this failure. */
export const atLeastMs = (answer: NetworkFailure | NetworkRefusal): number | undefined =>
  answer.result === "unavailable" ? answer.retryAfterMs : undefined;
