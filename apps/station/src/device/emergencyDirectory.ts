import {
  authorOf,
  foldDirectory,
  parseEntry,
  type DirectoryView,
  type FoldInput,
} from "@lientuyen/record";
import { webPrimitives, type Step, type StoredEntry } from "@lientuyen/sync";
import * as v from "valibot";
import { strict, type Database } from "./database.ts";
import { openDisk, type EncryptedDisk } from "./disk.ts";
import { StoredEntryShape } from "./storedShapes.ts";
import type { StoreKeys } from "./vault.ts";

const directoryRow = (scope: string) => `directory of ${scope}`;

/** Staff, facilities, contracts and duty desks: kept in clear for this hour alone; no patient's word is in it. */
export const keepDirectoryForEmergency = async (
  db: Database,
  scope: string,
  disk: EncryptedDisk,
): Promise<void> => {
  const logs = await disk.listLogs("directory/");
  const entries = (await Promise.all(logs.map((log) => disk.readLog(log)))).flat();
  const tx = db.transaction("device", "readwrite", strict);
  await Promise.all([tx.store.put(JSON.stringify(entries), directoryRow(scope)), tx.done]);
};

const readKept = async (db: Database, scope: string): Promise<readonly StoredEntry[]> => {
  const text = await db.get("device", directoryRow(scope));
  return text === undefined ? [] : v.parse(v.array(StoredEntryShape), JSON.parse(text));
};

/** The directory as it was kept; empty where none was kept yet. */
export const directoryForEmergency = async (
  db: Database,
  crypto: Crypto,
  scope: string,
): Promise<DirectoryView> => {
  const rows = await readKept(db, scope);
  const primitives = webPrimitives(crypto.subtle);
  const inputs = await Promise.all(
    rows.map(async ({ signed, receipt }): Promise<readonly FoldInput[]> => {
      const answer = await parseEntry(primitives, signed);
      return answer.ok ? [{ entry: answer.entry, receipt, author: undefined }] : [];
    }),
  );
  const first = foldDirectory(inputs.flat());
  return foldDirectory(
    inputs.flat().map((input) => ({ ...input, author: authorOf(first, input.entry.header.key) })),
  );
};

export const giveDirectory = async (
  db: Database,
  keys: StoreKeys,
  from: string,
  scope: string,
): Promise<void> => {
  const entries = await readKept(db, from);
  const disk = await openDisk({ db, keys, scope, sealForServer: undefined });
  await disk.commit(entries.map((row): Step => ({ do: "putEntry", row })));
};
