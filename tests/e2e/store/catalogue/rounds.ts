import * as v from "valibot";
import { openCatalogue, type Catalogue } from "../../../../apps/station/src/device/catalogue.ts";
import { createDamageBook } from "../../../../apps/station/src/device/damage.ts";
import { openDatabase, type Database } from "../../../../apps/station/src/device/database.ts";
import { openRows } from "../../../../apps/station/src/device/rows.ts";
import {
  randomBytes,
  storeKeysOf,
  type StoreKeys,
} from "../../../../apps/station/src/device/vault.ts";

/*
 * Runs in a page: one catalogue, opened, changed in the middle of its reading and left again and again, beside a map of
 * what it has to hold.
 */

declare global {
  interface Window {
    catalogueRounds: typeof catalogueRounds;
  }
}

const Row = v.object({ log: v.string(), open: v.boolean(), n: v.number() });
type Row = v.InferOutput<typeof Row>;

const scope = "store";
const firstPiece = `${scope}:catalogue-first`;

/** Mulberry32: the same numbers for the same seed. */
const numbersOf = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
};

const open = (db: Database, keys: StoreKeys): Promise<Catalogue<Row>> => {
  const damage = createDamageBook();
  return openCatalogue({
    db,
    keys,
    scope,
    rows: openRows(db, keys, scope, damage),
    kind: "catalogue",
    shape: Row,
    version: 1,
    damage,
    isFirst: (row) => row.open,
    signal: new AbortController().signal,
  });
};

const harmFirstPiece = async (db: Database): Promise<void> => {
  const piece = await db.get("blobs", firstPiece);
  if (piece === undefined) return;
  piece[20] = (piece[20] ?? 0) ^ 1;
  await db.put("blobs", piece, firstPiece);
};

/** What differs from what it should be; empty where all is well. */
export async function catalogueRounds(seed: number, rounds: number): Promise<readonly string[]> {
  const below = numbersOf(seed);
  const keys = await storeKeysOf(crypto, randomBytes(crypto, 32));
  const wanted = new Map<string, Row>();
  const faults: string[] = [];
  let count = 0;
  const change = async (catalogue: Catalogue<Row>, most: number): Promise<void> => {
    const rows = new Map<string, Row>();
    for (let left = below(most); left > 0; left--) {
      const log = `case/${below(3) === 0 ? below(count + 1) : count++}`;
      rows.set(log, { log, open: below(5) === 0, n: (wanted.get(log)?.n ?? 0) + 1 });
    }
    for (const [log, row] of rows) wanted.set(log, row);
    if (rows.size > 0) await catalogue.put([...rows.values()], () => false);
  };
  for (let round = 0; round < rounds; round++) {
    // As a lock in the middle of everything: a new connection, and nothing in memory.
    const db = await openDatabase("catalogue", () => undefined);
    if (below(8) === 0) await harmFirstPiece(db);
    const catalogue = await open(db, keys);
    for (const row of catalogue.all().values())
      if (wanted.get(row.log)?.n !== row.n) faults.push(`${round}: ${row.log} as it was before`);
    for (const row of wanted.values())
      if (row.open && !catalogue.all().has(row.log)) faults.push(`${round}: ${row.log} not first`);
    const reading = below(3) === 0 ? undefined : catalogue.whole();
    if (below(2) === 0) await change(catalogue, 700);
    if (reading !== undefined) {
      await reading;
      if (catalogue.all().size !== wanted.size)
        faults.push(`${round}: ${catalogue.all().size} of ${wanted.size}`);
      for (const row of wanted.values())
        if (catalogue.all().get(row.log)?.n !== row.n) faults.push(`${round}: ${row.log} whole`);
      await change(catalogue, 300);
    }
    db.close();
  }
  return faults;
}

window.catalogueRounds = catalogueRounds;
