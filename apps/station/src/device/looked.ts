import * as v from "valibot";
import { strict, type Database } from "./database.ts";
import type { EncryptedDisk } from "./disk.ts";
import { openCompressed, sealCompressed } from "./rows.ts";
import type { StoreKeys } from "./vault.ts";

/*
 * What each person has seen of each case. A look is a row of its own; many rows are gathered into one, so that years
 * of them are not opened one by one at unlock.
 */

export interface Looked {
  /** Entries by other facilities when this person last looked; undefined: never. */
  at(log: string): number | undefined;
  note(log: string, foreign: number): Promise<void>;
}

export interface LookedParts {
  readonly db: Database;
  readonly keys: StoreKeys;
  readonly scope: string;
  readonly disk: Pick<EncryptedDisk, "rows" | "damage">;
  readonly person: string;
}

const LookedRow = v.object({ person: v.string(), log: v.string(), foreign: v.number() });
/** By person, then by log. */
const Gathered = v.record(v.string(), v.record(v.string(), v.number()));
const longTail = 256;

/** Where the gathered rows of a store lie among the blobs. */
export const gatheredKey = (scope: string): string => `${scope}:looked`;

const nameOf = ({ person, log }: { readonly person: string; readonly log: string }): string =>
  `${person}|${log}`;

export const openLooked = async (parts: LookedParts): Promise<Looked> => {
  const { db, keys, person } = parts;
  const { rows, damage } = parts.disk;
  const key = gatheredKey(parts.scope);
  const [sealed, tail] = await Promise.all([db.get("blobs", key), rows.list("looked", LookedRow)]);
  const opened = sealed === undefined ? undefined : await openCompressed(keys, sealed, key);
  // Damaged: everything is new once more, until somebody has looked.
  if (sealed !== undefined && opened === undefined) damage.note({ table: "segments", key });
  const before = opened === undefined ? {} : v.parse(Gathered, opened.value);
  const looked = new Map(Object.entries(before[person] ?? {}));
  for (const row of tail) if (row.person === person) looked.set(row.log, row.foreign);

  const gather = async () => {
    const people = new Map(Object.entries(before).map(([who, of]) => [who, { ...of }]));
    for (const row of tail) {
      const own = people.get(row.person) ?? {};
      own[row.log] = row.foreign;
      people.set(row.person, own);
    }
    const data = await sealCompressed(keys, Object.fromEntries(people), key);
    const gone = await Promise.all(tail.map((row) => rows.key("looked", nameOf(row))));
    const tx = db.transaction(["blobs", "rows"], "readwrite", strict);
    await Promise.all([
      tx.objectStore("blobs").put(data, key),
      ...gone.map((each) => tx.objectStore("rows").delete(each)),
      tx.done,
    ]);
  };
  // Nobody waits for it at unlock; what it leaves undone (no room, locked meanwhile) is done another time.
  const gathering =
    tail.length > longTail ? gather().catch(() => undefined) : Promise.resolve(undefined);

  return {
    at: (log) => looked.get(log),
    async note(log, foreign) {
      looked.set(log, foreign);
      // It takes rows away that it has gathered: a newer one of the same case comes after it.
      await gathering;
      const row = { person, log, foreign };
      const { key: name, sealed: data } = await rows.seal("looked", nameOf(row), row);
      const tx = db.transaction("rows", "readwrite", strict);
      await Promise.all([tx.store.put(data, name), tx.done]);
    },
  };
};
