import type { StoredEntry } from "@lientuyen/sync";
import * as v from "valibot";
import type { DamageBook } from "./damage.ts";
import { strict, type Database } from "./database.ts";
import { openCompressed, openJson, sealJson } from "./rows.ts";
import { StoredEntryShape } from "./storedShapes.ts";
import type { Sealed, StoreKeys } from "./vault.ts";

/** Opens what lies sealed of logs: nothing where it is damaged, which is noted. */
export const readSealed = (
  db: Database,
  keys: StoreKeys,
  damage: Pick<DamageBook, "note">,
  /** The log's next entry is to write its name again. */
  nameless: (key: string) => void,
) => ({
  openItem: async (key: string, sealed: Sealed, log?: string): Promise<readonly StoredEntry[]> => {
    const opened = await openJson(keys, sealed, key);
    if (opened !== undefined) return [v.parse(StoredEntryShape, opened.value)];
    damage.note({ table: "items", key, log });
    return [];
  },
  openBlob: async (key: string, log?: string): Promise<readonly StoredEntry[]> => {
    const sealed = await db.get("blobs", key);
    if (sealed === undefined) return [];
    const opened = await openCompressed(keys, sealed, `blob:${key}`);
    if (opened !== undefined) return v.parse(v.array(StoredEntryShape), opened.value);
    damage.note({ table: "blobs", key, log });
    return [];
  },
  openName: async (key: string, sealed: Sealed): Promise<readonly string[]> => {
    const opened = await openJson(keys, sealed, key);
    if (opened !== undefined) return [v.parse(v.string(), opened.value)];
    damage.note({ table: "logs", key });
    nameless(key);
    return [];
  },
});

/** Says again whose log it is, where that was damaged. */
export const writeName = async (
  db: Database,
  keys: StoreKeys,
  { key, log, group }: { readonly key: string; readonly log: string; readonly group: string },
): Promise<void> => {
  const name = await sealJson(keys, log, key);
  const tx = db.transaction("logs", "readwrite", strict);
  await Promise.all([tx.store.put({ group, name }, key), tx.done]);
};
