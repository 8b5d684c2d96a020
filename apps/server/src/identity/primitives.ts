import { createHash, createPublicKey, verify, type KeyObject } from "node:crypto";
import type { Bytes, Primitives } from "@lientuyen/record";

/** Copies, because a Buffer may share its memory with others. */
export const bytesOf = (buffer: Uint8Array): Bytes => new Uint8Array(buffer);

const encoder = new TextEncoder();
/** DER head of an uncompressed P-256 public key (RFC 5480). */
const spkiHead = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d030107034200", "hex");
const mostKeys = 10_000;

/**
 * Throws on what browsers do not take as a point: OpenSSL would let its own "hybrid" form pass, and the server
 * hold for signed what no device does.
 */
export const spkiOf = (point: Uint8Array): Buffer => {
  if (point.length !== 65 || point[0] !== 4) throw new RangeError("not an uncompressed point");
  return Buffer.concat([spkiHead, point]);
};

/**
 * Node's own crypto, at once: to hand a P-256 signature to the thread pool keeps this thread nearly as long as to verify it
 * (0.06 of 0.07 ms), and what comes back from there costs as much again. Who has many gives others a turn in between.
 */
export const makePrimitives = (): Primitives => {
  const keys = new Map<string, KeyObject>();
  const keyOf = (point: Bytes): KeyObject => {
    const name = Buffer.from(point).toString("base64");
    const known = keys.get(name);
    if (known !== undefined) return known;
    const made = createPublicKey({ key: spkiOf(point), format: "der", type: "spki" });
    if (keys.size >= mostKeys) keys.clear();
    keys.set(name, made);
    return made;
  };
  return {
    sha256: (bytes) => Promise.resolve(bytesOf(createHash("sha256").update(bytes).digest())),
    encodeUtf8: (text) => encoder.encode(text),
    verify: async (point, signature, message) => {
      try {
        const key = { key: keyOf(point), dsaEncoding: "ieee-p1363" } as const;
        return verify("sha256", message, key, signature);
      } catch {
        // Not a point of the curve.
        return false;
      }
    },
  };
};
