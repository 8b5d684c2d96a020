import { createHash } from "node:crypto";
import { createReadStream, type ReadStream } from "node:fs";
import { link, mkdir, open, rm, stat, statfs, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Files on disk: content under its case and hash, photographs of a camera link apart until the PC takes them. */
export interface FileStorage {
  readonly uploadsDir: string;
  /** Sealed segments of recordings, until they are joined. */
  readonly recordingsDir: string;
  /** Takes a whole, checked upload over; again is fine. The bytes are on the disk when it resolves. */
  readonly keep: (log: string, hash: string, from: string) => Promise<void>;
  readonly read: (
    log: string,
    hash: string,
    range?: { readonly start: number; readonly end: number },
  ) => ReadStream;
  readonly has: (log: string, hash: string) => Promise<boolean>;
  readonly destroy: (log: string, hash: string) => Promise<void>;
  readonly keepPhoto: (link: string, hash: string, bytes: Uint8Array) => Promise<void>;
  readonly readPhoto: (link: string, hash: string) => ReadStream;
  readonly dropPhotos: (link: string) => Promise<void>;
  /** Bytes that are free for files. */
  readonly free: () => Promise<number>;
}

export const openFiles = async (filesDir: string): Promise<FileStorage> => {
  const uploadsDir = join(filesDir, "uploads");
  const pathOf = (log: string, hash: string): string =>
    join(filesDir, "cases", log.slice("case/".length), hash);
  const photoOf = (linkHash: string, hash: string): string =>
    join(filesDir, "camera", linkHash, hash);
  await mkdir(uploadsDir, { recursive: true, mode: 0o700 });
  return {
    uploadsDir,
    recordingsDir: join(filesDir, "recordings"),
    keep: async (log, hash, from) => {
      await syncFile(from);
      const path = pathOf(log, hash);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await link(from, path).catch(unless("EEXIST"));
      await syncFile(dirname(path));
    },
    read: (log, hash, range) => createReadStream(pathOf(log, hash), range),
    has: async (log, hash) => (await stat(pathOf(log, hash)).catch(unless("ENOENT"))) !== undefined,
    destroy: async (log, hash) => {
      await unlink(pathOf(log, hash)).catch(unless("ENOENT"));
    },
    keepPhoto: async (linkHash, hash, bytes) => {
      const path = photoOf(linkHash, hash);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, bytes, { flush: true });
    },
    readPhoto: (linkHash, hash) => createReadStream(photoOf(linkHash, hash)),
    dropPhotos: (linkHash) =>
      rm(join(filesDir, "camera", linkHash), { recursive: true, force: true }),
    free: async () => {
      const { bavail, bsize } = await statfs(filesDir);
      return bavail * bsize;
    },
  };
};

const unless =
  (code: string) =>
  (error: unknown): undefined => {
    if (error instanceof Error && "code" in error && error.code === code) return undefined;
    throw error;
  };

const syncFile = async (path: string): Promise<void> => {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
};

/** base64url SHA-256 and size of a file, read in pieces. */
export const measure = async (
  path: string,
): Promise<{ readonly hash: string; readonly size: number }> => {
  const hash = createHash("sha256");
  let size = 0;
  const pieces: AsyncIterable<Buffer> = createReadStream(path);
  for await (const piece of pieces) {
    hash.update(piece);
    size += piece.length;
  }
  return { hash: hash.digest("base64url"), size };
};
