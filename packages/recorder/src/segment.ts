import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { closeSync, fdatasync, openSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import * as v from "valibot";
import { Mark } from "./mark.ts";

/**
 * A run's file: 8 random bytes, then one segment after the other:
 * length (4 bytes) ‖ AES-256-GCM of (length of the mark (2 bytes) ‖ mark as JSON ‖ samples, 16 bits little-endian) ‖ tag (16).
 * The nonce is the random bytes and the segment's number, which nobody can reorder or leave out unseen; the tag is the
 * checksum. What a kill tore off at the end is no segment.
 */
export interface Segment {
  readonly mark: Mark;
  /** Empty but for `sound`. */
  readonly samples: Int16Array;
}

const cipher = "aes-256-gcm";
const runBytes = 8;
const tagBytes = 16;
const mostBytes = 1_000_000;
const syncEveryMs = 1_000;

const nonceOf = (run: Uint8Array, n: number): Buffer => {
  const nonce = Buffer.alloc(12);
  nonce.set(run);
  nonce.writeUInt32BE(n, runBytes);
  return nonce;
};

export interface SegmentWriter {
  /** In the system's hands when it returns, so that a kill of this process loses nothing of it; on the disk within a second. */
  readonly write: (mark: Mark, samples?: Int16Array) => void;
  readonly close: () => void;
}

/** @param key 32 bytes */
export const writeSegments = (file: string, key: Uint8Array): SegmentWriter => {
  const run = randomBytes(runBytes);
  const fd = openSync(file, "wx", 0o600);
  writeSync(fd, run);
  let n = 0;
  let closed = false;
  const syncing = setInterval(() => fdatasync(fd, () => undefined), syncEveryMs);
  return {
    write: (mark, samples = new Int16Array()) => {
      if (closed) return;
      const head = Buffer.from(JSON.stringify(mark));
      const length = Buffer.alloc(2);
      length.writeUInt16BE(head.length);
      const sealing = createCipheriv(cipher, key, nonceOf(run, n++));
      const sealed = Buffer.concat([
        sealing.update(
          Buffer.concat([
            length,
            head,
            Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength),
          ]),
        ),
        sealing.final(),
        sealing.getAuthTag(),
      ]);
      const size = Buffer.alloc(4);
      size.writeUInt32BE(sealed.length);
      writeSync(fd, Buffer.concat([size, sealed]));
    },
    close: () => {
      if (closed) return;
      closed = true;
      clearInterval(syncing);
      closeSync(fd);
    },
  };
};

const unseal = (sealed: Buffer, key: Uint8Array, nonce: Buffer): Segment | undefined => {
  const opening = createDecipheriv(cipher, key, nonce);
  opening.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  let clear: Buffer;
  try {
    const text = opening.update(sealed.subarray(0, sealed.length - tagBytes));
    clear = Buffer.concat([text, opening.final()]);
  } catch {
    return undefined; // damaged: what it held is a gap
  }
  const head = clear.readUInt16BE(0);
  const mark = v.parse(Mark, JSON.parse(clear.subarray(2, 2 + head).toString()));
  // Copied: samples want an even place in memory.
  const bytes = new Uint8Array(clear.subarray(2 + head));
  return { mark, samples: new Int16Array(bytes.buffer) };
};

/** The whole segments of one run, in order; a torn end and damaged ones are left out. */
export async function* readSegments(file: string, key: Uint8Array): AsyncGenerator<Segment> {
  const handle = await open(file, "r");
  try {
    let at = 0;
    const read = async (size: number): Promise<Buffer | undefined> => {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(size), 0, size, at);
      at += bytesRead;
      return bytesRead === size ? buffer : undefined;
    };
    const run = await read(runBytes);
    for (let n = 0; run !== undefined; n++) {
      const size = (await read(4))?.readUInt32BE(0);
      // A damaged length: nothing behind it can be told apart any more.
      if (size === undefined || size <= tagBytes || size > mostBytes) return;
      const sealed = await read(size);
      if (sealed === undefined) return;
      const segment = unseal(sealed, key, nonceOf(run, n));
      if (segment !== undefined) yield segment;
    }
  } finally {
    await handle.close();
  }
}
