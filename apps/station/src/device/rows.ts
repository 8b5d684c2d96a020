import * as v from "valibot";
import { beginningWith, type Database } from "./database.ts";
import { fromUtf8, utf8, type Sealed, type StoreKeys } from "./vault.ts";

/** Kinds of small rows; a row's key is scope, kind and the HMAC of its name. */
export type RowKind =
  | "outbox"
  | "held"
  | "upload"
  | "view"
  | "counter"
  | "fixed" // feed place, root key …: one of each
  | "draft"
  | "dirty" // logs whose catalogue row is older than their entries
  | "patient"
  | "catalogue" // one changed case each, until the segments are written anew
  | "looked"
  | "away" // what is kept of a case whose entries went from this device
  | "brought" // cases that were fetched to be looked at, and when
  | "behind"; // such cases of which new entries have come

export interface SealedRow {
  readonly key: string;
  readonly sealed: Sealed;
}

/** Small encrypted JSON values of one facility. Everything is sealed before a transaction begins. */
export interface Rows {
  key(kind: RowKind, name: string): Promise<string>;
  seal(kind: RowKind, name: string, value: unknown): Promise<SealedRow>;
  /** Parsed rows of a kind; a row that this version cannot read is an error, not a hole. */
  list<S extends v.GenericSchema>(kind: RowKind, schema: S): Promise<v.InferOutput<S>[]>;
  find<S extends v.GenericSchema>(
    kind: RowKind,
    name: string,
    schema: S,
  ): Promise<v.InferOutput<S> | undefined>;
}

export const openRows = (db: Database, keys: StoreKeys, scope: string): Rows => {
  const keyOf = async (kind: RowKind, name: string) =>
    `${scope}:${kind}:${await keys.tag(`${kind}|${name}`)}`;
  const read = async <S extends v.GenericSchema>(key: string, sealed: Sealed, schema: S) =>
    v.parse(schema, await openJson(keys, sealed, key));
  return {
    key: keyOf,
    async seal(kind, name, value) {
      const key = await keyOf(kind, name);
      return { key, sealed: await sealJson(keys, value, key) };
    },
    async list(kind, schema) {
      const range = beginningWith(`${scope}:${kind}:`);
      const tx = db.transaction("rows");
      const [names, values] = await Promise.all([
        tx.store.getAllKeys(range),
        tx.store.getAll(range),
      ]);
      return Promise.all(values.map((sealed, at) => read(names[at] ?? "", sealed, schema)));
    },
    async find(kind, name, schema) {
      const key = await keyOf(kind, name);
      const sealed = await db.get("rows", key);
      return sealed === undefined ? undefined : read(key, sealed, schema);
    },
  };
};

export const sealJson = (keys: StoreKeys, value: unknown, about: string): Promise<Sealed> =>
  keys.seal(utf8(JSON.stringify(value)), about);

export const openJson = async (keys: StoreKeys, sealed: Sealed, about: string): Promise<unknown> =>
  JSON.parse(fromUtf8(await keys.open(sealed, about)));

// Written by `gzip`: what repeats in thirty entries of one case need not be stored thirty times.
const through = async (bytes: Sealed, stream: CompressionStream | DecompressionStream) =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());

export const sealCompressed = async (keys: StoreKeys, value: unknown, about: string) =>
  keys.seal(await through(utf8(JSON.stringify(value)), new CompressionStream("gzip")), about);

export const openCompressed = async (
  keys: StoreKeys,
  sealed: Sealed,
  about: string,
): Promise<unknown> =>
  JSON.parse(
    fromUtf8(await through(await keys.open(sealed, about), new DecompressionStream("gzip"))),
  );
