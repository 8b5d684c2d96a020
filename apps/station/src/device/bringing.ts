import type { Sync } from "@lientuyen/sync";
import * as v from "valibot";
import type { Cataloguing } from "./cataloguing.ts";
import { strict, type Database } from "./database.ts";
import type { CaseBrought } from "./device.ts";
import type { EncryptedDisk } from "./disk.ts";
import type { Shelf } from "./shelf.ts";

/** When a case was fetched to be looked at, by the server's time, ms since the epoch. */
export const Brought = v.object({ log: v.string(), atMs: v.number() });

export interface BringingParts {
  readonly db: Database;
  readonly disk: EncryptedDisk;
  readonly shelf: Shelf;
  readonly sync: Pick<Sync, "readCase" | "signedAtMs">;
  readonly cataloguing: Cataloguing;
  readonly foundFull: () => void;
}

/** Fetches cases whose entries are not on this device; two who ask for the same one wait for one answer. */
export const createBringing = (parts: BringingParts): ((log: string) => Promise<CaseBrought>) => {
  const { disk, shelf, sync, cataloguing } = parts;
  const asking = new Map<string, Promise<CaseBrought>>();

  const note = async (log: string) => {
    const atMs = sync.signedAtMs();
    if (atMs === undefined) return;
    const row = await disk.rows.seal("brought", log, { log, atMs });
    const tx = parts.db.transaction("rows", "readwrite", strict);
    await Promise.all([tx.store.put(row.sealed, row.key), tx.done]);
  };

  const bring = async (log: string): Promise<CaseBrought> => {
    const isHere = (await disk.readAway(log)) === undefined;
    if (isHere && (await shelf.view(log))?.known === true) return "here";
    if (!cataloguing.cases.all().has(log)) await cataloguing.cases.whole();
    if (!cataloguing.cases.all().has(log)) return "absent";
    const read = await sync.readCase(log);
    if (read === "full") parts.foundFull();
    if (read !== "here") return read;
    await shelf.changed([log]);
    await note(log);
    return "here";
  };

  return (log) => {
    const turn =
      asking.get(log) ??
      bring(log).finally(() => {
        asking.delete(log);
      });
    asking.set(log, turn);
    return turn;
  };
};
