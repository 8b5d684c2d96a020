import type { EntryAnswer, FeedItem, OwnRun } from "@lientuyen/api";
import type { Bytes, Checkpoint, Receipt, SignedEntry } from "@lientuyen/record";

/*
 * What the engine needs of the world. The browser and the tests give the same shapes,
 * so that one engine runs in both. No DOM and no Node type is named here.
 */

// ---------------------------------------------------------------- AbortSignal, as far as it is needed

/** The part of AbortSignal that the engine uses; the platform's own satisfies it. */
export interface StopSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

// ---------------------------------------------------------------- Disk

/** Why an entry that came from the server is not believed. Kept, so that the timeline can name it. */
export type EntryFault =
  | "header" // not canonical, not valid
  | "bodyHash"
  | "signature"
  | "unknownKey"
  | "receipt" // the receipt names another entry, or its signature or key is not the server's
  | "chain"; // the chain value does not follow from the receipt before it

/** One entry with its receipt. `hash` is the primary key; `log` needs an index. */
export interface StoredEntry {
  readonly hash: string;
  readonly log: string;
  readonly signed: SignedEntry;
  /** Absent until the server has received it. */
  readonly receipt?: Receipt | undefined;
  /** Receipts that a server gave before it was restored from a backup (older epochs): evidence, kept. */
  readonly earlierReceipts?: readonly Receipt[] | undefined;
  /**
   * Set where a check failed; the timeline names it. Content under `receipt` and `chain` is authentic and is
   * folded like any other; what stands under the other faults is left out of `fold`.
   */
  readonly fault?: EntryFault | undefined;
}

/**
 * A case whose entries are not on this device any more: what it keeps of it. Primary key `log`. It speaks of the epoch
 * in which the entries went; in a later one it is evidence alone.
 */
export interface AwayRow {
  readonly log: string;
  readonly epoch: number;
  /** The last receipt of those that went: its chain value commits the server to all before it. */
  readonly last: Receipt;
}

/** An entry that has still to go out. Primary key `hash`; `order` is unique and grows with each write. */
export interface OutboxRow {
  readonly hash: string;
  /** Header id: what the server's answer names. */
  readonly id: string;
  readonly log: string;
  readonly kind: string;
  /** Fingerprint of the signing key. */
  readonly key: string;
  readonly order: number;
  /** Characters of header and body: what a batch's size is reckoned from. */
  readonly size: number;
  /** Entry hashes that the body names as targets (not `after`, not `replaces`). */
  readonly targets: readonly string[];
  /** 0 emergency, 1 urgent, 2 the rest: the log's most urgent open request when it was written. */
  readonly rank: 0 | 1 | 2;
  /** Offered again after the server was restored: a refusal concerns nobody here. */
  readonly reoffer?: boolean | undefined;
}

/** An entry that the server did not take. Primary key `hash`. */
export interface HeldRow {
  readonly hash: string;
  readonly id: string;
  readonly log: string;
  readonly kind: string;
  readonly state: "refused" | "quarantined";
  /** Of the errors catalogue. */
  readonly code: string;
  readonly detail?: string | undefined;
  /** Device clock, RFC 3339. */
  readonly at: string;
}

/** How far the feed has been read. */
export interface FeedPlace {
  readonly epoch: number;
  readonly position: number;
}

/** A file on its way. Primary key (`log`, `hash`). */
export interface UploadRow {
  readonly log: string;
  /** SHA-256 of the content, base64url. */
  readonly hash: string;
  readonly size: number;
  readonly type: string;
  readonly priority: FilePriority;
  readonly rank: 0 | 1 | 2;
  readonly order: number;
  readonly state: "waiting" | "sent" | "refused";
  /** Of the errors catalogue, where refused. */
  readonly code?: string | undefined;
  /** Where the server takes the rest (tus Location), once created. */
  readonly url?: string | undefined;
  /** Bytes that the server is known to hold. */
  readonly offset: number;
}

/** `key`: summary picture that is looked at first; `first`: shown with the case; `original`: when the line is free. */
export type FilePriority = "key" | "first" | "original";

/** A view of a case, for the log of accesses. Primary key `id`. */
export interface ViewRow {
  readonly id: string;
  readonly log: string;
  readonly at: string;
  readonly device: string;
  /** Who looked: on a shared PC a colleague may be the next with a line. Older rows do not say. */
  readonly person?: string | undefined;
}

