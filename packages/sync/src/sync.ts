import type { FeedItem } from "@lientuyen/api";
import type { Primitives } from "@lientuyen/record";
import { checkItem } from "./check.ts";
import { addFile, command, dismissHeld, retryHeld, type NewFile } from "./commands.ts";
import { pause, ringAll, type Engine, type Pause, type Shared } from "./engine.ts";
import { readCase, takeIn, type CaseRead } from "./feed.ts";
import { undisputed } from "./history.ts";
import { createKeyBook, teachesKeys, type KeyBook } from "./keyBook.ts";
import { createBell } from "./loop.ts";
import { createMeter } from "./meter.ts";
import { newStopper, type Subtle } from "./platform.ts";
import type {
  Clock,
  Disk,
  HeldRow,
  Network,
  Randomness,
  SealedBatch,
  StopSignal,
  UploadRow,
  ViewRow,
} from "./ports.ts";
import { createRunner } from "./runner.ts";
import { sealOutbox } from "./sealedOutbox.ts";
import { createRush, readState, unsentOf, type EngineState, type Rush } from "./state.ts";
import { openStore, type Store } from "./store.ts";
import { write, type WriteAnswer, type WriteRequest } from "./write.ts";

export interface SyncPorts {
  readonly disk: Disk;
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly primitives: Primitives;
  /** After every change that was stored or that the state shows; `logs` names those with new entries, receipts or refusals. */
  readonly onChange: (change: { readonly logs: readonly string[] }) => void;
  /** What nobody foresaw (the disk threw, say). The engine goes on by itself. */
  readonly onError?: (error: unknown) => void;
}

export interface Sync {
  /** Begins to send, read and listen. Twice is fine. */
  start(): void;
  /** Rests until `start`; what is under way is broken off. */
  stop(): Promise<void>;
  /** Stops for good; nothing is written to the disk afterwards. Twice is fine. */
  close(): Promise<void>;
  /** Tries at once, whatever was waited for: the line is back, the window came to the front. */
  nudge(): void;
  pause(): void;
  /** Lifts a pause: `asked`, or after a new sign-in, or once the page runs a version that the server speaks. */
  resume(reason: Pause): void;
  state(): EngineState;

  write(request: WriteRequest): Promise<WriteAnswer>;
  /** Stores the bytes and queues the upload; resolves when both are on disk. */
  addFile(file: NewFile): Promise<"done" | "full">;
  logView(view: ViewRow): Promise<"done" | "full">;
  /** Entries that came by another way than the feed (enrolment, one case asked for): checked and stored like it. */
  takeIn(items: readonly FeedItem[]): Promise<boolean>;
  /** The feed is read from its start once more: something that it brought is not readable here any longer. */
  readAgain(): Promise<"done" | "full">;

  /**
   * Drops a case's entries from this device and keeps their last receipt; false where they have to stay (S27).
   * `mayGo` is asked last, when nothing of the log can change any more before it goes.
   */
  sendAway(log: string, mayGo?: () => Promise<boolean>): Promise<boolean>;
  /** The case is not here whole: nothing is to be shown of it or written upon it before `readCase`. */
  isAway(log: string): Promise<boolean>;
  /** Asks the server for one case whole. */
  readCase(log: string): Promise<CaseRead>;
  /** When the server last signed its history, ms since the epoch; undefined before, and where it contradicted itself. */
  signedAtMs(): number | undefined;

  held(log?: string): readonly HeldRow[];
  /** Sends refused entries once more (a contract was named meanwhile, say). */
  retry(hashes: readonly string[]): Promise<"done" | "full">;
  /** The author has dealt with a refused entry: it is no longer pointed at. The entry stays. */
  dismiss(hashes: readonly string[]): Promise<"done" | "full">;
  uploads(log?: string): readonly (UploadRow & { readonly sentBytes: number })[];
  /** Outbox rows of a log: what is on this machine only. */
  unsent(log: string): readonly string[];
  /** Resolves when none of these waits to be sent any more, or the signal stops. */
  whenAnswered(hashes: readonly string[], signal: StopSignal): Promise<void>;

  /** The outbox sealed to the server's sealing key, for the time the screen is locked; undefined before that key is known. */
  sealOutbox<Key>(subtle: Subtle<Key>): Promise<readonly SealedBatch[] | undefined>;
  keys: Pick<KeyBook, "root" | "publicKeyOf" | "receiptKeys" | "sealingKey">;
}

