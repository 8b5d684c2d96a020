import type {
  Author,
  CaseFact,
  CaseView,
  DirectoryFact,
  DirectoryView,
  FileRef,
  Identity,
  SignedEntry,
  Receipt,
} from "@lientuyen/record";
import type { CallOptions, Me } from "@lientuyen/api";
import type { EntryFault } from "@lientuyen/sync";

/** A fact whose body names facts before it in the same write, by their hashes in order. */
export type LateFact = {
  readonly [Kind in CaseFact["kind"]]: {
    readonly kind: Kind;
    readonly body: (earlier: readonly string[]) => Extract<CaseFact, { kind: Kind }>["body"];
  };
}[CaseFact["kind"]];

/** `refused`: the server has it no more, or not for this facility. */
export type CaseBrought = "here" | "absent" | "offline" | "signInNeeded" | "full" | "refused";

export interface HeldEntry {
  readonly signed: SignedEntry;
  readonly receipt: Receipt | undefined;
  readonly fault: EntryFault | undefined;
}

/**
 * What the screens know of this device: the unlocked store, the outbox and the feed behind one door.
 * Screens read views and write facts; encryption, signing, sending and receiving are not their business.
 * Every `subscribe` calls its listener after a change and returns the way to stop.
 */
export interface Device {
  readonly me: Me;
  readonly author: Author;
  /** Fingerprint of the key that signs here, base64url. */
  readonly key: string;
  /** Now by this device's clock (injected: tests own it), ms since the epoch. */
  readonly now: () => number;

  readonly cases: {
    /** Cases this device holds, newest first; light rows from the catalogue. The open ones are there from the beginning. */
    list(): readonly CaseRow[];
    /** Reads what the list still lacks after unlocking, a little at a time; resolves when it is every case. */
    whole(): Promise<void>;
    isWhole(): boolean;
    /** Folded view; undefined when this device does not hold the case, or not whole. Cheap to call again: cached until the case changes. */
    view(log: string): Promise<CaseView | undefined>;
    /** Fetches a listed case that is not here (any more) whole. `absent`: not listed either. */
    bring(log: string): Promise<CaseBrought>;
    /** Signed entries and receipts of a case, for the proof; `fault` where one is not believed. Throws where it is not here and cannot be fetched. */
    entries(log: string): Promise<readonly HeldEntry[]>;
    /** Diacritic-free search over number, names, diagnosis, numbers. */
    search(query: string): readonly CaseRow[];
    /** One case changed (or any, when log is undefined). */
    subscribe(log: string | undefined, listener: () => void): () => void;
    /** Makes, signs, stores (durability strict) and queues entries; resolves once they are on disk. A case that is not here is fetched first. Returns entry hashes in order. Opens a new case when `log` is new and the first fact is `opened`. `drafts` become these entries: gone in the same transaction, so that no power cut leaves both. */
    write(
      log: string,
      facts: readonly (CaseFact | LateFact)[],
      drafts?: readonly string[],
    ): Promise<readonly string[]>;
    newLog(): string;
    newCaseNumber(): string;
    /** Views are logged, offline ones too. */
    opened(log: string): Promise<void>;
    /** Same facility's earlier patients that may be the same person. */
    likelyPatients(
      identity: Partial<Identity>,
    ): readonly { readonly log: string; readonly identity: Identity; readonly lastCase: string }[];
    /** Registers the patient in the facility's patient log; returns its uuid. */
    registerPatient(identity: Identity): Promise<string>;
    /** Entries of this case that the server refused, with the catalogue's code. */
    refused(
      log: string,
    ): readonly { readonly hash: string; readonly kind: string; readonly code: string }[];
    /** How many entries of this case wait at the server for a release, because their key was disowned. */
    quarantined(log: string): number;
    /** Marks what is new since last looked. */
    markLooked(log: string): Promise<void>;
  };

  readonly drafts: {
    /** Encrypted, written with durability strict; resolves when on disk. `name` e.g. `case/<uuid>/history`. JSON values only. */
    save(name: string, value: unknown): Promise<void>;
    load(name: string): Promise<unknown>;
    remove(name: string): Promise<void>;
    list(prefix: string): Promise<readonly string[]>;
    /** `flush` is waited for before the device closes, whoever closes it: what was typed last is on disk by then. Answers the way out. */
    beforeClosing(flush: () => Promise<void>): () => void;
  };

  readonly files: {
    /** Stores the bytes encrypted, queues the upload; resolves when on disk. Priority: lower goes first. */
    add(log: string, content: Blob, priority: "key" | "first" | "original"): Promise<FileRef>;
    /** From this device, else from the server (then kept); undefined while it has not arrived anywhere reachable. */
    read(log: string, file: FileRef): Promise<Blob | undefined>;
    /** Which of these hashes have fully arrived at the server. */
    arrived(log: string): ReadonlySet<string>;
    /** Bytes sent so far of a file on its way. */
    progress(hash: string): { readonly sent: number; readonly size: number } | undefined;
    /** Where the server can be reached: the phone as camera. Throws `offline` when not. */
    openCameraLink(log: string): Promise<{ readonly url: string; readonly expiresAt: string }>;
    /** Content hashes of the photographs that the phone brought through the link, oldest first. */
    cameraLinkPhotos(url: string): Promise<readonly string[]>;
    takeFromCameraLink(url: string, hash: string): Promise<Blob>;
  };

