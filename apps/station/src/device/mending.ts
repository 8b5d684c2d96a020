import type { Network, Sync } from "@lientuyen/sync";
import * as v from "valibot";
import type { Cataloguing } from "./cataloguing.ts";
import type { Spot } from "./damage.ts";
import { dropDamaged } from "./damagedRemoval.ts";
import { strict, type Database, type StoredFacility } from "./database.ts";
import type { DamagedItem, Device } from "./device.ts";
import type { EncryptedDisk } from "./disk.ts";
import type { Shelf } from "./shelf.ts";
import type { StoreKeys } from "./vault.ts";

/*
 * What is damaged is told, set apart and mended: lists are made again from the entries; entries and files that the
 * server has are read from there again; of what it has not, its sealed copy is sent. What is left is lost, and told so.
 */

const DamageShape: v.GenericSchema<unknown, DamagedItem> = v.object({
  id: v.string(),
  what: v.picklist(["case", "unsent", "file", "draft", "view", "directory", "lists"]),
  state: v.picklist(["waiting", "mended", "lost"]),
  log: v.optional(v.string()),
  kind: v.optional(v.string()),
  hash: v.optional(v.string()),
  at: v.string(),
});

export interface MendingParts {
  readonly db: Database;
  readonly keys: StoreKeys;
  readonly disk: EncryptedDisk;
  readonly sync: Sync;
  readonly network: Pick<Network, "postSealed">;
  readonly cataloguing: Cataloguing;
  readonly facility: Pick<StoredFacility, "scope" | "transport">;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly shelf: Pick<Shelf, "view">;
  readonly files: Pick<Device["files"], "read">;
  /** All that is told now. */
  readonly changed: (items: readonly DamagedItem[]) => void;
}

export interface Mending {
  /** Deals with what was noted, and tries what waits for the line. */
  readonly look: () => void;
  /** Somebody has read of it: what waits for nothing any more is not told again. */
  readonly dismiss: () => Promise<void>;
}

type Found = Omit<DamagedItem, "at" | "id">;

