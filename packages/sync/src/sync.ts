import type { FeedItem } from "@lientuyen/api";
import type { Primitives, Urgency } from "@lientuyen/record";
import { checkItem } from "./check.ts";
import { atLeastMs, pause, reached, ringAll, type Engine, type Flags, type Pause } from "./engine.ts";
import { createReader, takeIn } from "./feed.ts";
import { createKeyBook, teachesKeys, type KeyBook } from "./keyBook.ts";
import { createBell, runLoop, type Next } from "./loop.ts";
import { createMeter } from "./meter.ts";
import { newStopper, type Subtle } from "./platform.ts";
import type { Clock, Disk, FileContent, FilePriority, HeldRow, Network, Randomness, SealedBatch, Step, StopSignal, UploadRow, ViewRow } from "./ports.ts";
import { outboxRowOf } from "./outboxRow.ts";
import { sealOutbox } from "./sealedOutbox.ts";
import { createSender } from "./sender.ts";
import { createRush, readState, unsentOf, type EngineState } from "./state.ts";
import { openStore, uploadName, type Store } from "./store.ts";
import { createUploader } from "./uploads.ts";
import { rankOf, write, type WriteAnswer, type WriteRequest } from "./write.ts";

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

export interface NewFile {
  readonly log: string;
  /** SHA-256 of the content, base64url. */
  readonly hash: string;
  readonly type: string;
  readonly priority: FilePriority;
  readonly content: FileContent;
  readonly urgency?: Urgency | undefined;
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
  const { clock, disk, random, primitives } = ports;
  const summary = await disk.load();
  const book = createKeyBook(primitives, summary.root);
  const listeners = new Set<() => void>();
  const changed = (logs: readonly string[] = []): void => {
    ports.onChange({ logs });
    for (const listener of listeners) listener();
  };
  const rush = createRush();
  const store = await openStore(disk, (steps, rows) => rush.note(steps, unsentOf(rows)));
  const flags: Flags = { pauses: new Set(), online: undefined, caughtUp: false, wakeStands: false, lastArrivedAt: undefined, faults: 0 };
  const shared = {
    store,
    network: ports.network,
    clock,
    random,
    primitives,
    book,
    meter: createMeter(),
    bells: { send: createBell(clock), feed: createBell(clock), files: createBell(clock), wake: createBell(clock) },
    tails: new Map<string, { seq: number; chain: string }>(),
    keyless: new Map<string, Set<string>>(),
    flags,
    changed,
    onError: ports.onError ?? (() => undefined),
  };
  await learnStoredKeys(disk, book, primitives);

  let running: { readonly stop: () => void; readonly ended: Promise<unknown> } | undefined;
  let parts: { readonly hurry: () => void; readonly sentOf: (row: UploadRow) => number; readonly ratio: () => number } | undefined;
  let closed = false;
  const quiet: Engine = { ...shared, signal: newStopper().signal };

  const start = (): void => {
    if (running !== undefined || closed) return;
    const stopper = newStopper();
    const engine: Engine = { ...shared, signal: stopper.signal };
    const sender = createSender(engine);
    const uploader = createUploader(engine, sender.hasWork);
    const reader = createReader(engine);
    parts = {
      sentOf: uploader.sentOf,
      ratio: sender.ratio,
      hurry: () => {
        sender.hurry();
        uploader.hurry();
      },
    };
    const loop = (bell: Engine["bells"]["send"], step: () => Promise<Next>) => runLoop({ clock, random, bell, signal: stopper.signal, isPaused: () => flags.pauses.size > 0, onError: shared.onError }, step);
    const { bells } = shared;
    const ended = Promise.all([loop(bells.send, sender.step), loop(bells.feed, reader), loop(bells.files, uploader.step), loop(bells.wake, () => listen(engine))]);
    running = { stop: () => stopper.abort(), ended };
  };

  const stop = async (): Promise<void> => {
    const was = running;
    running = undefined;
    was?.stop();
    await was?.ended;
  };

  const nudge = (): void => {
    parts?.hurry();
    ringAll(shared);
  };

  const commit = async (build: () => readonly Step[], logs: readonly string[] = []): Promise<"done" | "full"> => {
    const outcome = await store.transact(async () => ({ steps: build(), value: undefined }));
    if (!outcome.ok) return "full";
    changed(logs);
    return "done";
  };