/** What this device has seen of the server's signed history. Everything in it was verified before it was kept. */
export interface KeptHistory {
  /** The newest checkpoint that continued the one before it. */
  readonly last: Checkpoint;
  /** The last ones of earlier epochs: evidence. */
  readonly earlier: readonly Checkpoint[];
  /** Checkpoints that did not continue what was kept, each with that: evidence. */
  readonly contradictions: readonly { readonly kept: Checkpoint; readonly seen: Checkpoint }[];
}

/** Everything small: read once when the engine starts and kept in memory from then on. */
export interface DiskSummary {
  readonly place: FeedPlace | undefined;
  /** Fingerprint of the installation's root key, pinned at first sight. */
  readonly root: string | undefined;
  /** Last counter used by each signing key of this device. */
  readonly counters: readonly { readonly key: string; readonly n: number }[];
  readonly outbox: readonly OutboxRow[];
  readonly held: readonly HeldRow[];
  readonly uploads: readonly UploadRow[];
  readonly views: readonly ViewRow[];
  readonly history: KeptHistory | undefined;
  /** Logs that are away and of which entries have come since. */
  readonly behind: readonly string[];
}

/** One change of one row. `put` inserts or replaces the whole row; dropping what is not there is fine. */
export type Step =
  | { readonly do: "putEntry"; readonly row: StoredEntry }
  /** Stores the row and drops these entries, which are all that is here of the log. */
  | { readonly do: "putAway"; readonly row: AwayRow; readonly hashes: readonly string[] }
  /** The log is here again: drops its AwayRow, and its mark of being behind. */
  | { readonly do: "dropAway"; readonly log: string }
  | { readonly do: "putBehind"; readonly log: string }
  | { readonly do: "putOutbox"; readonly row: OutboxRow }
  | { readonly do: "dropOutbox"; readonly hash: string }
  | { readonly do: "putHeld"; readonly row: HeldRow }
  | { readonly do: "dropHeld"; readonly hash: string }
  | { readonly do: "putUpload"; readonly row: UploadRow }
  | { readonly do: "dropUpload"; readonly log: string; readonly hash: string }
  | { readonly do: "putView"; readonly row: ViewRow }
  | { readonly do: "dropView"; readonly id: string }
  | { readonly do: "putCounter"; readonly key: string; readonly n: number }
  | { readonly do: "putPlace"; readonly place: FeedPlace }
  | { readonly do: "putRoot"; readonly root: string }
  | { readonly do: "putHistory"; readonly history: KeptHistory }
  /** What was being typed has become entries of the same transaction. Whose drafts there are is the disk's matter. */
  | { readonly do: "dropDraft"; readonly name: string };

