import type { DirectoryView, Role } from "@lientuyen/record";
import type { Sync } from "@lientuyen/sync";
import * as v from "valibot";
import { Brought } from "./bringing.ts";
import type { Cataloguing } from "./cataloguing.ts";
import { strict, type Database, type StoredPerson } from "./database.ts";
import type { EncryptedDisk } from "./disk.ts";
import { DraftShape } from "./drafts.ts";
import { isKept, type Keeper } from "./keeping.ts";

export interface EvictionParts {
  readonly db: Database;
  readonly disk: EncryptedDisk;
  readonly cataloguing: Cataloguing;
  readonly sync: Pick<Sync, "state" | "signedAtMs" | "sendAway" | "isAway" | "uploads">;
  /** Whose store it is. */
  readonly stored: Pick<StoredPerson, "scope" | "facility">;
  readonly directory: () => DirectoryView;
  /** The case is open on the screen. */
  readonly isShown: (log: string) => boolean;
  /** Their entries are gone, and their rows say so. */
  readonly changed: (logs: readonly string[]) => Promise<void>;
  /** One at a time with everything else that is taken in. */
  readonly inTurn: (work: () => Promise<void>) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Cases in one turn: what arrives meanwhile waits for no more than these. */
const atOnce = 10;
const pauseMs = 250;
/** Who fetched a case looks at it again. */
const broughtKeptMs = 7 * 24 * 60 * 60_000;

/** Lets go of the cases that this device is not to keep at this time of the server's. */
export const evict = async (parts: EvictionParts, nowMs: number): Promise<void> => {
  const { db, disk, cataloguing, signal } = parts;
  const keeper = await keeperAt(parts, nowMs);
  await cataloguing.whole();
  const busy = new Set([...(await draftedLogs(disk)), ...(await broughtLately(db, disk, nowMs))]);
  const files = await filesByLog(disk);
  const logs = [...cataloguing.cases.all().keys()].filter((log) => !busy.has(log));
  if (!keeper.isStation) await nameConcerned(parts, logs);
  const isToGo = (log: string) => {
    const row = cataloguing.cases.all().get(log);
    return row !== undefined && row.away !== true && !isKept(row, keeper);
  };
  const going = logs.filter(isToGo);
  for (let at = 0; at < going.length && !signal.aborted; at += atOnce) {
    // Something may have happened in it since.
    const some = () => going.slice(at, at + atOnce).filter(isToGo);
    await parts.inTurn(() => letGo(parts, some(), files));
    // Whoever works at this computer comes first.
    await pause(pauseMs, signal);
  }
};

/** Rows of earlier versions do not say whom a case concerns. */
const nameConcerned = async (
  { cataloguing, inTurn, signal }: EvictionParts,
  logs: readonly string[],
): Promise<void> => {
  for (const log of logs)
    if (!signal.aborted && cataloguing.cases.all().get(log)?.people === undefined)
      await inTurn(() => cataloguing.refresh([log]));
};

const seesAll: ReadonlySet<Role> = new Set(["coordinator", "departmentHead", "facilityHead"]);

/** For whom this device keeps cases: everybody enrolled on it for this store. */
const keeperAt = async (parts: EvictionParts, nowMs: number): Promise<Keeper> => {
  const { scope, facility } = parts.stored;
  const enrolled = (await parts.db.getAll("people")).filter((one) => one.scope === scope);
  const level = parts.directory().facilities.get(facility)?.level;
  return {
    nowMs,
    facility,
    // Where the level is not known more is kept.
    isStation: level === undefined || level === "commune",
    people: new Set(enrolled.map(({ person }) => person)),
    coordinates: enrolled.some(({ me }) => me.roles.some(({ role }) => seesAll.has(role))),
  };
};

const letGo = async (
  parts: EvictionParts,
  logs: readonly string[],
  files: ReadonlyMap<string, readonly string[]>,
): Promise<void> => {
  const went: string[] = [];
  try {
    for (const log of logs) if (await goes(parts, log, files.get(log) ?? [])) went.push(log);
    await parts.cataloguing.wentAway(went);
    await parts.changed(went);
  } catch (error) {
    // Locked in the middle: the next time is as good.
    if (!parts.signal.aborted) throw error;
  }
};

/** Drops files and entries. The row has to say all that the entries say before they go. */
const goes = async (
  parts: EvictionParts,
  log: string,
  files: readonly string[],
): Promise<boolean> => {
  const { disk, sync } = parts;
  if (parts.isShown(log) || parts.signal.aborted) return false;
  const waiting = new Set(
    sync.uploads(log).flatMap((row) => (row.state === "sent" ? [] : [row.hash])),
  );
  for (const hash of files) if (!waiting.has(hash)) await disk.dropFile(log, hash);
  const went = await sync.sendAway(log, async () => !(await disk.isDirty(log)));
  return went || sync.isAway(log);
};

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

const filesByLog = async (disk: EncryptedDisk): Promise<ReadonlyMap<string, readonly string[]>> => {
  const files = new Map<string, string[]>();
  for (const { log, hash } of await disk.files.list())
    files.set(log, [...(files.get(log) ?? []), hash]);
  return files;
};

/** Cases in which somebody of this device has begun to write; drafts are named `case/<uuid>/…`. */
const draftedLogs = async (disk: EncryptedDisk): Promise<readonly string[]> => {
  const drafts = await disk.rows.list("draft", DraftShape);
  return drafts.map(({ name }) => name.split("/").slice(0, 2).join("/"));
};

/** Cases that were fetched within the last days; older notes of it go. */
const broughtLately = async (
  db: Database,
  disk: EncryptedDisk,
  nowMs: number,
): Promise<readonly string[]> => {
  const all = await disk.rows.list("brought", Brought);
  const isOld = (row: v.InferOutput<typeof Brought>) => nowMs - row.atMs > broughtKeptMs;
  const gone = await Promise.all(all.filter(isOld).map(({ log }) => disk.rows.key("brought", log)));
  if (gone.length > 0) {
    const tx = db.transaction("rows", "readwrite", strict);
    await Promise.all([...gone.map((key) => tx.store.delete(key)), tx.done]);
  }
  return all.filter((row) => !isOld(row)).map(({ log }) => log);
};