export const openMending = async (parts: MendingParts): Promise<Mending> => {
  const { db, keys, disk, sync, cataloguing } = parts;
  const items = new Map<string, DamagedItem>();
  for (const item of await disk.rows.list("damage", DamageShape)) items.set(item.id, item);
  let hasReadAgain = false;
  parts.changed([...items.values()]);

  /** Durable before the damaged bytes go; `read`: keys of what nobody needs to be told again. */
  const tell = async (found: readonly Found[], read: readonly string[] = []) => {
    if (found.length === 0 && read.length === 0) return;
    const at = new Date(parts.now()).toISOString();
    const next = found.map((one): DamagedItem => {
      const id = [one.what, one.log ?? "", one.hash ?? ""].join("|");
      return { ...one, id, at: items.get(id)?.at ?? at };
    });
    const rows = await Promise.all(next.map((item) => disk.rows.seal("damage", item.id, item)));
    const tx = db.transaction("rows", "readwrite", strict);
    await Promise.all([
      ...rows.map((row) => tx.store.put(row.sealed, row.key)),
      ...read.map((key) => tx.store.delete(key)),
      tx.done,
    ]);
    for (const item of next) items.set(item.id, item);
    parts.changed([...items.values()]);
  };

  /** Cases that the lists do not show, or show as they were before. */
  const makeListsAgain = async (spots: readonly Spot[]) => {
    const hurt = new Set(spots.map(({ key }) => key));
    const behind: string[] = [];
    await cataloguing.whole();
    for (const log of [...(await disk.listLogs("case/")), ...(await disk.listLogs("patient/"))]) {
      const kind = log.startsWith("case/") ? "catalogue" : "patient";
      const list = kind === "catalogue" ? cataloguing.cases : cataloguing.patients;
      const names = await Promise.all([disk.rows.key(kind, log), disk.rows.key("dirty", log)]);
      if (!list.all().has(log) || names.some((name) => hurt.has(name))) behind.push(log);
    }
    await cataloguing.refresh(behind);
    for (const { table, key } of spots)
      if (table === "segments") await dropDamaged(db, keys, table, key);
  };

  const settle = async () => {
    const { spots, unsent: rows } = disk.damage.take();
    const named = await Promise.all(
      spots.flatMap((spot) => (spot.table === "logs" ? [disk.renameLog(spot.key)] : [])),
    );
    const inRows = spots.flatMap((spot) => (spot.table === "rows" ? [spot] : []));
    const hurt = await stillHurtOf(spots);
    await tell([
      ...hurt.flatMap(foundOf),
      ...(await goneCases(inRows)),
      ...rows.map(({ log, kind, hash }) => unsentItem(log, kind, hash)),
    ]);
    for (const spot of inRows) if (!isList(spot)) await dropDamaged(db, keys, "rows", spot.key);
    const lists = spots.filter(isList);
    if (lists.length > 0) {
      await makeListsAgain(lists);
      for (const spot of inRows) if (isList(spot)) await dropDamaged(db, keys, "rows", spot.key);
    }
    const fresh = hurt.some((spot) => foundOf(spot)[0]?.what === "directory");
    if (named.includes("unknown") || fresh || (!hasReadAgain && waits("directory").length > 0)) {
      hasReadAgain = true;
      await sync.readAgain();
    }
  };

  const waits = (what: DamagedItem["what"]) =>
    [...items.values()].filter((item) => item.what === what && item.state === "waiting");

  /** What of a log cannot be read still. */
  const stillHurt = async (log: string): Promise<readonly Spot[]> => {
    // What was noted before may have been read again since.
    disk.damage.takeOf(log);
    await disk.readLog(log);
    return disk.damage.takeOf(log);
  };

  /** What was read again since it was noted is left out. */
  const stillHurtOf = async (spots: readonly Spot[]): Promise<readonly Spot[]> => {
    const logs = new Set(spots.flatMap((spot) => (isOfLog(spot) ? [spot.log] : [])));
    const left = [];
    for (const log of logs) left.push(...(await stillHurt(log)).filter(isOfLog));
    return [...spots.filter((spot) => !isOfLog(spot)), ...left];
  };

  /** Where the note is damaged that a case's entries went from this device: it has to be read again. */
  const goneCases = async (spots: readonly Spot[]): Promise<readonly Found[]> => {
    const keys = new Set(
      spots.flatMap((spot) =>
        spot.table === "rows" && (spot.kind === "away" || spot.kind === "behind") ? [spot.key] : [],
      ),
    );
    if (keys.size === 0) return [];
    const out: Found[] = [];
    await cataloguing.whole();
    for (const log of cataloguing.cases.all().keys()) {
      const names = await Promise.all([disk.rows.key("away", log), disk.rows.key("behind", log)]);
      if (names.some((name) => keys.has(name))) out.push({ what: "case", state: "waiting", log });
    }
    return out;
  };

  const mendCase = async (item: DamagedItem, log: string) => {
    const answer = await sync.readCase(log);
    if (answer !== "here" && answer !== "refused") return;
    const left = await stillHurt(log);
    // What the server has now lies beside the blob; what it has not is nowhere.
    const lost = left.filter(({ table }) => table === "items");
    for (const { table, key } of left)
      if (table === "items" || table === "blobs") await dropDamaged(db, keys, table, key);
    await tell([{ ...item, state: answer === "refused" || lost.length > 0 ? "lost" : "mended" }]);
    await cataloguing.refresh([log]);
  };

  const mendUnsent = async (item: DamagedItem, log: string, hash: string) => {
    const key = await disk.itemKey(hash);
    const copies = (await db.getAll("outgoing")).filter(
      ({ scope, waiting }) => scope === parts.facility.scope && waiting.includes(key),
    );
    for (const { batch } of copies) {
      const answer = await parts.network.postSealed(batch, parts.facility.transport, parts.signal);
      if (answer.result === "ok" && answer.answers.every(({ answer: one }) => one !== "later"))
        continue;
      if (answer.result !== "refused") return;
    }
    const outcome = copies.length === 0 ? "refused" : await sync.readCase(log);
    if (outcome !== "here" && outcome !== "refused") return;
    const isBack = (await disk.readEntries([hash])).length > 0;
    await disk.commit([{ do: "dropOutbox", hash }]);
    if (!isBack) await dropDamaged(db, keys, "items", key);
    await tell([{ ...item, state: isBack ? "mended" : "lost" }]);
  };

  const mendFile = async (item: DamagedItem, log: string, hash: string) => {
    const row = sync.uploads(log).find((one) => one.hash === hash);
    const view = await parts.shelf.view(log);
    const file = view?.files.find(({ body }) => body.file.hash === hash)?.body.file;
    // From this device where it is whole, else from the server.
    const isHere = file !== undefined && (await parts.files.read(log, file)) !== undefined;
    if (isHere) await tell([{ ...item, state: "mended" }]);
    else if (row !== undefined && row.state !== "sent") await tell([{ ...item, state: "lost" }]);
  };

  const overTheLine = async () => {
    for (const item of waits("unsent"))
      if (item.log !== undefined && item.hash !== undefined)
        await mendUnsent(item, item.log, item.hash);
    for (const item of waits("case")) if (item.log !== undefined) await mendCase(item, item.log);
    for (const item of waits("file"))
      if (item.log !== undefined && item.hash !== undefined)
        await mendFile(item, item.log, item.hash);
    for (const item of waits("directory"))
      if (item.log !== undefined && (await stillHurt(item.log)).length === 0)
        await tell([{ ...item, state: "mended" }]);
  };

  let under: Promise<void> | undefined;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await settle();
      await overTheLine();
    } while (again && !parts.signal.aborted);
  };
  const look = (): void => {
    if (parts.signal.aborted) return;
    again = true;
    under ??= run()
      .catch(reportError)
      .finally(() => {
        under = undefined;
      });
  };
  return {
    look,
    async dismiss() {
      const done = [...items.values()].filter(({ state }) => state !== "waiting");
      const keys = await Promise.all(done.map(({ id }) => disk.rows.key("damage", id)));
      for (const { id } of done) items.delete(id);
      await tell([], keys);
    },
  };
};

