import type { AwayRow, Disk, SealedBatch, Step, StoredEntry } from "@lientuyen/sync";
import type { SignedEntry } from "@lientuyen/record";
import * as v from "valibot";
import { createDamageBook, type DamageBook } from "./damage.ts";
import { isQuotaError, strict, type Database, type OutgoingRow } from "./database.ts";
import { openFileStore, type FileStore } from "./fileStore.ts";
import { openRows, sealCompressed, sealJson, type Rows } from "./rows.ts";
import {
  AwayShape,
  CounterShape,
  HeldShape,
  HistoryShape,
  OutboxShape,
  PlaceShape,
  UploadShape,
  ViewShape,
} from "./storedShapes.ts";
import { readSealed, writeName } from "./sealedEntries.ts";
import { sameBytes, type StoreKeys } from "./vault.ts";

export interface DiskParts {
  readonly db: Database;
  readonly keys: StoreKeys;
  /** Facility code, or an emergency's id. */
  readonly scope: string;
  /** Seals entries on their way out for the server alone; undefined where its sealing key is not known yet. */
  readonly sealForServer: ((entries: readonly SignedEntry[]) => Promise<SealedBatch>) | undefined;
}

export interface EncryptedDisk extends Disk {
  readonly rows: Rows;
  readonly files: FileStore;
  /** What of it could not be read any more. */
  readonly damage: DamageBook;
  /** Gathers a log's entries into one blob. Harmless at any time; worth it when the tail is long. */
  compact(log: string): Promise<void>;
  tailLength(log: string): Promise<number>;
  /** Logs whose catalogue row is behind, left by a power cut. */
  dirtyLogs(): Promise<readonly string[]>;
  isDirty(log: string): Promise<boolean>;
  /** Logs that have entries in the outbox. */
  waitingLogs(): Promise<readonly string[]>;
  /** Finds out whose log it is where its name is damaged, from an entry of it, and writes the name again. */
  renameLog(key: string): Promise<"done" | "unknown">;
  /** Key of an entry: what `damage` names it by. */
  itemKey(hash: string): Promise<string>;
}

type Write = Awaited<ReturnType<typeof begin>>;
type Act = (tx: Write) => unknown;

const begin = (db: Database) =>
  db.transaction(["items", "blobs", "logs", "rows", "outgoing"], "readwrite", strict);

const LogShape = v.object({ log: v.string() });

