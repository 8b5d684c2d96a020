import { fromBase64url, toBase64url } from "./base64url.ts";
import type { Bytes, Primitives } from "./primitives.ts";
import { RecordError } from "./recordError.ts";

export function joinBytes(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Eight bytes, most significant first. */
export function bigEndian64(value: number): Bytes {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RecordError("out_of_range", "not a count");
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(value / 0x1_0000_0000));
  view.setUint32(4, value % 0x1_0000_0000);
  return bytes;
}

/** base64url SHA-256 of a text's UTF-8: the hash of an entry is that of its header's text. */
export async function hashText(p: Primitives, text: string): Promise<string> {
  return toBase64url(await p.sha256(p.encodeUtf8(text)));
}

/** SHA-256(16-byte salt ‖ canonical body): `bodyHash`. */
export async function hashBody(p: Primitives, salt: Uint8Array, bodyText: string): Promise<string> {
  return toBase64url(await p.sha256(joinBytes(salt, p.encodeUtf8(bodyText))));
}

/** A key's name: base64url SHA-256 of the uncompressed point. */
export async function fingerprint(p: Primitives, publicKey: string): Promise<string> {
  return toBase64url(await p.sha256(fromBase64url(publicKey)));
}