const unsentItem = (log: string, kind: string, hash: string): Found => ({
  what: "unsent",
  state: "waiting",
  log,
  kind,
  hash,
});

const isOfLog = (
  spot: Spot,
): spot is Extract<Spot, { table: "items" | "blobs" }> & { log: string } =>
  (spot.table === "items" || spot.table === "blobs") && spot.log !== undefined;

const isList = (spot: Spot): boolean =>
  spot.table === "segments" ||
  (spot.table === "rows" && ["catalogue", "patient", "dirty"].includes(spot.kind));

const foundOf = (spot: Spot): readonly Found[] => {
  switch (spot.table) {
    case "items":
    case "blobs":
      // Found by its hash alone: it is found again with its log.
      if (spot.log === undefined) return [];
      return [
        {
          what: spot.log.startsWith("case/") ? "case" : "directory",
          state: "waiting",
          log: spot.log,
        },
      ];
    case "files":
      return [{ what: "file", state: "waiting", log: spot.log, hash: spot.hash }];
    case "segments":
    case "logs":
      return [{ what: "lists", state: "mended" }];
    case "rows":
      if (spot.kind === "draft") return [{ what: "draft", state: "lost", hash: spot.key }];
      if (spot.kind === "view") return [{ what: "view", state: "lost", hash: spot.key }];
      return spot.kind === "damage" ? [] : [{ what: "lists", state: "mended" }];
  }
};
