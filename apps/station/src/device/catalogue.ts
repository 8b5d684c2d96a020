import * as v from "valibot";
import { beginningWith, strict, type Database } from "./database.ts";
import type { DamageBook } from "./damage.ts";
import { openCompressed, sealCompressed, type RowKind, type Rows } from "./rows.ts";
import type { StoreKeys } from "./vault.ts";

/*
 * A few hundred bytes for each log, in segments of 256, so that twenty thousand cases are eighty rows to decrypt at
 * unlock. A change goes to a row of its own first; many such are written into their segments together.
 */

interface Named {
  readonly log: string;
}

export interface Catalogue<Row extends Named> {
  /** The same map until something changes. */
  all(): ReadonlyMap<string, Row>;
  /** Durable when it resolves. `cleanIf`: asked for each log right before its mark of being behind is taken away. */
  put(rows: readonly Row[], cleanIf: (log: string) => boolean): Promise<void>;
  drop(logs: readonly string[]): Promise<void>;
}

const perSegment = 256;
const longTail = 512;

export interface CatalogueParts<Row extends Named> {
  readonly db: Database;
  readonly keys: StoreKeys;
  readonly scope: string;
  readonly rows: Rows;
  readonly kind: Extract<RowKind, "catalogue" | "patient">;
  readonly shape: v.GenericSchema<unknown, Row>;
  /** Of the shape: what was sealed by the same version is not looked over row by row again. */
  readonly version: number;
  readonly damage: Pick<DamageBook, "note">;
}

export const openCatalogue = async <Row extends Named>(
  parts: CatalogueParts<Row>,
): Promise<Catalogue<Row>> => {
  const { db, keys, rows, kind } = parts;
  const prefix = `${parts.scope}:${kind}-segment:`;
  const segments = await readSegments(parts, prefix);
  const place = new Map<string, number>();
  segments.forEach((segment, at) => segment.forEach((row) => place.set(row.log, at)));
  const tail = new Map((await rows.list(kind, parts.shape)).map((row) => [row.log, row]));
  let all: ReadonlyMap<string, Row> = new Map([
    ...segments.flatMap((segment) => segment.map((row) => [row.log, row] as const)),
    ...tail,
  ]);

  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };

  /** Writes the tail into its segments. */
  const settle = async () => {
    const touched = new Set<number>();
    for (const row of tail.values()) touched.add(placeOf(row.log));
    const sealed = await Promise.all(
      [...touched].map(async (at) => {
        const content = [...place].flatMap(([log, where]) => {
          const row = where === at ? all.get(log) : undefined;
          return row === undefined ? [] : [row];
        });
        const key = `${prefix}${at}`;
        const segment = { version: parts.version, rows: content };
        return { key, data: await sealCompressed(keys, segment, key) };
      }),
    );
    const gone = await Promise.all([...tail.keys()].map((log) => rows.key(kind, log)));
    const tx = db.transaction(["blobs", "rows"], "readwrite", strict);
    await Promise.all([
      ...sealed.map(({ key, data }) => tx.objectStore("blobs").put(data, key)),
      ...gone.map((key) => tx.objectStore("rows").delete(key)),
      tx.done,
    ]);
    tail.clear();
  };

  const counts: number[] = segments.map((segment) => segment.length);
  const placeOf = (log: string): number => {
    const known = place.get(log);
    if (known !== undefined) return known;
    const open = counts.findIndex((count) => count < perSegment);
    const at = open === -1 ? counts.length : open;
    counts[at] = (counts[at] ?? 0) + 1;
    place.set(log, at);
    return at;
  };

  const put = async (changed: readonly Row[], cleanIf: (log: string) => boolean) => {
    const sealed = await Promise.all(changed.map((row) => rows.seal(kind, row.log, row)));
    const dirty = await Promise.all(
      changed.map(async ({ log }) => ({ log, key: await rows.key("dirty", log) })),
    );
    const tx = db.transaction("rows", "readwrite", strict);
    await Promise.all([
      ...sealed.map((row) => tx.store.put(row.sealed, row.key)),
      ...dirty.filter(({ log }) => cleanIf(log)).map(({ key }) => tx.store.delete(key)),
      tx.done,
    ]);
    for (const row of changed) tail.set(row.log, row);
    all = new Map([...all, ...changed.map((row) => [row.log, row] as const)]);
    if (tail.size > longTail) await settle();
  };

  const drop = async (logs: readonly string[]) => {
    const gone = new Set(logs);
    all = new Map([...all].filter(([log]) => !gone.has(log)));
    // What lay in a segment is written anew without it.
    for (const log of logs) {
      const at = place.get(log);
      if (at === undefined) continue;
      const neighbour = [...place].find(([other, where]) => where === at && !gone.has(other));
      const row = neighbour === undefined ? undefined : all.get(neighbour[0]);
      if (row !== undefined) tail.set(row.log, row);
      else await db.delete("blobs", `${prefix}${at}`);
      place.delete(log);
      counts[at] = Math.max(0, (counts[at] ?? 1) - 1);
    }
    const keysGone = await Promise.all(logs.map((log) => rows.key(kind, log)));
    const tx = db.transaction("rows", "readwrite", strict);
    await Promise.all([...keysGone.map((key) => tx.store.delete(key)), tx.done]);
    for (const log of logs) tail.delete(log);
    await settle();
  };

  if (tail.size > longTail) await settle();
  return {
    all: () => all,
    put: (changed, cleanIf) => inTurn(() => put(changed, cleanIf)),
    drop: (logs) => inTurn(() => drop(logs)),
  };
};

const readSegments = async <Row extends Named>(
  parts: CatalogueParts<Row>,
  prefix: string,
): Promise<readonly (readonly Row[])[]> => {
  const { db, keys } = parts;
  const tx = db.transaction("blobs");
  const range = beginningWith(prefix);
  const [names, values] = await Promise.all([tx.store.getAllKeys(range), tx.store.getAll(range)]);
  const out: (readonly Row[])[] = [];
  const read = await Promise.all(
    values.map(async (sealed, i) => {
      const key = names[i] ?? "";
      const opened = await openCompressed(keys, sealed, key);
      if (opened === undefined) parts.damage.note({ table: "segments", key });
      const content = opened === undefined ? [] : rowsIn(parts, opened.value);
      return { at: Number(key.slice(prefix.length)), content };
    }),
  );
  for (const { at, content } of read) out[at] = content;
  return Array.from(out, (segment) => segment ?? []);
};

/** Nobody but this device has the key, so what it sealed in this very shape is in it. */
const rowsIn = <Row extends Named>(
  { shape, version }: CatalogueParts<Row>,
  content: unknown,
): readonly Row[] => {
  const trusted = v.safeParse(
    v.object({ version: v.literal(version), rows: v.custom<readonly Row[]>(Array.isArray) }),
    content,
  );
  if (trusted.success) return trusted.output.rows;
  const older = v.safeParse(v.object({ rows: v.unknown() }), content);
  // Before versions were written, a segment was its rows alone.
  return v.parse(v.array(shape), older.success ? older.output.rows : content);
};
