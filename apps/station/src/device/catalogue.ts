import * as v from "valibot";
import { beginningWith, strict, type Database } from "./database.ts";
import type { DamageBook } from "./damage.ts";
import { openCompressed, sealCompressed, type RowKind, type Rows } from "./rows.ts";
import type { Sealed, StoreKeys } from "./vault.ts";

/*
 * A few hundred bytes for each log, in segments of 256. A change goes to a row of its own first; many such are written
 * into their segments together. What is wanted at once at unlock (the open cases) is written a second time, in one
 * piece, whenever the segments are: so unlocking reads that piece and the rows of their own, however many cases there
 * are, and the segments afterwards, a few at a time. A row of its own is always the newer one.
 */

interface Named {
  readonly log: string;
}

export interface Catalogue<Row extends Named> {
  /** What has been read of it; the same map until something changes. */
  all(): ReadonlyMap<string, Row>;
  isWhole(): boolean;
  /** Reads the rest, if nobody has begun to; resolves when `all` is everything. `onRead`: a few rows that it will have. */
  whole(onRead?: (rows: readonly Row[]) => void): Promise<void>;
  /** Durable when it resolves. `cleanIf`: asked for each log right before its mark of being behind is taken away. */
  put(rows: readonly Row[], cleanIf: (log: string) => boolean): Promise<void>;
  drop(logs: readonly string[]): Promise<void>;
}

const perSegment = 256;
const longTail = 512;
/** So many rows of their own are left to the next unlock, which opens them one by one. */
const shortTail = 32;
/** Segments that are opened together; whoever works meanwhile waits for no more than these. */
const atOnce = 2;

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
  /** Rows that are there as soon as the catalogue is open. */
  readonly isFirst: (row: Row) => boolean;
  readonly signal: AbortSignal;
}

export const openCatalogue = async <Row extends Named>(
  parts: CatalogueParts<Row>,
): Promise<Catalogue<Row>> => {
  const { db, keys, rows, kind } = parts;
  const prefix = `${parts.scope}:${kind}-segment:`;
  const firstKey = `${parts.scope}:${kind}-first`;
  const [names, first, own] = await Promise.all([
    db.getAllKeys("blobs", beginningWith(prefix)),
    readFirst(parts, firstKey),
    rows.list(kind, parts.shape),
  ]);
  const place = new Map<string, number>();
  const counts: number[] = [];
  const tail = new Map(own.map((row) => [row.log, row]));
  let all: ReadonlyMap<string, Row> = new Map([
    ...(first ?? []).map((row) => [row.log, row] as const),
    ...tail,
  ]);
  let isWhole = names.length === 0;

  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };

  const readRest = async (onRead: (rows: readonly Row[]) => void): Promise<void> => {
    const read = new Map<string, Row>();
    for (let at = 0; at < names.length; at += atOnce) {
      const some = await readSegments(parts, names.slice(at, at + atOnce));
      for (const { key, content } of some) {
        const segment = Number(key.slice(prefix.length));
        counts[segment] = content.length;
        for (const row of content) {
          place.set(row.log, segment);
          // The same object as before: what was made of it stands.
          read.set(row.log, all.get(row.log) ?? row);
        }
      }
      onRead(some.flatMap(({ content }) => content.map((row) => read.get(row.log) ?? row)));
      await breath();
    }
    for (let at = 0; at < counts.length; at++) counts[at] ??= 0;
    all = new Map([...read, ...tail]);
    isWhole = true;
    // Nobody waits for it; what it leaves undone (no room, locked meanwhile) is done another time.
    if (tail.size > shortTail || first === undefined)
      void inTurn(() => (parts.signal.aborted ? Promise.resolve() : settle())).catch(
        () => undefined,
      );
  };
  let reading: Promise<void> | undefined;
  const whole: Catalogue<Row>["whole"] = async (onRead = () => undefined) => {
    if (isWhole) return;
    reading ??= readRest(onRead);
    await reading;
  };

  /** Writes the tail into its segments, and those that come first in one piece. */
  const settle = async () => {
    const touched = new Set<number>();
    for (const row of tail.values()) touched.add(placeOf(row.log));
    const contents = new Map([...touched].map((at) => [at, [] as Row[]]));
    for (const [log, at] of place) {
      const row = all.get(log);
      if (row !== undefined) contents.get(at)?.push(row);
    }
    const pieces = [
      ...[...contents].map(([at, content]) => ({ key: `${prefix}${at}`, content })),
      { key: firstKey, content: [...all.values()].filter(parts.isFirst) },
    ];
    const sealed = await Promise.all(
      pieces.map(async ({ key, content }) => {
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
    if (isWhole && tail.size > longTail) await settle();
  };

  const drop = async (logs: readonly string[]) => {
    await whole();
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

  // Written before there was such a piece, or it is damaged: nothing is known to be missing in a list only then.
  if (first === undefined) await whole();
  return {
    all: () => all,
    isWhole: () => isWhole,
    whole,
    put: (changed, cleanIf) => inTurn(() => put(changed, cleanIf)),
    drop: (logs) => inTurn(() => drop(logs)),
  };
};

/** undefined: there is none that could be read. */
const readFirst = async <Row extends Named>(
  parts: CatalogueParts<Row>,
  key: string,
): Promise<readonly Row[] | undefined> => {
  const sealed = await parts.db.get("blobs", key);
  return sealed === undefined ? undefined : openSegment(parts, sealed, key);
};

interface Segment<Row extends Named> {
  readonly key: string;
  readonly content: readonly Row[];
}

const readSegments = <Row extends Named>(
  parts: CatalogueParts<Row>,
  names: readonly string[],
): Promise<readonly Segment<Row>[]> =>
  Promise.all(
    names.map(async (key) => {
      const sealed = await parts.db.get("blobs", key);
      const content = sealed === undefined ? [] : await openSegment(parts, sealed, key);
      return { key, content: content ?? [] };
    }),
  );

const openSegment = async <Row extends Named>(
  parts: CatalogueParts<Row>,
  sealed: Sealed,
  key: string,
): Promise<readonly Row[] | undefined> => {
  const opened = await openCompressed(parts.keys, sealed, key);
  if (opened === undefined) parts.damage.note({ table: "segments", key });
  return opened === undefined ? undefined : rowsIn(parts, opened.value);
};

/** Whatever the person does meanwhile comes first. */
const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

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
