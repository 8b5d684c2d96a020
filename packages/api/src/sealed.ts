import { FacilityCode, SignedEntry, Uuid } from "@lientuyen/record";
import * as v from "valibot";

/**
 * What a locked screen sends, encrypted to the server's sealing key (packages/sync SPEC S21).
 *
 * Key agreement: ECDH P-256 between a fresh ephemeral key and the sealing key (32-byte x coordinate),
 * HKDF-SHA256 with salt = ephemeral point ‖ sealing point (65 + 65 bytes, uncompressed) and info = `sealedInfo`,
 * giving an AES-256-GCM key; 12-byte iv, no additional data, 16-byte tag at the end of the ciphertext.
 * The content is one version byte (`sealedVersion`) and the gzip of this JSON.
 */
export const SealedBatch = v.strictObject({
  entries: v.pipe(v.array(SignedEntry), v.maxLength(500)),
});
export type SealedBatch = v.InferOutput<typeof SealedBatch>;

/** Content of a sealed store secret: `secret` is given back to a signed-in person of `facility`, nobody else. */
export const StoreSecret = v.strictObject({
  v: v.literal(1),
  facility: FacilityCode,
  device: Uuid,
  secret: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43,2000}$/)),
});
export type StoreSecret = v.InferOutput<typeof StoreSecret>;

export const sealedInfo = "lientuyen-sealed-v1";
export const sealedVersion = 1;
