import {
  fromBase64url,
  Hash,
  Instant,
  isBase64url,
  Mark,
  nextChain,
  toBase64url,
  treeWithPaths,
  type Primitives,
  type Receipt,
} from "@lientuyen/record";
import * as v from "valibot";

/*
 * Receipts on the line. Chain values after the first, and the paths in the batch's tree, follow from the
 * entries that the other side has: a whole batch is its signature, its times and its first chain value.
 */

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** All receipts that one signature received, of one log, for entries of the same message. */
export const ReceiptBatch = v.object({
  /** Places of the entries in the message, in the order of the log. */
  of: v.pipe(v.array(count), v.minLength(1), v.maxLength(500)),
  /** `seq` and `chain` of the first; the next ones follow from it. */
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  chain: Hash,
  /** `receivedAt` of each; one for all where it is the same. */
  at: v.pipe(v.array(Instant), v.minLength(1)),
  /** Marks of each; absent where there are none. */
  marks: v.optional(v.array(v.array(Mark))),
  key: Hash,
  sig: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{86}$/)),
});
export type ReceiptBatch = v.InferOutput<typeof ReceiptBatch>;

/** What a receipt says of an entry without naming it. */
export interface Receivable {
  readonly hash: string;
  readonly log: string;
  readonly sig: string;
}

export interface PackedReceipts {
  readonly batches: readonly ReceiptBatch[];
  /** Receipts whose batch is not whole here, by the entry's place. */
  readonly loose: ReadonlyMap<number, Receipt>;
}

/**
 * Whole batches among the receipts of these entries. One from which the very same receipts do not follow
 * (a row was spoilt, say) stays loose, so that it takes no other with it.
 */
export async function packReceipts(
  p: Primitives,
  entries: readonly (Receivable & { readonly receipt: Receipt })[],
): Promise<PackedReceipts> {
  const groups = new Map<string, number[]>();
  for (const [at, { receipt }] of entries.entries()) {
    const name = `${receipt.log} ${receipt.batch.sig}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [at]);
    else group.push(at);
  }
  const batches: ReceiptBatch[] = [];
  const loose = new Map<number, Receipt>();
  for (const group of groups.values()) {
    const batch = batchOf(group, entries);
    const again = batch === undefined ? undefined : await unpackReceipts(p, entries, batch);
    if (batch !== undefined && again !== undefined && sameReceipts(again, entries))
      batches.push(batch);
    else for (const at of group) loose.set(at, receiptAt(entries, at));
  }
  return { batches, loose };
}

const receiptAt = (entries: readonly { readonly receipt: Receipt }[], at: number): Receipt => {
  const entry = entries[at];
  if (entry === undefined) throw new Error("a place outside the message");
  return entry.receipt;
};

function batchOf(
  group: readonly number[],
  entries: readonly { readonly receipt: Receipt }[],
): ReceiptBatch | undefined {
  const rows = group
    .map((at) => ({ at, receipt: receiptAt(entries, at) }))
    .sort((a, b) => a.receipt.batch.index - b.receipt.batch.index);
  const first = rows[0]?.receipt;
  if (first === undefined || rows.length !== first.batch.size) return undefined;
  const times = rows.map(({ receipt }) => receipt.receivedAt);
  const marks = rows.map(({ receipt }) => receipt.marks);
  return {
    of: rows.map(({ at }) => at),
    seq: first.seq,
    chain: first.chain,
    at: new Set(times).size === 1 ? times.slice(0, 1) : times,
    ...(marks.every((each) => each.length === 0) ? {} : { marks }),
    key: first.batch.key,
    sig: first.batch.sig,
  };
}

const sameReceipts = (
  again: ReadonlyMap<number, Receipt>,
  entries: readonly { readonly receipt: Receipt }[],
): boolean => [...again].every(([at, receipt]) => sameReceipt(receipt, receiptAt(entries, at)));

const sameReceipt = (a: Receipt, b: Receipt): boolean =>
  a.log === b.log &&
  a.entry === b.entry &&
  a.seq === b.seq &&
  a.receivedAt === b.receivedAt &&
  a.chain === b.chain &&
  a.marks.join() === b.marks.join() &&
  a.batch.index === b.batch.index &&
  a.batch.size === b.batch.size &&
  a.batch.key === b.batch.key &&
  a.batch.sig === b.batch.sig &&
  a.batch.path.join() === b.batch.path.join();

/** The batch's receipts, by the entry's place; undefined where it names an entry that is not there. They are to be verified like any other. */
export async function unpackReceipts(
  p: Primitives,
  entries: readonly Receivable[],
  { of, seq: firstSeq, chain: firstChain, at, marks, key, sig }: ReceiptBatch,
): Promise<ReadonlyMap<number, Receipt> | undefined> {
  const rows: Omit<Receipt, "batch">[] = [];
  let chain = firstChain;
  for (const [index, place] of of.entries()) {
    const entry = entries[place];
    const receivedAt = at.length === 1 ? at[0] : at[index];
    if (entry === undefined || receivedAt === undefined) return undefined;
    if (![chain, entry.hash, entry.sig].every(isBase64url)) return undefined;
    const seq = firstSeq + index;
    const own = marks?.[index] ?? [];
    const parts = { entry: entry.hash, sig: entry.sig, seq, receivedAt, marks: own };
    if (index > 0) chain = await nextChain(p, chain, parts);
    rows.push({ v: 1, log: entry.log, entry: entry.hash, seq, receivedAt, marks: own, chain });
  }
  const { paths } = await treeWithPaths(
    p,
    rows.map((row) => fromBase64url(row.chain)),
  );
  return new Map(
    rows.map((row, index) => {
      const path = (paths[index] ?? []).map(toBase64url);
      return [of[index] ?? 0, { ...row, batch: { index, size: rows.length, path, key, sig } }];
    }),
  );
}
