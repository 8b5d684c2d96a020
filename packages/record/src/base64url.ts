import type { Bytes } from "./primitives.ts";
import { RecordError } from "./recordError.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** By character code; 255 where no letter of the alphabet has it. */
const values = new Uint8Array(128).fill(255);
for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;

/** RFC 4648 section 5 without padding. */
export function toBase64url(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const letters = Math.min(bytes.length - i, 3) + 1;
    for (let k = 0; k < letters; k++) text += alphabet.charAt((word >> (18 - 6 * k)) & 63);
  }
  return text;
}

/** Strict: no padding, no other alphabet, no stray bits in the last letter, so that one value has one text. */
export function fromBase64url(text: string): Bytes {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let word = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const value = values[text.charCodeAt(i)] ?? 255;
    if (value === 255) throw new RecordError("not_base64url", "not base64url");
    word = ((word << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (word >> bits) & 255;
  }
  if (bits >= 6 || (word & ((1 << bits) - 1)) !== 0)
    throw new RecordError("not_base64url", "not base64url");
  return bytes;
}

export function isBase64url(text: string): boolean {
  try {
    fromBase64url(text);
    return true;
  } catch (error) {
    if (error instanceof RecordError) return false;
    throw error;
  }
}