/** The engine's disk over IndexedDB: every value sealed, every name an HMAC, every commit strict. */
export const openDisk = async (parts: DiskParts): Promise<EncryptedDisk> => {
  const { db, keys, scope } = parts;
  const damage = createDamageBook();
  const rows = openRows(db, keys, scope, damage);
  const files = openFileStore(db, keys, scope, damage);
  const names = createKnownNames(db);
  const { openItem, openBlob, openName } = readSealed(db, keys, damage, names.isDamaged);
  const itemKey = async (hash: string) => `${scope}:${await keys.tag(`entry|${hash}`)}`;
  const logKey = async (log: string) => `${scope}:${await keys.tag(`log|${log}`)}`;
  const groupOf = (log: string) => `${scope}:${log.charAt(0)}`;
  const outgoing = await openOutgoing(db, scope);

  const actsOf = async (step: Step): Promise<readonly Act[]> => {
    switch (step.do) {
      case "putEntry": {
        const [key, log] = await Promise.all([itemKey(step.row.hash), logKey(step.row.log)]);
        const sealed = await sealJson(keys, step.row, key);
        return [
          (tx) => tx.objectStore("items").put({ log, sealed }, key),
          ...(await newLogActs(step.row.log, log)),
          ...(await dirtyActs(step.row.log)),
        ];
      }
      case "putAway":
        return putAwayActs(step.row, step.hashes);
      case "dropAway": {
        const [away, behind] = await Promise.all([
          rows.key("away", step.log),
          rows.key("behind", step.log),
        ]);
        return [dropRow(away), dropRow(behind)];
      }
      case "putBehind":
        return [putRow(await rows.seal("behind", step.log, { log: step.log }))];
      case "putOutbox":
        return [putRow(await rows.seal("outbox", step.row.hash, step.row))];
      case "dropOutbox": {
        const key = await rows.key("outbox", step.hash);
        return [dropRow(key), outgoing.answered(await itemKey(step.hash))];
      }
      case "putHeld":
        return [putRow(await rows.seal("held", step.row.hash, step.row))];
      case "dropHeld":
        return [dropRow(await rows.key("held", step.hash))];
      case "putUpload":
        return [putRow(await rows.seal("upload", `${step.row.log}|${step.row.hash}`, step.row))];
      case "dropUpload":
        return [dropRow(await rows.key("upload", `${step.log}|${step.hash}`))];
      case "putView":
        return [putRow(await rows.seal("view", step.row.id, step.row))];
      case "dropView":
        return [dropRow(await rows.key("view", step.id))];
      case "putCounter":
        return [putRow(await rows.seal("counter", step.key, { key: step.key, n: step.n }))];
      case "putPlace":
        return [putRow(await rows.seal("fixed", "place", step.place))];
      case "putRoot":
        return [putRow(await rows.seal("fixed", "root", step.root))];
      case "putHistory":
        return [putRow(await rows.seal("fixed", "history", step.history))];
      case "dropDraft":
        return [dropRow(await rows.key("draft", step.name))];
    }
  };

  const newLogActs = async (log: string, key: string): Promise<readonly Act[]> => {
    if (await names.has(key)) return [];
    const name = await sealJson(keys, log, key);
    return [(tx) => tx.objectStore("logs").put({ group: groupOf(log), name }, key)];
  };

  const putAwayActs = async (row: AwayRow, hashes: readonly string[]): Promise<readonly Act[]> => {
    const [log, ...items] = await Promise.all([logKey(row.log), ...hashes.map(itemKey)]);
    return [
      putRow(await rows.seal("away", row.log, row)),
      ...items.map(
        (key): Act =>
          (tx) =>
            tx.objectStore("items").delete(key),
      ),
      (tx) => tx.objectStore("blobs").delete(log),
      (tx) => tx.objectStore("logs").delete(log),
    ];
  };

  const dirtyActs = async (log: string): Promise<readonly Act[]> =>
    /^(case|patient)\//.test(log) ? [putRow(await rows.seal("dirty", log, { log }))] : [];

  const outgoingActs = async (steps: readonly Step[]): Promise<readonly Act[]> => {
    const going = new Set(
      steps.flatMap((step) =>
        step.do === "putOutbox" && !step.row.reoffer ? [step.row.hash] : [],
      ),
    );
    const entries = steps.flatMap((step) =>
      step.do === "putEntry" && going.has(step.row.hash) ? [step.row] : [],
    );
    for (const { hash } of entries) going.delete(hash);
    // Offered once more: the entry has been here for long.
    entries.push(...(await readEntries([...going])));
    if (entries.length === 0 || parts.sealForServer === undefined) return [];
    const batch = await parts.sealForServer(entries.map((entry) => entry.signed));
    const waiting = await Promise.all(entries.map((entry) => itemKey(entry.hash)));
    return [outgoing.add({ scope, batch, waiting, sent: false })];
  };

  const readTail = async (log: string) => {
    const tx = db.transaction("items");
    const index = tx.store.index("log");
    const [names, values] = await Promise.all([index.getAllKeys(log), index.getAll(log)]);
    return values.flatMap(({ sealed }, at) =>
      sealed === undefined ? [] : [{ key: names[at] ?? "", sealed }],
    );
  };

  const readByKey = async (key: string, log?: string): Promise<readonly StoredEntry[]> => {
    const [blob, tail] = await Promise.all([openBlob(key, log), readTail(key)]);
    const newer = await Promise.all(tail.map((item) => openItem(item.key, item.sealed, log)));
    return [...new Map([...blob, ...newer.flat()].map((entry) => [entry.hash, entry])).values()];
  };

  const readEntries = async (hashes: readonly string[]): Promise<readonly StoredEntry[]> => {
    const wanted = new Set(hashes);
    const found = await Promise.all(
      hashes.map(async (hash) => {
        const key = await itemKey(hash);
        return { key, row: await db.get("items", key) };
      }),
    );
    const tail = found.flatMap(({ key, row }) =>
      row?.sealed === undefined ? [] : [openItem(key, row.sealed)],
    );
    const blobs = new Set(
      found.flatMap(({ row }) => (row?.blobOf === undefined ? [] : [row.blobOf])),
    );
    const packed = await Promise.all([...blobs].map((key) => openBlob(key)));
    const there = packed.flat().filter((entry) => wanted.has(entry.hash));
    // The tail comes last: it is newer than the blob.
    return [
      ...new Map(
        [...there, ...(await Promise.all(tail)).flat()].map((entry) => [entry.hash, entry]),
      ).values(),
    ];
  };

  const list = async (group: string): Promise<readonly string[]> => {
    const tx = db.transaction("logs");
    const range = IDBKeyRange.bound(`${scope}:${group}`, `${scope}:${group}\uffff`);
    const index = tx.store.index("group");
    const [names, values] = await Promise.all([index.getAllKeys(range), index.getAll(range)]);
    const all = values.map(({ name }, at) => openName(names[at] ?? "", name));
    return (await Promise.all(all)).flat();
  };

  return {
    rows,
    files,
    damage,
    itemKey,
    async load() {
      const [outbox, held, uploads, views, counters, place, root, history, behind] =
        await Promise.all([
          rows.list("outbox", OutboxShape),
          rows.list("held", HeldShape),
          rows.list("upload", UploadShape),
          rows.list("view", ViewShape),
          rows.list("counter", CounterShape),
          rows.find("fixed", "place", PlaceShape),
          rows.find("fixed", "root", v.string()),
          rows.find("fixed", "history", HistoryShape),
          rows.list("behind", LogShape),
        ]);
      return {
        outbox,
        held,
        uploads,
        views,
        counters,
        place,
        root,
        history,
        behind: behind.map(({ log }) => log),
      };
    },
    readLog: async (log) => readByKey(await logKey(log), log),
    async listLogs(prefix) {
      const names = await list(prefix.charAt(0));
      return names.filter((name) => name.startsWith(prefix));
    },
    readEntries,
    readAway: (log) => rows.find("away", log, AwayShape),
    async commit(steps) {
      const acts = (await Promise.all([...steps.map(actsOf), outgoingActs(steps)])).flat();
      const done = await runStrict(db, acts);
      if (done === "full") return "full";
      const logs = new Set(steps.flatMap((step) => (step.do === "putEntry" ? [step.row.log] : [])));
      for (const log of logs) names.written(await logKey(log));
      for (const step of steps) if (step.do === "putAway") names.gone(await logKey(step.row.log));
      return "done";
    },
    writeFile: (log, hash, content) => files.write(log, hash, content),
    readFile: (log, hash, from, to) => files.read(log, hash, from, to),
    dropFile: (log, hash) => files.drop(log, hash),
    async tailLength(log) {
      return db.countFromIndex("items", "log", await logKey(log));
    },
    async compact(log) {
      const key = await logKey(log);
      const [before, entries] = await Promise.all([readTail(key), readByKey(key)]);
      const blob = await sealCompressed(keys, entries, `blob:${key}`);
      const tx = db.transaction(["items", "blobs", "logs"], "readwrite", strict);
      const items = tx.objectStore("items");
      // The log may have gone from this device since it was read.
      if ((await tx.objectStore("logs").get(key)) === undefined) return;
      await Promise.all([
        tx.objectStore("blobs").put(blob, key),
        ...before.map(async (item) => {
          // An item that was written again meanwhile stays in the tail: it is newer than the blob.
          const now = await items.get(item.key);
          if (now?.sealed !== undefined && sameBytes(now.sealed, item.sealed))
            await items.put({ blobOf: key }, item.key);
        }),
        tx.done,
      ]);
    },
    async renameLog(key) {
      const [first] = await readByKey(key);
      if (first === undefined) return "unknown";
      await writeName(db, keys, { key, log: first.log, group: groupOf(first.log) });
      names.written(key);
      return "done";
    },
    async waitingLogs() {
      const outbox = await rows.list("outbox", OutboxShape);
      return [...new Set(outbox.map(({ log }) => log))];
    },
    isDirty: async (log) => (await rows.find("dirty", log, LogShape)) !== undefined,
    async dirtyLogs() {
      const dirty = await rows.list("dirty", LogShape);
      return dirty.map(({ log }) => log);
    },
  };
};

