import { fromBase64url, isBase64url, toBase64url } from "./base64url.ts";
import { bigEndian64, fingerprint, joinBytes } from "./bytes.ts";
import { canonicalText } from "./canonical.ts";
import type { Mark, Receipt } from "./entry.ts";
import { leafHash, rootFromInclusion, treeWithPaths } from "./merkle.ts";
import type { Bytes, Primitives, Signer } from "./primitives.ts";

/** What stands before the first receipt of a log: 32 zero bytes. */
export const zeroChain: string = toBase64url(new Uint8Array(32));

export interface ChainParts {
  readonly entry: string;
  readonly sig: string;
  readonly seq: number;
  readonly receivedAt: string;
  readonly marks: readonly Mark[];
}

/**
 * SHA-256(previous chain 32 ‖ entry hash 32 ‖ signature 64 ‖ seq 8, most significant first ‖
 * receivedAt 24 ‖ canonical JSON of the marks). All parts but the last have one length, so it reads one way only.
 */
export async function nextChain(
  p: Primitives,
  previous: string,
  parts: ChainParts,
): Promise<string> {
  const bytes = joinBytes(
    fromBase64url(previous),
    fromBase64url(parts.entry),
    fromBase64url(parts.sig),
    bigEndian64(parts.seq),
    p.encodeUtf8(parts.receivedAt),
    p.encodeUtf8(canonicalText(parts.marks)),
  );
  return toBase64url(await p.sha256(bytes));
}

export interface ReceiptRow {
  readonly log: string;
  readonly entry: string;
  readonly seq: number;
  readonly receivedAt: string;
  readonly marks: readonly Mark[];
  readonly chain: string;
}

/** Receipts for a batch under one signature, in the order of the rows. */
export async function makeReceipts(
  p: Primitives,
  signer: Signer,
  rows: readonly ReceiptRow[],
): Promise<Receipt[]> {
  const leaves = rows.map((row) => fromBase64url(row.chain));
  const tree = await treeWithPaths(p, leaves);
  const root = toBase64url(tree.root);
  const sig = toBase64url(await signer.sign(batchMessage(p, root, rows.length)));
  return rows.map(({ log, entry, seq, receivedAt, marks, chain }, index): Receipt => {
    const path = (tree.paths[index] ?? []).map(toBase64url);
    const batch = { index, size: rows.length, path, key: signer.key, sig };
    return { v: 1, log, entry, seq, receivedAt, marks: [...marks], chain, batch };
  });
}

function batchMessage(p: Primitives, root: string, size: number): Bytes {
  return p.encodeUtf8(canonicalText({ root, size, v: 1 }));
}

/** Remembers batch signatures that were checked, so that a batch of 500 costs one verification. */
export type CheckedBatches = Map<string, boolean>;

/** The receipt is of this key and its chain value is in the signed batch. (That the chain itself fits: see checkProof.) */
export async function verifyReceipt(
  p: Primitives,
  receipt: Receipt,
  publicKey: string,
  checked?: CheckedBatches,
): Promise<boolean> {
  const { batch } = receipt;
  if (![receipt.chain, batch.sig, publicKey, ...batch.path].every(isBase64url)) return false;
  const leaf = await leafHash(p, fromBase64url(receipt.chain));
  const path = batch.path.map(fromBase64url);
  const root = await rootFromInclusion(p, { leaf, index: batch.index, size: batch.size, path });
  if (root === undefined) return false;
  const name = [batch.key, publicKey, toBase64url(root), batch.size, batch.sig].join(" ");
  const known = checked?.get(name);
  if (known !== undefined) return known;
  const message = batchMessage(p, toBase64url(root), batch.size);
  const holds =
    (await fingerprint(p, publicKey)) === batch.key &&
    (await p.verify(fromBase64url(publicKey), fromBase64url(batch.sig), message));
  checked?.set(name, holds);
  return holds;
}
