import {
  directoryFactOf,
  type DirectoryFact,
  type DirectoryView,
  type KeyView,
} from "@lientuyen/record";
import type { Item } from "./shelf.ts";

/** A person's key, as the first entry of a directory that certifies it says. */
export interface CertifiedKey {
  readonly publicKey: string;
  readonly person: string;
  readonly device: string;
  /** Code of the facility whose directory certifies it. */
  readonly facility: string;
  /** The first entry, by receipts, of that directory that disowns it or its device. */
  readonly disowning: Item | undefined;
  /** Hashes of entries that the directory lets in all the same. */
  readonly released: ReadonlySet<string>;
}

/**
 * Keys by fingerprint, read from whole directories in the order of their receipts. Not `foldDirectory`, whose
 * order is what authors knew: a check asks what was received first. Of two directories that certify one key
 * the smaller code has it.
 */
export const readKeys = (directories: readonly Item[]): ReadonlyMap<string, CertifiedKey> => {
  const logs = [...new Set(directories.map(({ log }) => log))].sort();
  const keys = new Map<string, CertifiedKey>();
  for (const log of logs) {
    const own = directories.filter((item) => item.log === log).sort(bySeq);
    for (const [key, found] of keysOf(own, log)) if (!keys.has(key)) keys.set(key, found);
  }
  return keys;
};

const bySeq = (one: Item, other: Item): number => one.receipt.seq - other.receipt.seq;

interface Told {
  readonly item: Item;
  readonly fact: DirectoryFact;
}

const keysOf = (items: readonly Item[], log: string): ReadonlyMap<string, CertifiedKey> => {
  const told = items.flatMap((item): readonly Told[] => {
    const read =
      item.entry === undefined
        ? undefined
        : directoryFactOf(item.entry.header.kind, item.entry.body);
    return read?.ok === true ? [{ item, fact: read.fact }] : [];
  });
  const released = new Set(
    told.flatMap(({ fact }) => (fact.kind === "entryReleased" ? [fact.body.entry] : [])),
  );
  const facility = log.slice(log.indexOf("/") + 1);
  const keys = new Map<string, CertifiedKey>();
  for (const { fact } of told) {
    if (fact.kind !== "keyCertified" || keys.has(fact.body.key)) continue;
    const { key, publicKey, person, device } = fact.body;
    const disowning = disowningOf(told, key, device);
    keys.set(key, { publicKey, person, device, facility, disowning, released });
  }
  return keys;
};

/** A device that was disowned stays so, whatever was certified on it afterwards. */
const disowningOf = (told: readonly Told[], key: string, device: string): Item | undefined =>
  told.find(
    ({ fact }) =>
      (fact.kind === "keyDisowned" && fact.body.key === key) ||
      (fact.kind === "deviceDisowned" && fact.body.device === device),
  )?.item;

/** What `checkProof` asks of a directory: whose key it is. */
export const viewOf = (keys: ReadonlyMap<string, CertifiedKey>): DirectoryView => ({
  facilities: new Map(),
  people: new Map(),
  keys: new Map([...keys].map(([key, found]) => [key, keyViewOf(key, found)])),
  released: new Set(),
});

const keyViewOf = (
  key: string,
  { publicKey, person, device, facility }: CertifiedKey,
): KeyView => ({
  key,
  publicKey,
  person,
  device,
  facility,
  confirmed: true,
  disowned: undefined,
  cloned: false,
});
