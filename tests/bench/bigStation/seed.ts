import { plain } from "@lientuyen/terms";
import type { StoredEntry } from "@lientuyen/sync";
import { deriveByArgon } from "../../../apps/station/src/device/argon.ts";
import { openCatalogue } from "../../../apps/station/src/device/catalogue.ts";
import {
  CatalogueRow,
  catalogueRowVersion,
} from "../../../apps/station/src/device/catalogueRow.ts";
import { isFirst } from "../../../apps/station/src/device/cataloguing.ts";
import { openDatabase } from "../../../apps/station/src/device/database.ts";
import { openDisk } from "../../../apps/station/src/device/disk.ts";
import { gatheredKey } from "../../../apps/station/src/device/looked.ts";
import { listPeople, openPerson } from "../../../apps/station/src/device/people.ts";
import { sealCompressed, sealJson } from "../../../apps/station/src/device/rows.ts";
import { randomBytes } from "../../../apps/station/src/device/vault.ts";

/*
 * Runs in the page, beside the locked app: fills its store with cases as the device itself keeps them, by the same
 * code and under the same keys. Each is a copy of a case of the demo with a log, a patient and a time of its own.
 */

declare global {
  interface Window {
    seedStore: typeof seedStore;
  }
}

export interface Bulk {
  readonly pin: string;
  /** How many cases the store is to hold besides its own. */
  readonly cases: number;
  /** No case is begun after so long. */
  readonly mostMs: number;
  readonly entriesEach: number;
  /** The first so many stay as they were; the others are closed. */
  readonly open: number;
}

/** Cases of one transaction. */
const atOnce = 500;
const family = ["Lò", "Vàng", "Giàng", "Sùng", "Thào", "Mùa", "Hảng", "Lỳ", "Khoàng", "Tẩn"];
const middle = ["Thị", "Văn", "A", "Mí", "Seo", "Gạ", "Láo", "Xuân"];
const given = ["Bua", "Páo", "Chia", "Say", "Pó", "Dế", "Chứ", "Sua", "Mẩy", "Ngọc", "Hoa", "Tủa"];

export interface Seeded {
  readonly cases: number;
  /** From the PIN to the store's keys, nothing slowed. */
  readonly derivingMs: number;
}

export async function seedStore(bulk: Bulk): Promise<Seeded> {
  const db = await openDatabase("lientuyen", () => undefined);
  const [someone] = await listPeople(db);
  if (someone === undefined) throw new Error("nobody is enrolled here");
  const parts = { db, crypto, derive: deriveByArgon, now: () => Date.now() };
  const askedMs = performance.now();
  const opened = await openPerson(parts, someone.person, bulk.pin);
  if (!opened.ok) throw new Error(opened.why);
  const derivingMs = performance.now() - askedMs;
  const { keys } = opened.person;
  const { scope } = someone;
  const disk = await openDisk({ db, keys, scope, sealForServer: undefined });
  const catalogue = await openCatalogue({
    db,
    keys,
    scope,
    rows: disk.rows,
    kind: "catalogue",
    shape: CatalogueRow,
    version: catalogueRowVersion,
    damage: disk.damage,
    isFirst,
    signal: new AbortController().signal,
  });
  await catalogue.whole();
  const patterns = await patternsOf(
    [...catalogue.all().values()].filter(({ facility }) => facility === someone.facility),
    (log) => disk.readLog(log),
  );
  const nextTag = tagsOf(randomBytes(crypto, 16));
  const looked: Record<string, number> = {};
  let cases = 0;
  for (; cases < bulk.cases && performance.now() - askedMs < bulk.mostMs; cases += atOnce) {
    const from = cases;
    const rows: CatalogueRow[] = [];
    const logs = await Promise.all(
      Array.from({ length: Math.min(atOnce, bulk.cases - from) }, async (_, i) => {
        const at = from + i;
        const pattern = patterns[at % patterns.length];
        if (pattern === undefined) throw new Error("the demo has no case of this facility");
        const log = `case/${crypto.randomUUID()}`;
        rows.push(rowOf(pattern.row, log, at, at < bulk.open));
        looked[log] = pattern.row.foreign;
        const key = `${scope}:${await keys.tag(`log|${log}`)}`;
        const entries = copiesOf(pattern.entries, log, bulk.entriesEach);
        return {
          key,
          name: await sealJson(keys, log, key),
          blob: await sealCompressed(keys, entries, `blob:${key}`),
          items: entries.map(() => `${scope}:${nextTag()}`),
        };
      }),
    );
    // How durable it is while it is being filled is nobody's concern.
    const tx = db.transaction(["items", "blobs", "logs"], "readwrite", { durability: "relaxed" });
    for (const { key, name, blob, items } of logs) {
      void tx.objectStore("logs").put({ group: `${scope}:c`, name }, key);
      void tx.objectStore("blobs").put(blob, key);
      for (const item of items) void tx.objectStore("items").put({ blobOf: key }, item);
    }
    await tx.done;
    await catalogue.put(rows, () => false);
  }
  const gathered = gatheredKey(scope);
  const seen = { [someone.person]: looked };
  await db.put("blobs", await sealCompressed(keys, seen, gathered), gathered);
  db.close();
  return { cases: Math.min(cases, bulk.cases), derivingMs };
}

