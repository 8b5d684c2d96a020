import type { CertifiedKey } from "./keyring.ts";
import type { Item, Shelf, Trust } from "./shelf.ts";

/** Facts of a directory that the server's certificate key alone writes (packages/record SPEC I33). */
const serversOwn: ReadonlySet<string> = new Set([
  "facilityFounded",
  "deviceEnrolled",
  "keyCertified",
]);

/** Entries whose key may not sign in that log, whatever its signature. */
export const wrongSigners = (
  shelf: Shelf,
  trust: Trust,
  keys: ReadonlyMap<string, CertifiedKey>,
): readonly Item[] => {
  const certificates = new Set(trust.certificate.map(({ key }) => key));
  const isWrong = ({ entry, log }: Item): boolean => {
    if (entry === undefined || certificates.has(entry.header.key)) return false;
    if (serversOwn.has(entry.header.kind)) return true;
    const known = keys.get(entry.header.key);
    return known !== undefined && `directory/${known.facility}` !== log;
  };
  return shelf.directories.filter(isWrong);
};

/**
 * Entries of the case, or of the very directory that disowned their key, that came in after that and that
 * nobody released. What came first is told by receipts, never by what an author's clock says.
 */
export const signedByDisowned = (
  shelf: Shelf,
  keys: ReadonlyMap<string, CertifiedKey>,
  order: ReadonlyMap<string, number>,
): readonly Item[] => {
  const isAfter = (item: Item): boolean => {
    const key = item.entry === undefined ? undefined : keys.get(item.entry.header.key);
    const disowning = key?.disowning;
    if (key === undefined || disowning === undefined || key.released.has(item.hash)) return false;
    if (item.log === disowning.log) return item.receipt.seq > disowning.receipt.seq;
    if (item.log.startsWith("directory/")) return false;
    return afterInTree(order, item, disowning) ?? cameAfter(shelf, keys, item, disowning);
  };
  return [...shelf.directories, ...shelf.case].filter(isAfter);
};

/** The tree of all receipts is the one order of all logs; undefined where it does not hold both. */
const afterInTree = (
  order: ReadonlyMap<string, number>,
  item: Item,
  disowning: Item,
): boolean | undefined => {
  const [one, other] = [order.get(item.hash), order.get(disowning.hash)];
  return one === undefined || other === undefined ? undefined : one > other;
};

/**
 * Without the tree two logs have no common order of their own. What an author of that facility knew when writing is one: who
 * named a later state of the directory, or stands behind one who did, came after it. Else the server's own
 * times, which the chains bind.
 */
const cameAfter = (
  shelf: Shelf,
  keys: ReadonlyMap<string, CertifiedKey>,
  item: Item,
  disowning: Item,
): boolean => {
  const later = new Set(
    shelf.directories
      .filter(({ log, receipt }) => log === disowning.log && receipt.seq >= disowning.receipt.seq)
      .map(({ receipt }) => receipt.chain),
  );
  const knew = shelf.case.some(({ entry, receipt }) => {
    if (entry === undefined || receipt.seq > item.receipt.seq) return false;
    const facility = keys.get(entry.header.key)?.facility;
    return `directory/${facility}` === disowning.log && later.has(entry.header.dir);
  });
  return knew || item.receipt.receivedAt > disowning.receipt.receivedAt;
};
