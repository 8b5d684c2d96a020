import * as v from "valibot";
import { whole, type DamageBook } from "./damage.ts";
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
  | "behind" // such cases of which new entries have come
  | "damage"; // what was found damaged, until somebody has read of it

export interface SealedRow {
  readonly key: string;
  readonly sealed: Sealed;
}

/** Small encrypted JSON values of one facility. Everything is sealed before a transaction begins. */
export interface Rows {
  key(kind: RowKind, name: string): Promise<string>;
  seal(kind: RowKind, name: string, value: unknown): Promise<SealedRow>;
  /**
   * Parsed rows of a kind; a row that this version cannot understand is an error, not a hole. One whose bytes are not
   * those that were written is left out, and noted as damaged.
   */
  list<S extends v.GenericSchema>(kind: RowKind, schema: S): Promise<v.InferOutput<S>[]>;
  find<S extends v.GenericSchema>(
    kind: RowKind,
    name: string,
    schema: S,
  ): Promise<v.InferOutput<S> | undefined>;
}

export const openRows = (
  db: Database,
  keys: StoreKeys,
  scope: string,
  damage: Pick<DamageBook, "note">,
): Rows => {
  const keyOf = async (kind: RowKind, name: string) =>
    `${scope}:${kind}:${await keys.tag(`${kind}|${name}`)}`;
  const read = async <S extends v.GenericSchema>(
    kind: RowKind,
    key: string,
    sealed: Sealed,
    schema: S,
  ) => {
    const opened = await openJson(keys, sealed, key);
    if (opened !== undefined) return [v.parse(schema, opened.value)];
    damage.note({ table: "rows", kind, key });
    return [];
  };
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
      const all = values.map((sealed, at) => read(kind, names[at] ?? "", sealed, schema));
      return (await Promise.all(all)).flat();
    },
    async find(kind, name, schema) {
      const key = await keyOf(kind, name);
      const sealed = await db.get("rows", key);
      return sealed === undefined ? undefined : (await read(kind, key, sealed, schema))[0];
    },
  };
};

export const sealJson = (keys: StoreKeys, value: unknown, about: string): Promise<Sealed> =>
  keys.seal(utf8(JSON.stringify(value)), about);

/** undefined where it is damaged. */
export const openJson = async (
  keys: StoreKeys,
  sealed: Sealed,
  about: string,
): Promise<{ readonly value: unknown } | undefined> => {
  const bytes = await whole(() => keys.open(sealed, about));
  return bytes === undefined ? undefined : { value: JSON.parse(fromUtf8(bytes)) };
};

// Written by `gzip`: what repeats in thirty entries of one case need not be stored thirty times.
const through = async (bytes: Sealed, stream: CompressionStream | DecompressionStream) =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());

export const sealCompressed = async (keys: StoreKeys, value: unknown, about: string) =>
  keys.seal(await through(utf8(JSON.stringify(value)), new CompressionStream("gzip")), about);

/** undefined where it is damaged. */
export const openCompressed = async (
  keys: StoreKeys,
  sealed: Sealed,
  about: string,
): Promise<{ readonly value: unknown } | undefined> => {
  const bytes = await whole(() => keys.open(sealed, about));
  if (bytes === undefined) return undefined;
  return { value: JSON.parse(fromUtf8(await through(bytes, new DecompressionStream("gzip")))) };
};