interface Pattern {
  readonly row: CatalogueRow;
  readonly entries: readonly StoredEntry[];
}

const patternsOf = async (
  rows: readonly CatalogueRow[],
  read: (log: string) => Promise<readonly StoredEntry[]>,
): Promise<readonly Pattern[]> =>
  Promise.all(rows.map(async (row) => ({ row, entries: await read(row.log) })));

/** The case's entries in another log, the first ones once more where it has fewer. */
const copiesOf = (
  entries: readonly StoredEntry[],
  log: string,
  count: number,
): readonly StoredEntry[] =>
  Array.from({ length: count }, (_, at) => {
    const entry = entries[at % entries.length];
    if (entry === undefined) throw new Error("a case without entries");
    const { header, ...rest } = entry.signed;
    const inOther = header.replace(entry.log, log).replace(/"n":\d+/, `"n":${at + 1}`);
    const receipt =
      entry.receipt === undefined
        ? {}
        : { receipt: { ...entry.receipt, log, seq: at + 1, chain: someHash() } };
    return {
      ...entry,
      hash: someHash(),
      log,
      signed: { ...rest, header: inOther, sig: someSig() },
      ...receipt,
    };
  });

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const lettersOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => letters.charAt(byte & 63)).join("");
/** Drawn once; each text is a piece of it from a place of its own. */
const lot = Array.from({ length: 64 }, () => lettersOf(randomBytes(crypto, 65_536))).join("");
const someText = (length: number): string => {
  const from = Math.floor(Math.random() * (lot.length - length));
  return lot.slice(from, from + length);
};
/** Of the right size, and as little to be compressed as a real one. */
const someHash = (): string => `${someText(42)}A`;
const someSig = (): string => `${someText(85)}A`;

/** Names as long as a tag, in no order. */
const tagsOf = (seed: Uint8Array): (() => string) => {
  let count = 0;
  let bytes = seed;
  return () => {
    if (count % 1_000 === 0) bytes = randomBytes(crypto, 16);
    count += 1;
    return lettersOf(bytes) + count.toString(36).padStart(6, "0");
  };
};

const pick = (list: readonly string[], at: number): string => list[at % list.length] ?? "";

const day = 86_400_000;

function rowOf(pattern: CatalogueRow, log: string, at: number, isOpen: boolean): CatalogueRow {
  const name = [
    pick(family, at),
    pick(middle, Math.floor(at / 10)),
    pick(given, Math.floor(at / 80)),
    `${Math.floor(at / 960)}`,
  ].join(" ");
  const number = `${pattern.facility}-${(at + 10_000).toString().padStart(5, "0")}`;
  const changedAt = new Date(Date.now() - (at % 3_000) * day * 0.5).toISOString();
  const { patientName = "", identity } = pattern;
  return {
    ...pattern,
    log,
    number,
    patientName: name,
    ...(identity === undefined ? {} : { identity: { ...identity, name } }),
    openedAt: changedAt,
    changedAt,
    state: isOpen ? pattern.state : "closed",
    requests: isOpen
      ? pattern.requests
      : pattern.requests.map((request) => ({ ...request, state: "answered" })),
    waits: isOpen ? pattern.waits : "no",
    words: `${pattern.words.replace(plain(patientName), "")} ${plain(name)} ${plain(number)}`,
  };
}

window.seedStore = seedStore;
