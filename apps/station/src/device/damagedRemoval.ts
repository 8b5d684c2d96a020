import { strict, type Database } from "./database.ts";
import { sameBytes, type Sealed, type StoreKeys } from "./vault.ts";

/** A log's blob and a list's segment lie in one table. */
type Table = "items" | "blobs" | "segments" | "rows";

/** Deletes what does not open, and only if it is still the same when it goes: it may have been written anew since. */
export const dropDamaged = async (
  db: Database,
  keys: StoreKeys,
  what: Table,
  key: string,
): Promise<void> => {
  const table = what === "segments" ? "blobs" : what;
  const sealed = sealedIn(await db.get(table, key));
  if (sealed === undefined) return;
  const opens = keys.open(sealed, what === "blobs" ? `blob:${key}` : key).then(
    () => true,
    () => false,
  );
  if (await opens) return;
  const tx = db.transaction(table, "readwrite", strict);
  const now = sealedIn(await tx.store.get(key));
  if (now !== undefined && sameBytes(now, sealed)) await tx.store.delete(key);
  await tx.done;
};

const sealedIn = (value: Sealed | { readonly sealed?: Sealed } | undefined): Sealed | undefined =>
  value instanceof Uint8Array ? value : value?.sealed;
