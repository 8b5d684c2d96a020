import { createHash } from "node:crypto";
import type { Bytes } from "@lientuyen/record";

/** Bytes that follow from words: the seed's ids and salts are the same on every machine. */
export const bytesFrom = (words: string, count: number): Bytes => {
  const blocks = Array.from({ length: Math.ceil(count / 32) }, (_, i) =>
    createHash("sha256").update(`lientuyen seed ${i} ${words}`).digest(),
  );
  return new Uint8Array(Buffer.concat(blocks).subarray(0, count));
};

/** Numbers from 0 to 1 that follow from words. */
export const numbersFrom = (words: string): (() => number) => {
  let index = 0;
  return () => {
    index += 1;
    return new DataView(bytesFrom(`${words} ${index}`, 4).buffer).getUint32(0) / 2 ** 32;
  };
};

/** A UUID (version 8, RFC 9562: made by a rule of one's own) that follows from words. */
export const uuidFrom = (words: string): string => {
  const bytes = bytesFrom(words, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
};

export const personId = (account: string): string => uuidFrom(`person ${account}`);
export const deviceId = (facility: string, name: string): string =>
  uuidFrom(`device ${facility} ${name}`);
