import type { OutboxRow } from "@lientuyen/sync";
import type { RowKind } from "./rows.ts";
import type { Bytes } from "@lientuyen/record";

/*
 * A sealed value that does not open any more: the disk gave back other bytes than were written. It is read as if it
 * were not there, noted here, and mended from what is known elsewhere (mending.ts). What opens and is not understood is
 * another matter: a fault of ours, which throws.
 */

/** Where it lies. `log` stands where whoever read it knew whose it was. */
export type Spot =
  | { readonly table: "rows"; readonly key: string; readonly kind: RowKind }
  /** One entry, or a log's blob of entries. */
  | { readonly table: "items" | "blobs"; readonly key: string; readonly log: string | undefined }
  | { readonly table: "segments" | "logs"; readonly key: string }
  | {
      readonly table: "files";
      readonly key: string;
      readonly log: string;
      readonly hash: string;
    };

export interface DamageBook {
  readonly note: (spot: Spot) => void;
  /** Entries that wait to be sent and cannot be read. */
  readonly noteUnsent: (rows: readonly OutboxRow[]) => void;
  /** What was noted since the last time; each place once. */
  readonly take: () => { readonly spots: readonly Spot[]; readonly unsent: readonly OutboxRow[] };
  /** Those of one log alone; the others stay. */
  readonly takeOf: (log: string) => readonly Spot[];
  readonly isEmpty: () => boolean;
  readonly has: (table: Spot["table"], kind?: RowKind) => boolean;
  /** Called after something was noted for the first time. */
  onNoted: () => void;
}

export const createDamageBook = (): DamageBook => {
  let spots = new Map<string, Spot>();
  let unsent = new Map<string, OutboxRow>();
  const told = new Set<string>();
  const book: DamageBook = {
    note(spot) {
      const name = `${spot.table} ${spot.key}`;
      // Who knows the log knows more.
      const knowsLog = "log" in spot && spot.log !== undefined;
      if (spots.has(name) && !knowsLog) return;
      spots.set(name, spot);
      const news = knowsLog ? `${name} ${spot.log}` : name;
      if (told.has(news)) return;
      told.add(news);
      book.onNoted();
    },
    noteUnsent(rows) {
      for (const row of rows) unsent.set(row.hash, row);
      if (rows.length > 0) book.onNoted();
    },
    take() {
      const taken = { spots: [...spots.values()], unsent: [...unsent.values()] };
      spots = new Map();
      unsent = new Map();
      return taken;
    },
    takeOf(log) {
      const taken = [...spots].filter(([, spot]) => "log" in spot && spot.log === log);
      for (const [name] of taken) spots.delete(name);
      return taken.map(([, spot]) => spot);
    },
    isEmpty: () => spots.size + unsent.size === 0,
    has: (table, kind) =>
      [...spots.values()].some(
        (spot) =>
          spot.table === table &&
          (kind === undefined || (spot.table === "rows" && spot.kind === kind)),
      ),
    onNoted: () => undefined,
  };
  return book;
};

/** undefined: these are not the bytes that were sealed there. */
export const whole = async (opening: () => Promise<Bytes>): Promise<Bytes | undefined> => {
  try {
    return await opening();
  } catch {
    return undefined;
  }
};
