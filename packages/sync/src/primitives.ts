import {
  fromBase64url,
  toBase64url,
  type Bytes,
  type Primitives,
  type Signer,
} from "@lientuyen/record";
import { encodeUtf8, type Subtle } from "./platform.ts";

const curve = { name: "ECDSA", namedCurve: "P-256" };
const ecdsa = { name: "ECDSA", hash: "SHA-256" };
const keysKept = 500;

/** The record's primitives over WebCrypto (`crypto.subtle`, the same in the browser and in Node). */
export function webPrimitives<Key>(subtle: Subtle<Key>): Primitives {
  const imported = new Map<string, Promise<Key>>();
  const importKey = (publicKey: Bytes): Promise<Key> => {
    const name = toBase64url(publicKey);
    const known = imported.get(name);
    if (known !== undefined) return known;
    if (imported.size >= keysKept) imported.clear();
    const key = subtle.importKey("raw", publicKey, curve, false, ["verify"]);
    imported.set(name, key);
    return key;
  };
  return {
    sha256: async (bytes) => new Uint8Array(await subtle.digest("SHA-256", bytes)),
    // Bytes that are no point of the curve verify nothing.
    verify: async (publicKey, signature, message) => {
      try {
        return await subtle.verify(ecdsa, await importKey(publicKey), signature, message);
      } catch {
        return false;
      }
    },
    encodeUtf8,
  };
}

/** A key pair for signing. `extractable` only so that the private key can be wrapped and imported again without. */
export async function makeKeyPair<Key>(
  subtle: Subtle<Key>,
  extractable: boolean,
): Promise<{ readonly privateKey: Key; readonly publicKey: Bytes }> {
  const pair = await subtle.generateKey(curve, extractable, ["sign", "verify"]);
  return {
    privateKey: pair.privateKey,
    publicKey: new Uint8Array(await subtle.exportKey("raw", pair.publicKey)),
  };
}

/** base64url SHA-256 of the uncompressed point (65 bytes). */
export async function fingerprint<Key>(subtle: Subtle<Key>, publicKey: Bytes): Promise<string> {
  return toBase64url(new Uint8Array(await subtle.digest("SHA-256", publicKey)));
}

/** A signer over a private key that need not be extractable; `publicKey` is the uncompressed point, bytes or base64url. */
export async function signerOf<Key>(
  subtle: Subtle<Key>,
  privateKey: Key,
  publicKey: Bytes | string,
): Promise<Signer> {
  const point = typeof publicKey === "string" ? fromBase64url(publicKey) : publicKey;
  return {
    key: await fingerprint(subtle, point),
    sign: async (message) => new Uint8Array(await subtle.sign(ecdsa, privateKey, message)),
  };
}
