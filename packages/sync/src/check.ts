import {
  hashText,
  nextChain,
  parseEntry,
  verifyReceipt,
  verifySignature,
  zeroChain,
  type CheckedBatches,
  type ParsedEntry,
  type Primitives,
  type Receipt,
  type SignedEntry,
} from "@lientuyen/record";
import type { KeyBook } from "./keyBook.ts";
import type { AwayRow, EntryFault } from "./ports.ts";

/** What came over the line, after looking at it; `entry` is there when the header and body could be read. */
export interface Checked {
  readonly hash: string;
  readonly signed: SignedEntry;
  readonly receipt: Receipt;
  readonly entry: ParsedEntry | undefined;
  readonly fault: EntryFault | undefined;
}

/** Hash, canonical form and signature; then whether the receipt is the server's and speaks of this very entry. */
export async function checkItem(
  p: Primitives,
  book: KeyBook,
  signed: SignedEntry,
  receipt: Receipt,
  batches: CheckedBatches,
): Promise<Checked> {
  const parsed = await parseEntry(p, signed);
  if (!parsed.ok) {
    const hash = await hashText(p, signed.header);
    return {
      hash,
      signed,
      receipt,
      entry: undefined,
      fault:
        parsed.code === "body_hash_mismatch" || parsed.code === "bad_body" ? "bodyHash" : "header",
    };
  }
  const { entry } = parsed;
  const fault =
    (await signatureFault(p, book, entry)) ??
    (await receiptFault(p, book, receipt, entry, batches));
  return { hash: entry.hash, signed, receipt, entry, fault };
}

async function signatureFault(
  p: Primitives,
  book: KeyBook,
  entry: ParsedEntry,
): Promise<EntryFault | undefined> {
  const publicKey = await book.keyFor(entry);
  if (publicKey === undefined) return "unknownKey";
  return (await verifySignature(p, entry, publicKey)) ? undefined : "signature";
}

/** `receipt` where it names another entry or log, or is not signed by a receipt key that the root named. */
export async function receiptFault(
  p: Primitives,
  book: KeyBook,
  receipt: Receipt,
  of: { readonly hash: string; readonly header: { readonly log: string } },
  batches: CheckedBatches,
): Promise<"receipt" | undefined> {
  if (receipt.entry !== of.hash || receipt.log !== of.header.log) return "receipt";
  const publicKey = book.receiptKeyOf(receipt.batch.key);
  if (publicKey === undefined) return "receipt";
  return (await verifyReceipt(p, receipt, publicKey, batches)) ? undefined : "receipt";
}

/** The last link of a log's chain that this device knows. */
export interface Tail {
  readonly seq: number;
  readonly chain: string;
  /** The log is not here whole. */
  readonly away?: AwayRow | undefined;
}

export const emptyTail: Tail = { seq: 0, chain: zeroChain };

/** Whether the receipt follows from the tail; `apart` where it is not the very next one, so that nothing can be said. */
export async function follows(
  p: Primitives,
  tail: Tail,
  receipt: Receipt,
  sig: string,
): Promise<"yes" | "no" | "apart"> {
  if (receipt.seq !== tail.seq + 1) return "apart";
  const { entry, seq, receivedAt, marks } = receipt;
  return (await nextChain(p, tail.chain, { entry, sig, seq, receivedAt, marks })) === receipt.chain
    ? "yes"
    : "no";
}
