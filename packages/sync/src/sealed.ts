import { sealedInfo, sealedVersion } from "@lientuyen/api";
import { fromBase64url, toBase64url, type Bytes } from "@lientuyen/record";
import { decodeUtf8, encodeUtf8, gunzip, gzip, joinBytes, type Subtle } from "./platform.ts";
import type { Randomness, SealedBatch } from "./ports.ts";

/*
 * A batch that only the server can read: what waits on the disk while the screen is locked and the
 * store's key is gone. Ephemeral ECDH over P-256, HKDF-SHA256, AES-256-GCM; the content is one
 * version byte and the gzip of the JSON text.
 */

const curve = { name: "ECDH", namedCurve: "P-256" };

async function sealingKey<Key>(
  subtle: Subtle<Key>,
  shared: Bytes,
  ephemeral: Bytes,
  recipient: Bytes,
  use: "encrypt" | "decrypt",
): Promise<Key> {
  const material = await subtle.importKey("raw", shared, "HKDF", false, ["deriveBits"]);
  // Both points in the salt: a ciphertext is bound to the pair that it was made for.
  const bits = await subtle.deriveBits(
    {
      name: "HKDF",
      hash: "SHA-256",
      salt: joinBytes([ephemeral, recipient]),
      info: encodeUtf8(sealedInfo),
    },
    material,
    256,
  );
  return subtle.importKey("raw", new Uint8Array(bits), "AES-GCM", false, [use]);
}

const sharedBits = async <Key>(
  subtle: Subtle<Key>,
  privateKey: Key,
  publicKey: Bytes,
): Promise<Bytes> => {
  const other = await subtle.importKey("raw", publicKey, curve, false, []);
  return new Uint8Array(await subtle.deriveBits({ name: "ECDH", public: other }, privateKey, 256));
};

/** Key pair of the server that batches are sealed to; ECDH keys cannot sign and signing keys cannot open. */
export async function makeSealingKeyPair<Key>(
  subtle: Subtle<Key>,
  extractable: boolean,
): Promise<{ readonly privateKey: Key; readonly publicKey: Bytes }> {
  const pair = await subtle.generateKey(curve, extractable, ["deriveBits"]);
  return {
    privateKey: pair.privateKey,
    publicKey: new Uint8Array(await subtle.exportKey("raw", pair.publicKey)),
  };
}

/** Seals a JSON text to the server; `sealingPublicKey` is the uncompressed point, base64url. */
export async function sealBatch<Key>(
  subtle: Subtle<Key>,
  random: Randomness,
  sealingPublicKey: string,
  json: string,
): Promise<SealedBatch> {
  const recipient = fromBase64url(sealingPublicKey);
  const pair = await makeSealingKeyPair(subtle, false);
  const shared = await sharedBits(subtle, pair.privateKey, recipient);
  const key = await sealingKey(subtle, shared, pair.publicKey, recipient, "encrypt");
  const iv = random(12);
  const content = joinBytes([Uint8Array.of(sealedVersion), await gzip(encodeUtf8(json))]);
  const sealed = await subtle.encrypt({ name: "AES-GCM", iv }, key, content);
  return {
    ephemeral: toBase64url(pair.publicKey),
    iv: toBase64url(iv),
    sealed: toBase64url(new Uint8Array(sealed)),
  };
}

/**
 * The JSON text of a sealed batch, or why there is none. `limit`: most bytes of text that are unpacked.
 * `publicKey` is the sealing key's own uncompressed point.
 */
export async function openBatch<Key>(
  subtle: Subtle<Key>,
  keyPair: { readonly privateKey: Key; readonly publicKey: Bytes },
  batch: SealedBatch,
  limit: number,
): Promise<
  | { readonly ok: true; readonly json: string }
  | { readonly ok: false; readonly code: "bad_request" | "too_large" }
> {
  try {
    const ephemeral = fromBase64url(batch.ephemeral);
    const shared = await sharedBits(subtle, keyPair.privateKey, ephemeral);
    const key = await sealingKey(subtle, shared, ephemeral, keyPair.publicKey, "decrypt");
    const content = new Uint8Array(
      await subtle.decrypt(
        { name: "AES-GCM", iv: fromBase64url(batch.iv) },
        key,
        fromBase64url(batch.sealed),
      ),
    );
    if (content[0] !== sealedVersion) return { ok: false, code: "bad_request" };
    const text = await gunzip(content.slice(1), limit);
    return text === undefined
      ? { ok: false, code: "too_large" }
      : { ok: true, json: decodeUtf8(text) };
  } catch {
    // Not ours, damaged, or no point of the curve: one answer for all, so that nothing is learned from it.
    return { ok: false, code: "bad_request" };
  }
}
