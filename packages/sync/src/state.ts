import type { Flags, Pause } from "./engine.ts";
import { isContradicted } from "./history.ts";
import type { Meter } from "./meter.ts";
import type { Step, UploadRow } from "./ports.ts";
import type { Store } from "./store.ts";

/** What can be said of the engine at any moment, without waiting. */
export interface EngineState {
  /** The last request got through; false before the first. */
  readonly online: boolean;
  /** Entries and files that are on this machine only. */
  readonly unsentEntries: number;
  readonly unsentFiles: number;
  /** Entries and files of the present rush; absent while nothing moves. */
  readonly sending:
    | { readonly done: number; readonly total: number; readonly secondsLeft: number | undefined }
    | undefined;
  /** The server's time of the last receipt in this run. */
  readonly lastArrivedAt: string | undefined;
  readonly pauses: ReadonlySet<Pause>;
  readonly signInNeeded: boolean;
  readonly updateNeeded: boolean;
  readonly refused: number;
  readonly quarantined: number;
  /** Everything that the server has for this facility has been read since the engine began. */
  readonly caughtUp: boolean;
  /** The last write found no room on the disk. */
  readonly storageFull: boolean;
  /** Answers and feed items of this run that a check failed on. */
  readonly faults: number;
  /** The server showed another history than it had signed before; both checkpoints are kept here. */
  readonly historyChanged: boolean;
}

/** Counts what has gone out since the queue was last empty. */
export interface Rush {
  /** After each commit; `left` entries and files still wait. */
  note(steps: readonly Step[], left: number): void;
  done(): number;
}

export function createRush(): Rush {
  let done = 0;
  return {
    note: (steps, left) => {
      if (left === 0) done = 0;
      else
        done += steps.filter(
          (step) =>
            step.do === "dropOutbox" || (step.do === "putUpload" && step.row.state !== "waiting"),
        ).length;
    },
    done: () => done,
  };
}

/** Entries and files that are on this machine only. */
export function unsentOf(store: Pick<Store, "outbox" | "uploads">): number {
  const entries = [...store.outbox.values()].filter((row) => row.reoffer !== true).length;
  return entries + [...store.uploads.values()].filter((row) => row.state === "waiting").length;
}

export interface LineShare {
  /** Compressed share of a character of the outbox. */
  readonly ratio: () => number;
  readonly sentOf: (row: UploadRow) => number;
}

export function readState(
  store: Store,
  flags: Flags,
  meter: Meter,
  doneBefore: number,
  share: LineShare,
): EngineState {
  const entries = [...store.outbox.values()].filter((row) => row.reoffer !== true);
  const files = [...store.uploads.values()].filter((row) => row.state === "waiting");
  const held = [...store.held.values()];
  const left = entries.length + files.length;
  const online = flags.online === true;
  const bytesLeft =
    entries.reduce((sum, row) => sum + row.size * share.ratio(), 0) +
    files.reduce((sum, row) => sum + row.size - share.sentOf(row), 0);
  const rate = meter.bytesPerSecond();
  return {
    online,
    unsentEntries: entries.length,
    unsentFiles: files.length,
    sending:
      left > 0 && online && flags.pauses.size === 0
        ? {
            done: doneBefore,
            total: doneBefore + left,
            secondsLeft: rate === undefined ? undefined : Math.max(1, Math.ceil(bytesLeft / rate)),
          }
        : undefined,
    lastArrivedAt: flags.lastArrivedAt,
    pauses: flags.pauses,
    signInNeeded: flags.pauses.has("signInNeeded"),
    updateNeeded: flags.pauses.has("updateNeeded"),
    refused: held.filter((row) => row.state === "refused").length,
    quarantined: held.filter((row) => row.state === "quarantined").length,
    caughtUp: flags.caughtUp,
    storageFull: store.isFull(),
    faults: flags.faults,
    historyChanged: isContradicted(store.history()),
  };
}
