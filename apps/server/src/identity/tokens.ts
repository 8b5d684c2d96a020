import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Bytes } from "@lientuyen/record";

/** 256 bits; only its hash is stored. */
export const makeToken = (random: (count: number) => Bytes): string =>
  Buffer.from(random(32)).toString("base64url");

export const hashToken = (token: string): string =>
  createHash("sha256").update(token).digest("base64url");

/** Bound to the session without being stored: who reads the page's script has it, who only sends the cookie has not. */
export const csrfOf = (sessionToken: string): string =>
  createHmac("sha256", sessionToken).update("lientuyen-csrf").digest("base64url");

export const isSameText = (one: string, other: string): boolean => {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
};
