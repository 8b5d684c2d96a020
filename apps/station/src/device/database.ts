import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Me } from "@lientuyen/api";
import type { Bytes } from "@lientuyen/record";
import type { Sealed } from "./vault.ts";

/*
 * The one database of this browser. What stands in clear: staff names, wrapped keys, facility codes, sizes and
 * counts. Every word of a patient is inside `Sealed` bytes; keys of rows are HMACs or random numbers.
 *
 * Versions
 *   1  first
 */
const version = 1;

/** A person who may unlock this device. Names of staff are no patient's words. */
export interface StoredPerson {
  readonly person: string;
  readonly facility: string;
  /** Which store: facility and installation, so that a server founded anew does not mix with the one before. */
  readonly scope: string;
  readonly name: string;
  readonly account: string;
  /** As the server last said it. */
  readonly me: Me;
  readonly salt: Bytes;
  readonly storeKey: Sealed;
  readonly signingKey: Sealed;
  /** Fingerprint of the signing key, base64url. */
  readonly key: string;
  readonly publicKey: Bytes;
  readonly wrongAttempts: number;
  /** Device clock; no attempt before it. */
  readonly notBeforeMs: number;
}

/** One facility's store on this device. */
export interface StoredFacility {
  readonly scope: string;
  readonly facility: string;
  /** Fingerprint of the installation's root key. */
  readonly root: string;
  /** Lets the sealed outbox out while the screen is locked; opens nothing. */
  readonly transport: string;
  /** The server's sealing key, uncompressed point, base64url. */
  readonly sealingKey: string;
  /** The store secret sealed to it: opened by the server for a signed-in person of this facility. */
  readonly recovery: SealedToServer;
}

export interface SealedToServer {
  readonly ephemeral: string;
  readonly iv: string;
  readonly sealed: string;
}

/** Entries on their way out, readable for the server alone: what still goes out while the screen is locked. */
export interface OutgoingRow {
  readonly scope: string;
  readonly batch: SealedToServer;
  /** Tags of the entries in it that have no answer yet. */
  readonly waiting: readonly string[];
  /** The server has answered while the screen was locked: not sent again from there. */
  readonly sent: boolean;
}

/** An emergency written without a PIN; opened when its author has signed in. */
export interface EmergencyRow {
  readonly id: string;
  /** The facility's store that it will be moved to. */
  readonly scope: string;
  readonly facility: string;
  readonly name: string;
  readonly person: string | undefined;
  readonly startedAtMs: number;
  /** Store secret and signing key, sealed to the server. */
  readonly recovery: SealedToServer;
  readonly publicKey: Bytes;
}

export interface ItemRow {
  /** Tag of its log; absent where the entry lies in the log's blob. */
  readonly log?: string;
  readonly blobOf?: string;
  readonly sealed?: Sealed;
}

interface Tables extends DBSchema {
  /** `id`, and each store's directory for an emergency. */
  device: { key: string; value: string };
  people: { key: string; value: StoredPerson };
  facilities: { key: string; value: StoredFacility };
  emergencies: { key: string; value: EmergencyRow };
  outgoing: { key: number; value: OutgoingRow };
  /** Key: tag of the entry hash. */
  items: { key: string; value: ItemRow; indexes: { log: string } };
  /** Key: tag of the log. The compacted entries of one log. */
  blobs: { key: string; value: Sealed };
  /** Key: tag of the log; `group` is scope and first letter of the log's name. */
  logs: {
    key: string;
    value: { readonly group: string; readonly name: Sealed };
    indexes: { group: string };
  };
  /** Key: scope, kind and tag: outbox, held, uploads, views, counters, drafts, catalogue … */
  rows: { key: string; value: Sealed };
  /** Key: tag of log and file hash. */
  files: { key: string; value: { readonly scope: string; readonly about: Sealed } };
  /** Key: file tag and piece number. */
  pieces: { key: string; value: Sealed };
}

export type Database = IDBPDatabase<Tables>;
export const strict = { durability: "strict" } as const;

/** `lost`: the browser closed the connection by itself (storage cleared, disk gone). */
export const openDatabase = (name: string, lost: () => void): Promise<Database> =>
  openDB<Tables>(name, version, {
    upgrade(db) {
      db.createObjectStore("device");
      db.createObjectStore("people");
      db.createObjectStore("facilities");
      db.createObjectStore("emergencies");
      db.createObjectStore("outgoing", { autoIncrement: true });
      db.createObjectStore("items").createIndex("log", "log");
      db.createObjectStore("blobs");
      db.createObjectStore("logs").createIndex("group", "group");
      db.createObjectStore("rows");
      db.createObjectStore("files");
      db.createObjectStore("pieces");
    },
    blocking(_current, _next, event) {
      if (event.target instanceof IDBDatabase) event.target.close();
      lost();
    },
    terminated: lost,
  });

/** Keys that begin with `prefix`. */
export const beginningWith = (prefix: string): IDBKeyRange =>
  IDBKeyRange.bound(prefix, `${prefix}\uffff`);

export const isQuotaError = (error: unknown): boolean =>
  error instanceof DOMException && error.name === "QuotaExceededError";
