import type { Sync } from "@lientuyen/sync";
import type { Cataloguing } from "./cataloguing.ts";
import type { EncryptedDisk } from "./disk.ts";

/** A device keeps the files of its open cases and those of 90 days; later ones are fetched when they are looked at. */
const keptMs = 90 * 24 * 60 * 60_000;

export interface EvictionParts {
  readonly disk: EncryptedDisk;
  readonly cataloguing: Cataloguing;
  readonly sync: Sync;
  readonly nowMs: number;
}

export const evictFiles = async (parts: EvictionParts): Promise<void> => {
  const { disk, cataloguing, sync } = parts;
  const waiting = new Set(
    sync.uploads().flatMap((row) => (row.state === "sent" ? [] : [`${row.log} ${row.hash}`])),
  );
  for (const { log, hash } of await disk.files.list()) {
    const row = cataloguing.cases.all().get(log);
    const isOld = row !== undefined && parts.nowMs - Date.parse(row.changedAt) > keptMs;
    if (!isOld || row.state === "open" || waiting.has(`${log} ${hash}`)) continue;
    await disk.dropFile(log, hash);
  }
};