/** Bytes that are read in pieces; the platform's Blob satisfies it. */
export interface FileContent {
  readonly size: number;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** The durable store. Reads see the last commit that resolved. The engine calls `commit` one at a time. */
export interface Disk {
  load(): Promise<DiskSummary>;
  /** Entries of one log, in no particular order. */
  readLog(log: string): Promise<readonly StoredEntry[]>;
  /** Names of the logs that begin so (`""` for all; `directory/`, `installation`). */
  listLogs(prefix: string): Promise<readonly string[]>;
  /** Those of the hashes that are here, in no particular order. */
  readEntries(hashes: readonly string[]): Promise<readonly StoredEntry[]>;
  readAway(log: string): Promise<AwayRow | undefined>;
  /**
   * All steps in order in one transaction, durable when it resolves (`durability: 'strict'`), or none at all.
   * `full`: the quota is used up and nothing was changed. Anything else that goes wrong is thrown.
   */
  commit(steps: readonly Step[]): Promise<"done" | "full">;
  /** Stores a file's bytes whole, before its upload row is committed; may take several transactions. */
  writeFile(log: string, hash: string, content: FileContent): Promise<"done" | "full">;
  /** Bytes [from, to) of a file; undefined when it is not here. */
  readFile(log: string, hash: string, from: number, to: number): Promise<Bytes | undefined>;
  /** Removes a file's bytes (the entry was withheld). */
  dropFile(log: string, hash: string): Promise<void>;
}

// ---------------------------------------------------------------- Network

/** What went wrong with the line or the session; never a matter of one entry. */
export type NetworkFailure =
  | { readonly result: "offline" } // no answer, or one that broke off
  | { readonly result: "unavailable"; readonly retryAfterMs?: number | undefined } // 429, 5xx
  | { readonly result: "signInNeeded" }
  | { readonly result: "oldProtocol" };

/** The server understood and said no to the whole request; `code` is of the errors catalogue. */
export interface NetworkRefusal {
  readonly result: "refused";
  readonly status: number;
  readonly code: string;
  readonly detail?: string | undefined;
}

export type NetworkAnswer<T> = ({ readonly result: "ok" } & T) | NetworkFailure | NetworkRefusal;

export interface FeedPage {
  readonly epoch: number;
  readonly items: readonly FeedItem[];
  /** Entries that this device wrote: named, not sent. */
  readonly own: readonly OwnRun[];
  /** Position to ask after next time. */
  readonly next: number;
  readonly more: boolean;
}

export interface HistoryAnswer {
  readonly checkpoint: Checkpoint;
  /** RFC 9162 consistency path; absent where there is none. */
  readonly path?: readonly string[] | undefined;
}

/** A batch sealed to the server's sealing key: all texts base64url. */
export interface SealedBatch {
  readonly ephemeral: string;
  readonly iv: string;
  readonly sealed: string;
}

export interface Network {
  postEntries(
    entries: readonly SignedEntry[],
    signal: StopSignal,
    /** Receipts that these entries had before the server was restored: evidence, at most 2,000. */
    earlier?: readonly Receipt[],
  ): Promise<
    NetworkAnswer<{
      readonly answers: readonly EntryAnswer[];
      /** Compressed, as they went over the line. */ readonly sentBytes: number;
    }>
  >;
  getFeed(
    place: FeedPlace | undefined,
    ask: { readonly limit: number; /** This device's own entries too. */ readonly whole: boolean },
    signal: StopSignal,
  ): Promise<NetworkAnswer<{ readonly page: FeedPage }>>;
  /** All entries of one case, in the order of their receipts. */
  getCase(
    log: string,
    signal: StopSignal,
  ): Promise<NetworkAnswer<{ readonly items: readonly FeedItem[] }>>;
  /** The installation's log: the server's keys. Needs no session. */
  getServerKeys(
    signal: StopSignal,
  ): Promise<NetworkAnswer<{ readonly items: readonly FeedItem[] }>>;
  /** The latest checkpoint, and what proves that the tree of `since` leaves is its beginning. */
  getCheckpoint(since: number, signal: StopSignal): Promise<NetworkAnswer<HistoryAnswer>>;
  /**
   * Listens until it breaks or is stopped; `onWake` whenever the feed has grown, and once when the line stands.
   * Resolves with why it ended.
   */
  wake(
    onWake: () => void,
    signal: StopSignal,
  ): Promise<NetworkFailure | NetworkRefusal | { readonly result: "ended" }>;
  postViews(views: readonly ViewRow[], signal: StopSignal): Promise<NetworkAnswer<object>>;
  /** Sends while the screen is locked, by the device's transport token. */
  postSealed(
    batch: SealedBatch,
    transport: string,
    signal: StopSignal,
  ): Promise<NetworkAnswer<{ readonly answers: readonly EntryAnswer[] }>>;
  /** Files of a case that the server holds whole. */
  filesHeld(
    log: string,
    signal: StopSignal,
  ): Promise<NetworkAnswer<{ readonly held: readonly string[] }>>;
  /** tus creation: where to send the bytes. */
  createUpload(
    file: {
      readonly log: string;
      readonly hash: string;
      readonly size: number;
      readonly type: string;
    },
    signal: StopSignal,
  ): Promise<NetworkAnswer<{ readonly url: string }>>;
  /** tus HEAD: how many bytes the server holds; `gone` when it knows the upload no more. */
  uploadOffset(
    url: string,
    signal: StopSignal,
  ): Promise<NetworkAnswer<{ readonly offset: number }> | { readonly result: "gone" }>;
  /** tus PATCH of one chunk at `offset`; the new offset. `moved`: the server stands elsewhere, ask again. */
  sendChunk(
    url: string,
    offset: number,
    bytes: Bytes,
    signal: StopSignal,
  ): Promise<
    | NetworkAnswer<{ readonly offset: number }>
    | { readonly result: "gone" }
    | { readonly result: "moved" }
  >;
  /** A file of a readable case from the server, from byte `from` on. */
  getFile(
    log: string,
    hash: string,
    from: number,
    signal: StopSignal,
  ): Promise<NetworkAnswer<{ readonly bytes: Bytes; readonly total: number }>>;
}

// ---------------------------------------------------------------- Clock, randomness

export interface Clock {
  /** Milliseconds since the epoch by this device's clock; may be hours off. Never used to order anything. */
  now(): number;
  /** Milliseconds of a clock that only moves forward: for waits and throughput. */
  elapsed(): number;
  /** Resolves after `ms`, or at once when the signal stops. */
  sleep(ms: number, signal: StopSignal): Promise<void>;
}

/** `n` random bytes. */
export type Randomness = (n: number) => Bytes;
