import {
  canonicalText,
  fingerprint,
  fromBase64url,
  Hash,
  Instant,
  isBase64url,
  isCanonical,
  LogName,
  toBase64url,
  type NamedKey,
  type Primitives,
  type Signer,
} from "@lientuyen/record";
import * as v from "valibot";

const LogEnd = v.strictObject({
  chain: Hash,
  log: LogName,
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});
export const ExtentText = v.strictObject({ at: Instant, logs: v.array(LogEnd), v: v.literal(1) });

/** How far each log of a bundle went when it was written: what a chain alone cannot tell of its own end. */
export type ExtentFacts = Omit<v.InferOutput<typeof ExtentText>, "v">;

/** The server's word, signed by its checkpoint key over the exact text. */
export const Extent = v.strictObject({
  text: v.pipe(v.string(), v.maxLength(1_000_000)),
  key: Hash,
  sig: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{86}$/)),
});
export type Extent = v.InferOutput<typeof Extent>;

export const signExtent = async (
  p: Primitives,
  signer: Signer,
  facts: ExtentFacts,
): Promise<Extent> => {
  const text = canonicalText({ ...facts, v: 1 });
  return { text, key: signer.key, sig: toBase64url(await signer.sign(p.encodeUtf8(text))) };
};

/** What it says; undefined where none of these keys signed that text, or it says nothing of the kind. */
export const readExtent = async (
  p: Primitives,
  { text, key, sig }: Extent,
  keys: readonly NamedKey[],
): Promise<ExtentFacts | undefined> => {
  const publicKey = keys.find((each) => each.key === key)?.publicKey;
  if (publicKey === undefined || !isBase64url(publicKey) || !isBase64url(sig)) return undefined;
  if (!isCanonical(text) || (await fingerprint(p, publicKey)) !== key) return undefined;
  const read = v.safeParse(ExtentText, JSON.parse(text));
  const message = p.encodeUtf8(text);
  if (!read.success) return undefined;
  return (await p.verify(fromBase64url(publicKey), fromBase64url(sig), message))
    ? { at: read.output.at, logs: read.output.logs }
    : undefined;
};
