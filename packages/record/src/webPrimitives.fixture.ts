/// <reference types="node" />
import { webcrypto } from "node:crypto";
import { fingerprint, toBase64url, type Bytes, type Primitives, type Signer } from "./index.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256" };
const signing = { name: "ECDSA", hash: "SHA-256" };

/** Node's WebCrypto for the tests; products take `webPrimitives` of @lientuyen/sync. */
export const primitives: Primitives = {
  sha256: async (bytes) => new Uint8Array(await webcrypto.subtle.digest("SHA-256", bytes)),
  verify: async (publicKey, signature, message) => {
    try {
      const key = await webcrypto.subtle.importKey("raw", publicKey, algorithm, false, ["verify"]);
      return await webcrypto.subtle.verify(signing, key, signature, message);
    } catch {
      return false;
    }
  },
  encodeUtf8: (text) => new Uint8Array(new TextEncoder().encode(text)),
};

export async function makeSigner(): Promise<Signer & { readonly publicKey: string }> {
  const pair = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const raw = new Uint8Array(await webcrypto.subtle.exportKey("raw", pair.publicKey));
  const publicKey = toBase64url(raw);
  const key = await fingerprint(primitives, publicKey);
  const sign = async (message: Bytes): Promise<Bytes> =>
    new Uint8Array(await webcrypto.subtle.sign(signing, pair.privateKey, message));
  return { key, publicKey, sign };
}
