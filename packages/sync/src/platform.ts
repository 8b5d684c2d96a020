import type { Bytes } from "@lientuyen/record";
import type { StopSignal } from "./ports.ts";

/*
 * The few parts of the web platform that this package touches, by shape. This package compiles
 * without the DOM's and without Node's types on purpose: a rule that reaches for `fetch`, a timer
 * or `console` does not type-check, and both platforms' own objects satisfy these shapes.
 * The constants below exist at run time in Chrome 109 and in Node; nothing is emitted for them.
 */

export type KeyUse =
  | "sign"
  | "verify"
  | "deriveBits"
  | "deriveKey"
  | "encrypt"
  | "decrypt"
  | "wrapKey"
  | "unwrapKey";

/** SubtleCrypto as far as it is used. `Key` is the platform's CryptoKey. */
export interface Subtle<Key> {
  digest(algorithm: string, data: Bytes): Promise<ArrayBuffer>;
  sign(algorithm: { name: string; hash: string }, key: Key, data: Bytes): Promise<ArrayBuffer>;
  verify(
    algorithm: { name: string; hash: string },
    key: Key,
    signature: Bytes,
    data: Bytes,
  ): Promise<boolean>;
  generateKey(
    algorithm: { name: string; namedCurve: string },
    extractable: boolean,
    uses: KeyUse[],
  ): Promise<{ readonly publicKey: Key; readonly privateKey: Key }>;
  importKey(
    format: "raw",
    data: Bytes,
    algorithm: { name: string; namedCurve: string } | "HKDF" | "AES-GCM",
    extractable: boolean,
    uses: KeyUse[],
  ): Promise<Key>;
  exportKey(format: "raw", key: Key): Promise<ArrayBuffer>;
  deriveBits(
    algorithm:
      | { name: string; public: Key }
      | { name: string; hash: string; salt: Bytes; info: Bytes },
    key: Key,
    bits: number,
  ): Promise<ArrayBuffer>;
  encrypt(algorithm: { name: string; iv: Bytes }, key: Key, data: Bytes): Promise<ArrayBuffer>;
  decrypt(algorithm: { name: string; iv: Bytes }, key: Key, data: Bytes): Promise<ArrayBuffer>;
}

export interface Stopper {
  readonly signal: StopSignal;
  abort(): void;
}

interface ByteReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/** A stream of bytes, as fetch answers with. */
export interface ByteStream {
  getReader(): ByteReader;
}

interface ByteWriter {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

interface ByteTransform {
  readonly readable: ByteStream;
  readonly writable: { getWriter(): ByteWriter };
}

declare const TextEncoder: new () => { encode(text: string): Bytes };
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean },
) => { decode(bytes?: Uint8Array, options?: { stream: boolean }): string };
declare const AbortController: new () => Stopper;
declare const CompressionStream: new (format: "gzip") => ByteTransform;
declare const DecompressionStream: new (format: "gzip") => ByteTransform;

export const newStopper = (): Stopper => new AbortController();

export const encodeUtf8 = (text: string): Bytes => new TextEncoder().encode(text);

/** Throws on bytes that are not UTF-8. */
export const decodeUtf8 = (bytes: Uint8Array): string =>
  new TextDecoder("utf-8", { fatal: true }).decode(bytes);

/** Decodes a stream of UTF-8 piece by piece. */
export const utf8Decoder = () => new TextDecoder("utf-8", { fatal: false });

export function joinBytes(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Reads a stream to its end; undefined once it holds more than `limit` bytes (a decompression bomb). */
async function readAll(stream: ByteStream, limit: number): Promise<Bytes | undefined> {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done || value === undefined) return joinBytes(parts);
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      return undefined;
    }
    parts.push(value);
  }
}

async function through(
  transform: ByteTransform,
  bytes: Bytes,
  limit: number,
): Promise<Bytes | undefined> {
  const writer = transform.writable.getWriter();
  // A broken stream fails the reader as well; the writer's own rejection says nothing more.
  const written = writer
    .write(bytes)
    .then(() => writer.close())
    .catch(() => undefined);
  const out = await readAll(transform.readable, limit);
  if (out !== undefined) await written;
  return out;
}

export async function gzip(bytes: Bytes): Promise<Bytes> {
  const packed = await through(new CompressionStream("gzip"), bytes, Number.MAX_SAFE_INTEGER);
  return packed ?? bytes;
}

/** Undefined where the content is larger than `limit` bytes; throws where it is not gzip. */
export const gunzip = (bytes: Bytes, limit: number): Promise<Bytes | undefined> =>
  through(new DecompressionStream("gzip"), bytes, limit);