/** The offline engine over its ports. Reads the disk; nothing goes over the line before `start`. */
export async function createSync(ports: SyncPorts): Promise<Sync> {
  const listeners = new Set<() => void>();
  const rush = createRush();
  const shared = await openShared(ports, rush, (logs) => {
    ports.onChange({ logs });
    for (const listener of listeners) listener();
  });
  const { store, flags, bells, meter } = shared;
  const { disk } = store;
  const runner = createRunner(shared);
  const quiet: Engine = { ...shared, signal: newStopper().signal };
  const nudge = (): void => {
    runner.hurry();
    ringAll(shared);
  };
  return {
    start: () => runner.start(),
    stop: () => runner.stop(),
    nudge,
    close: async () => {
      await runner.close();
      await store.close();
    },
    pause: () => pause(quiet, "asked"),
    resume: (reason) => {
      flags.pauses.delete(reason);
      shared.changed();
      nudge();
    },
    state: () => readState(store, flags, meter, rush.done(), runner),
    write: (request) => write(quiet, request),
    addFile: (file) => addFile(quiet, file),
    logView: (view) => command(quiet, bells.send, () => [{ do: "putView", row: view }]),
    takeIn: async (items) => {
      const taken = await takeIn(quiet, items);
      nudge();
      return taken;
    },
    sendAway: async (log, mayGo = () => Promise.resolve(true)) => {
      // Seldom, and never while somebody waits: not among what an application loads first.
      const { sendAway } = await import("./away.ts");
      return sendAway(quiet, log, mayGo);
    },
    isAway: async (log) => (await disk.readAway(log)) !== undefined,
    readCase: (log) => readCase(quiet, log),
    signedAtMs: () => {
      const checkpoint = undisputed(store);
      return checkpoint === undefined ? undefined : Date.parse(checkpoint.at);
    },
    readAgain: () =>
      command(quiet, bells.feed, () => {
        const place = store.place();
        return place === undefined
          ? []
          : [{ do: "putPlace", place: { epoch: place.epoch, position: 0 } }];
      }),
    held: (log) => [...store.held.values()].filter((row) => log === undefined || row.log === log),
    retry: (hashes) => retryHeld(quiet, hashes),
    dismiss: (hashes) => dismissHeld(quiet, hashes),
    uploads: (log) =>
      [...store.uploads.values()]
        .filter((row) => log === undefined || row.log === log)
        .map((row) => ({ ...row, sentBytes: runner.sentOf(row) })),
    unsent: (log) =>
      [...store.outbox.values()].flatMap((row) =>
        row.log === log && row.reoffer !== true ? [row.hash] : [],
      ),
    whenAnswered: (hashes, signal) => whenAnswered(store, listeners, hashes, signal),
    sealOutbox: (subtle) => sealOutbox(quiet, subtle),
    keys: shared.book,
  };
}

/** Everything that outlives a start and a stop. */
async function openShared(
  ports: SyncPorts,
  rush: Rush,
  changed: (logs: readonly string[]) => void,
): Promise<Shared> {
  const { clock, disk, random, primitives } = ports;
  const summary = await disk.load();
  const book = createKeyBook(primitives, summary.root);
  const store = await openStore(disk, (steps, rows) => rush.note(steps, unsentOf(rows)));
  await learnStoredKeys(disk, book, primitives);
  const bell = () => createBell(clock);
  return {
    store,
    network: ports.network,
    clock,
    random,
    primitives,
    book,
    meter: createMeter(),
    bells: { send: bell(), feed: bell(), files: bell(), wake: bell() },
    tails: new Map(),
    keyless: new Map(),
    sending: { now: Promise.resolve() },
    flags: {
      pauses: new Set(),
      online: undefined,
      caughtUp: false,
      reads: 0,
      wakeStands: false,
      lastArrivedAt: undefined,
      faults: 0,
    },
    changed: (logs = []) => changed(logs),
    onError: ports.onError ?? (() => undefined),
  };
}

/** Resolves when none of the hashes waits in the outbox any more, or the signal stops. */
function whenAnswered(
  store: Store,
  listeners: Set<() => void>,
  hashes: readonly string[],
  signal: StopSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!signal.aborted && hashes.some((hash) => store.outbox.has(hash))) return;
      listeners.delete(look);
      signal.removeEventListener("abort", look);
      resolve();
    };
    listeners.add(look);
    signal.addEventListener("abort", look);
    look();
  });
}

/** What the stored directories teach, in the order of their chains; each is checked again. */
async function learnStoredKeys(disk: Disk, book: KeyBook, p: Primitives): Promise<void> {
  const logs = ["installation", ...(await disk.listLogs("directory/"))];
  for (const log of logs.filter(teachesKeys)) {
    const rows = (await disk.readLog(log)).flatMap((row) =>
      row.receipt === undefined ? [] : [{ ...row, receipt: row.receipt }],
    );
    for (const row of rows.sort((a, b) => a.receipt.seq - b.receipt.seq)) {
      const { entry, fault } = await checkItem(p, book, row.signed, row.receipt, new Map());
      if (entry !== undefined && (fault === undefined || fault === "receipt"))
        await book.learn(entry);
    }
  }
}
