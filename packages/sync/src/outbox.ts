import { teachesKeys } from "./keyBook.ts";
import type { OutboxRow, UploadRow } from "./ports.ts";

/** The most entries that one request may carry (packages/api `entries`). */
export const mostEntries = 500;

export interface BatchLimits {
  /** Characters before compression. */
  readonly size: number;
  readonly entries: number;
  /** Rows that are not to go yet: they wait after a `later`. */
  readonly waits: (hash: string) => boolean;
  /** Entries offered again go only when the feed has been read to its end. */
  readonly reoffer: boolean;
}

/**
 * The next batch: emergencies' cases first, each log in the order it was written.
 * Left out is what waits, and what rests on something that waits; nothing else.
 */
export function planBatch(rows: readonly OutboxRow[], limits: BatchLimits): readonly OutboxRow[] {
  const batch: OutboxRow[] = [];
  let size = 0;
  for (const row of sendable(rows, limits)) {
    if (batch.length >= limits.entries) break;
    if (batch.length > 0 && size + row.size > limits.size) break;
    batch.push(row);
    size += row.size;
  }
  return batch;
}

/** Everything that could go now, in the order in which it goes. */
export function sendable(
  rows: readonly OutboxRow[],
  limits: Pick<BatchLimits, "waits" | "reoffer">,
): readonly OutboxRow[] {
  const written = [...rows].sort((a, b) => a.order - b.order);
  const blocked = blockedRows(written, limits.waits);
  const logs = new Map<string, { rank: number; reoffer: boolean; order: number }>();
  for (const row of written) {
    const log = logs.get(row.log);
    if (log === undefined)
      logs.set(row.log, { rank: row.rank, reoffer: row.reoffer === true, order: row.order });
    else {
      log.rank = Math.min(log.rank, row.rank);
      log.reoffer = log.reoffer && row.reoffer === true;
    }
  }
  const place = (row: OutboxRow) => logs.get(row.log) ?? { rank: 2, reoffer: false, order: 0 };
  return written
    .filter((row) => !blocked.has(row.hash) && (limits.reoffer || row.reoffer !== true))
    .sort((a, b) => {
      const left = place(a);
      const right = place(b);
      return (
        // A restored server knows nobody whose certificate it has lost.
        Number(offersKeys(b)) - Number(offersKeys(a)) ||
        Number(left.reoffer) - Number(right.reoffer) ||
        left.rank - right.rank ||
        left.order - right.order ||
        // What is offered again was written before what has never gone.
        Number(b.reoffer === true) - Number(a.reoffer === true) ||
        a.order - b.order
      );
    });
}

const offersKeys = (row: OutboxRow): boolean => row.reoffer === true && teachesKeys(row.log);

/** What waits, what names it as a target, and the whole of a log whose opening waits. `written` is in order. */
function blockedRows(
  written: readonly OutboxRow[],
  waits: (hash: string) => boolean,
): ReadonlySet<string> {
  const blocked = new Set<string>();
  const unopened = new Set<string>();
  for (const row of written) {
    if (
      !waits(row.hash) &&
      !unopened.has(row.log) &&
      !row.targets.some((target) => blocked.has(target))
    )
      continue;
    blocked.add(row.hash);
    if (opens(row)) unopened.add(row.log);
  }
  return blocked;
}

/** Kinds that begin a log: the server knows nothing of it before. */
export const opens = (row: { readonly kind: string }): boolean =>
  row.kind === "opened" || row.kind === "patientRegistered";

/** Rows that rest on a refused entry, directly or through each other. */
export function dependentsOf(
  refused: ReadonlySet<string>,
  rows: readonly OutboxRow[],
): readonly OutboxRow[] {
  const lost = new Set(refused);
  const found: OutboxRow[] = [];
  for (const row of [...rows].sort((a, b) => a.order - b.order)) {
    if (lost.has(row.hash) || !row.targets.some((target) => lost.has(target))) continue;
    lost.add(row.hash);
    found.push(row);
  }
  return found;
}

const priorities = { key: 0, first: 1, original: 2 } as const;

/** The file to send next: originals last of all, then emergencies, key pictures, the order of adding. */
export function nextUpload(
  rows: readonly UploadRow[],
  waits: (row: UploadRow) => boolean,
): UploadRow | undefined {
  const rank = (row: UploadRow) => [
    row.priority === "original" ? 1 : 0,
    row.rank,
    priorities[row.priority],
    row.order,
  ];
  const before = (a: UploadRow, b: UploadRow): number => {
    const right = rank(b);
    return (
      rank(a)
        .map((value, i) => value - (right[i] ?? 0))
        .find((difference) => difference !== 0) ?? 0
    );
  };
  return rows.filter((row) => row.state === "waiting" && !waits(row)).sort(before)[0];
}

const hash = /^[A-Za-z0-9_-]{43}$/;

/**
 * Entry hashes that a body names as what it acts on. A text may well replace one that was refused, so
 * `replaces` binds nothing; a file's own hash is no entry's.
 */
export function targetsIn(body: unknown): readonly string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === "string") {
      if (hash.test(value)) found.add(value);
    } else if (Array.isArray(value)) {
      value.forEach(visit);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value))
        if (name !== "replaces" && name !== "file") visit(inner);
    }
  };
  visit(body);
  return [...found];
}
