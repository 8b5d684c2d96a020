import { isBase64url } from "./base64url.ts";
import { nextChain, verifyReceipt, zeroChain, type CheckedBatches } from "./chain.ts";
import type { Receipt } from "./entry.ts";
import { installationFactOf } from "./facts.ts";
import type { Primitives } from "./primitives.ts";
import type { NamedKey } from "./proof.ts";
import type { ParsedEntry } from "./view.ts";

/** An entry as it stands now, with the receipt that counts. */
export interface ReceivedEntry {
  readonly hash: string;
  readonly log: string;
  readonly sig: string;
  readonly receipt: Receipt;
  /** Undefined where it cannot be read. */
  readonly entry: ParsedEntry | undefined;
}

/**
 * `earlierReceipt`: it does not prove itself. `doubled`: the server gave an entry two receipts, and no statement
 * of a new epoch on record stands between the two.
 */
export interface EarlierFault {
  readonly what: "earlierReceipt" | "doubled";
  readonly receipt: Receipt;
}

/**
 * Receipts that a server gave before it was put back to a backup, for entries that have others since.
 * @param entries every entry that is known, the installation's log among them
 * @param receiptKeys the server's receipt keys, as its root certified them
 */
export async function checkEarlier(
  p: Primitives,
  entries: readonly ReceivedEntry[],
  earlier: readonly Receipt[],
  receiptKeys: readonly NamedKey[],
): Promise<readonly EarlierFault[]> {
  const byHash = new Map(entries.map((each) => [each.hash, each]));
  const heads = headsOf(entries.map(({ receipt }) => receipt));
  const statements = epochsStarted(entries);
  const checked: CheckedBatches = new Map();
  const faults: EarlierFault[] = [];
  for (const receipt of [...earlier].sort((a, b) => a.seq - b.seq)) {
    const named = byHash.get(receipt.entry);
    const before = heads.get(placeOf(receipt.log, receipt.seq - 1)) ?? new Set();
    const here = heads.get(placeOf(receipt.log, receipt.seq)) ?? new Set();
    const holds =
      named !== undefined &&
      named.log === receipt.log &&
      // Neither the receipt that counts nor one that was listed already.
      !here.has(receipt.chain) &&
      (await isSigned(p, receipt, receiptKeys, checked)) &&
      (await followsOne(p, before, receipt, named.sig));
    if (!holds) {
      faults.push({ what: "earlierReceipt", receipt });
      continue;
    }
    heads.set(placeOf(receipt.log, receipt.seq), here.add(receipt.chain));
    const now = named.receipt.receivedAt;
    if (!statements.some((at) => receipt.receivedAt < at && at <= now))
      faults.push({ what: "doubled", receipt });
  }
  return faults;
}

const placeOf = (log: string, seq: number): string => `${log} ${seq}`;

/** Chain values that a next receipt may follow, by log and seq. */
function headsOf(receipts: readonly Receipt[]): Map<string, Set<string>> {
  const heads = new Map<string, Set<string>>();
  for (const { log, seq, chain } of receipts) {
    const place = placeOf(log, seq);
    heads.set(place, (heads.get(place) ?? new Set()).add(chain));
    heads.set(placeOf(log, 0), new Set([zeroChain]));
  }
  return heads;
}

/** When each epoch after the first was stated, by its receipt. */
function epochsStarted(entries: readonly ReceivedEntry[]): readonly string[] {
  return entries.flatMap(({ log, entry, receipt }) => {
    if (log !== "installation" || entry === undefined) return [];
    const read = installationFactOf(entry.header.kind, entry.body);
    const started = read.ok && read.fact.kind === "epochStarted" && read.fact.body.epoch > 1;
    return started ? [receipt.receivedAt] : [];
  });
}

async function isSigned(
  p: Primitives,
  receipt: Receipt,
  keys: readonly NamedKey[],
  checked: CheckedBatches,
): Promise<boolean> {
  const key = keys.find((each) => each.key === receipt.batch.key);
  return key !== undefined && (await verifyReceipt(p, receipt, key.publicKey, checked));
}

async function followsOne(
  p: Primitives,
  before: ReadonlySet<string>,
  { entry, seq, receivedAt, marks, chain }: Receipt,
  sig: string,
): Promise<boolean> {
  if (![entry, sig].every(isBase64url)) return false;
  for (const previous of before) {
    if (!isBase64url(previous)) continue;
    if ((await nextChain(p, previous, { entry, sig, seq, receivedAt, marks })) === chain)
      return true;
  }
  return false;
}