/** Which logs have their names on disk: there may be many, and nobody waits for all of them to be listed. */
const createKnownNames = (db: Database) => {
  const known = new Set<string>();
  const damaged = new Set<string>();
  return {
    has: async (key: string): Promise<boolean> => {
      if (known.has(key)) return true;
      // The log's next entry writes it again.
      if (damaged.has(key) || (await db.getKey("logs", key)) === undefined) return false;
      known.add(key);
      return true;
    },
    written: (key: string): void => {
      known.add(key);
      damaged.delete(key);
    },
    gone: (key: string): void => void known.delete(key),
    isDamaged: (key: string): void => {
      known.delete(key);
      damaged.add(key);
    },
  };
};

const putRow =
  (row: { readonly key: string; readonly sealed: Uint8Array<ArrayBuffer> }): Act =>
  (tx) =>
    tx.objectStore("rows").put(row.sealed, row.key);

const dropRow =
  (key: string): Act =>
  (tx) =>
    tx.objectStore("rows").delete(key);

const runStrict = async (db: Database, acts: readonly Act[]): Promise<"done" | "full"> => {
  try {
    const tx = begin(db);
    // Requests that fail abort the transaction, which `done` reports: their own rejections say nothing more.
    for (const act of acts) Promise.resolve(act(tx)).catch(() => undefined);
    await tx.done;
    return "done";
  } catch (error) {
    if (isQuotaError(error)) return "full";
    throw error;
  }
};

/**
 * The copy of the outbox that only the server can read. An entry leaves it in the transaction in which it leaves the
 * outbox, so that the two never differ.
 */
const openOutgoing = async (db: Database, scope: string) => {
  const batches = new Map<number, OutgoingRow>();
  const tx = db.transaction("outgoing");
  const [names, values] = await Promise.all([tx.store.getAllKeys(), tx.store.getAll()]);
  values.forEach((row, at) => {
    const key = names[at];
    if (row.scope === scope && key !== undefined) batches.set(key, row);
  });
  return {
    add:
      (row: OutgoingRow): Act =>
      async (tx) => {
        const key = await tx.objectStore("outgoing").add(row);
        batches.set(key, row);
      },
    answered:
      (tag: string): Act =>
      (tx) => {
        for (const [key, row] of batches) {
          if (!row.waiting.includes(tag)) continue;
          const waiting = row.waiting.filter((one) => one !== tag);
          if (waiting.length === 0) {
            batches.delete(key);
            return tx.objectStore("outgoing").delete(key);
          }
          batches.set(key, { ...row, waiting });
          return tx.objectStore("outgoing").put({ ...row, waiting }, key);
        }
        return undefined;
      },
  };
};