  readonly directory: {
    view(): DirectoryView;
    /** Everything that the server has for this facility was read since the store was opened; told by `sync.subscribe`. */
    isCaughtUp(): boolean;
    subscribe(listener: () => void): () => void;
    /** Administrators: signs a directory entry and sends it; online only. */
    write(facts: readonly DirectoryFact[]): Promise<void>;
    /** Account for a person just added: online only. */
    createAccount(person: string, account: string, password: string): Promise<void>;
    resetPassword(person: string): Promise<string>;
  };

  readonly damage: {
    /** What of this store was found damaged, and what became of it; the same list until something changes. */
    list(): readonly DamagedItem[];
    subscribe(listener: () => void): () => void;
    /** Somebody has read of it: what waits for nothing any more is not told again. */
    dismiss(): Promise<void>;
  };
  /** How to call the server as this person, for what is kept on no device: live sessions. Ends with the lock. */
  readonly way: () => CallOptions;

  readonly sync: {
    state(): SyncState;
    subscribe(listener: () => void): () => void;
    /** Try now. */
    nudge(): void;
  };

  /** Server keys for the proof. */
  receiptKeys(): readonly { readonly key: string; readonly publicKey: string }[];
  lock(): Promise<void>;
}

/** Something in the local store whose bytes were not those that had been written. */
export interface DamagedItem {
  readonly id: string;
  /** `unsent`: an entry that the server had not got yet; `lists`: made from the entries, and made from them again. */
  readonly what: "case" | "unsent" | "file" | "draft" | "view" | "directory" | "lists";
  /** `waiting`: for the line. */
  readonly state: "waiting" | "mended" | "lost";
  readonly log?: string | undefined;
  /** Of an unsent entry. */
  readonly kind?: string | undefined;
  readonly hash?: string | undefined;
  /** Found at, device clock, RFC 3339. */
  readonly at: string;
}

export interface SyncState {
  readonly online: boolean;
  /** Entries and files that are on this machine only. */
  readonly unsentEntries: number;
  readonly unsentFiles: number;
  readonly sending:
    | { readonly done: number; readonly total: number; readonly secondsLeft: number | undefined }
    | undefined;
  readonly lastArrivedAt: string | undefined;
  /** Session cookie gone: sign in again to send; nothing is lost. */
  readonly signInNeeded: boolean;
  readonly storage: "persisted" | "notPersisted" | "nearlyFull" | "full";
  readonly refused: number;
  /** Entries that wait until the administrator lets them through: the server has them, nobody else sees them. */
  readonly quarantined: number;
  /** The server no longer speaks this version's protocol. */
  readonly updateNeeded: boolean;
  /** The server showed another history than it had signed before: evidence lies on this device. */
  readonly historyChanged: boolean;
}

export interface CaseRow {
  readonly log: string;
  readonly number: string;
  readonly facility: string;
  readonly patientName: string | undefined;
  readonly patientLine: string; // e.g. "nam, 34 tuổi"; empty where not known
  readonly sex: string | undefined;
  readonly birthYear: number | undefined;
  /** Whole months now; for small children the year says too little. */
  readonly ageMonths: number | undefined;
  readonly state: "open" | "closed";
  readonly diagnosis: string | undefined;
  readonly summaryLine: string | undefined;
  readonly openedAt: string;
  readonly changedAt: string;
  /** The request that matters most now, if any. */
  readonly request: RequestRow | undefined;
  readonly requests: readonly RequestRow[];
  /** Something from the other side since `markLooked`. */
  readonly isNew: boolean;
  /** Unsent here. */
  readonly unsent: number;
  /** Its entries are not on this device any more: opening it needs the line. */
  readonly isAway: boolean;
  /** Answer complete or asked back, and the station has to act. */
  readonly waitsForMe: "no" | "answer" | "informationAsked" | "outcomeDue" | "diverged";
}
export interface RequestRow {
  readonly hash: string;
  readonly to: string;
  readonly specialty: string;
  readonly urgency: "emergency" | "urgent" | "routine";
  readonly worse: boolean;
  readonly state: string;
  readonly sentAt: string;
  /** receivedAt, else sentAt plus the answer deadline; ms since the epoch. */
  readonly dueAtMs: number;
  readonly allocatedTo: string | undefined;
  readonly acceptedBy: string | undefined;
  readonly openQuestions: number;
  /** Not the request itself: a specialist of `to` was asked in on it. `hash` is that entry's, `allocatedTo` who was named. */
  readonly askedIn?: true | undefined;
}