  return {
    start,
    stop,
    nudge,
    close: async () => {
      closed = true;
      await stop();
      await store.close();
    },
    pause: () => pause(quiet, "asked"),
    resume: (reason) => {
      flags.pauses.delete(reason);
      changed();
      nudge();
    },
    state: () => readState(store, flags, shared.meter, rush.done(), { ratio: parts?.ratio() ?? 0.6, sentOf: parts?.sentOf ?? ((row) => row.offset) }),
    write: (request) => write(quiet, request),
    addFile: async (file) => {
      if ((await disk.writeFile(file.log, file.hash, file.content)) === "full") return "full";
      // Added twice: the first upload stands.
      if (store.uploads.has(uploadName(file.log, file.hash))) return "done";
      const outcome = await commit(() => [{ do: "putUpload", row: uploadRow(file, store.nextOrder()) }], [file.log]);
      shared.bells.files.ring("work");
      return outcome;
    },
    logView: async (view) => {
      const outcome = await commit(() => [{ do: "putView", row: view }]);
      shared.bells.send.ring("work");
      return outcome;
    },
    takeIn: async (items) => {
      const taken = await takeIn(quiet, items);
      nudge();
      return taken;
    },
    held: (log) => [...store.held.values()].filter((row) => log === undefined || row.log === log),
    retry: async (hashes) => {
      const outcome = await retry(quiet, hashes);
      shared.bells.send.ring("work");
      return outcome;
    },
    dismiss: (hashes) => commit(() => hashes.map((hash): Step => ({ do: "dropHeld", hash })), logsOf(store, hashes)),
    uploads: (log) => [...store.uploads.values()].filter((row) => log === undefined || row.log === log).map((row) => ({ ...row, sentBytes: parts?.sentOf(row) ?? row.offset })),
    unsent: (log) => [...store.outbox.values()].flatMap((row) => (row.log === log && row.reoffer !== true ? [row.hash] : [])),
    whenAnswered: (hashes, signal) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!signal.aborted && hashes.some((hash) => store.outbox.has(hash))) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        signal.addEventListener("abort", look);
        look();
      }),
    sealOutbox: (subtle) => sealOutbox(quiet, subtle),
    keys: book,
  };
}

const logsOf = (store: Store, hashes: readonly string[]): readonly string[] => [...new Set(hashes.flatMap((hash) => store.held.get(hash)?.log ?? []))];

const uploadRow = (file: NewFile, order: number): UploadRow => ({
  log: file.log,
  hash: file.hash,
  size: file.content.size,
  type: file.type,
  priority: file.priority,
  rank: rankOf(file.urgency),
  order,
  state: "waiting",
  offset: 0,
});

/** Listens for the server's wake; while nobody wakes us the reader asks by itself. */
async function listen(engine: Engine): Promise<Next> {
  const { flags, bells } = engine;
  const ended = await engine.network.wake(() => {
    flags.wakeStands = true;
    reached(engine, { result: "ok" });
    bells.feed.ring("now");
  }, engine.signal);
  const stood = flags.wakeStands;
  flags.wakeStands = false;
  if (ended.result === "ended") return { then: "idle", ms: stood ? 0 : 1_000 };
  // A listener that breaks off says little of the line: requests say whether it stands.
  if (ended.result !== "offline") reached(engine, ended);
  if (stood) bells.feed.ring("work");
  return { then: "failed", atLeastMs: ended.result === "refused" ? 60_000 : atLeastMs(ended) };
}

/** What the stored directories teach, in the order of their chains; each is checked again. */
async function learnStoredKeys(disk: Disk, book: KeyBook, p: Primitives): Promise<void> {
  const logs = ["installation", ...(await disk.listLogs("directory/"))];
  for (const log of logs.filter(teachesKeys)) {
    const rows = (await disk.readLog(log)).flatMap((row) => (row.receipt === undefined ? [] : [{ ...row, receipt: row.receipt }]));
    for (const row of rows.sort((a, b) => a.receipt.seq - b.receipt.seq)) {
      const { entry, fault } = await checkItem(p, book, row.signed, row.receipt, new Map());
      if (entry !== undefined && (fault === undefined || fault === "receipt")) await book.learn(entry);
    }
  }
}

async function retry(engine: Engine, hashes: readonly string[]): Promise<"done" | "full"> {
  const { store } = engine;
  const outcome = await store.transact(async () => {
    const rows = await store.disk.readEntries(hashes.filter((hash) => store.held.get(hash)?.state === "refused"));
    const kept = new Map(rows.map((row) => [row.hash, row]));
    const steps = hashes.flatMap((hash): Step[] => {
      const row = kept.get(hash);
      return row === undefined ? [] : [{ do: "dropHeld", hash }, { do: "putOutbox", row: outboxRowOf(row, store.nextOrder()) }];
    });
    return { steps, value: undefined };
  });
  engine.changed(logsOf(store, hashes));
  return outcome.ok ? "done" : "full";
}
