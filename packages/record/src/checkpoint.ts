import * as v from "valibot";
import { fromBase64url, isBase64url, toBase64url } from "./base64url.ts";
import { fingerprint } from "./bytes.ts";
import { canonicalText, parseCanonical } from "./canonical.ts";
import { Hash, Instant } from "./entry.ts";
import { isConsistent } from "./merkle.ts";
import type { Bytes, Primitives, Signer } from "./primitives.ts";

/** What a checkpoint says: so stood the tree of all receipts, of every log, in the order in which they were numbered. */
export const CheckpointText = v.strictObject({
  /** When it was signed. */
  at: Instant,
  epoch: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** RFC 9162 head, base64url. */
  root: Hash,
  /** Leaves: receipts numbered so far. */
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  v: v.literal(1),
});
export type CheckpointFacts = Omit<v.InferOutput<typeof CheckpointText>, "v">;

/** As it is kept and sent: the exact text that was signed. */
export const Checkpoint = v.strictObject({
  /** Canonical JSON of `{"at":…,"epoch":…,"root":…,"size":…,"v":1}`. */
  text: v.pipe(v.string(), v.maxLength(300)),
  /** Fingerprint of the checkpoint key. */
  key: Hash,
  /** base64url, 64 bytes r‖s over the text's UTF-8 bytes. */
  sig: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{86}$/)),
});
export type Checkpoint = v.InferOutput<typeof Checkpoint>;

export async function makeCheckpoint(
  p: Primitives,
  signer: Signer,
  facts: {
    readonly at: string;
    readonly epoch: number;
    readonly root: Bytes;
    readonly size: number;
  },
): Promise<Checkpoint> {
  const root = toBase64url(facts.root);
  const text = canonicalText(v.parse(CheckpointText, { ...facts, root, v: 1 }));
  return { text, key: signer.key, sig: toBase64url(await signer.sign(p.encodeUtf8(text))) };
}

/** What the text says; undefined where it is not canonical or not a checkpoint's. Says nothing of the signature. */
export function parseCheckpoint(text: string): CheckpointFacts | undefined {
  const read = v.safeParse(CheckpointText, parseCanonical(text)?.value);
  if (!read.success || !isBase64url(read.output.root)) return undefined;
  const { at, epoch, root, size } = read.output;
  return { at, epoch, root, size };
}

/** The signature is of this key, over the exact text, and the key is the one that the checkpoint names. */
export async function verifyCheckpoint(
  p: Primitives,
  checkpoint: Checkpoint,
  publicKey: string,
): Promise<boolean> {
  const { text, key, sig } = checkpoint;
  if (![publicKey, sig].every(isBase64url) || parseCheckpoint(text) === undefined) return false;
  if ((await fingerprint(p, publicKey)) !== key) return false;
  return p.verify(fromBase64url(publicKey), fromBase64url(sig), p.encodeUtf8(text));
}

/** True where the tree of the older checkpoint is shown by the path to be a beginning of the newer one's. */
export async function isContinued(
  p: Primitives,
  older: CheckpointFacts,
  newer: CheckpointFacts,
  path: readonly string[],
): Promise<boolean> {
  if (!path.every(isBase64url)) return false;
  const at = ({ size, root }: CheckpointFacts) => ({ size, root: fromBase64url(root) });
  return isConsistent(p, at(older), at(newer), path.map(fromBase64url));
}
