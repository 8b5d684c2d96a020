import type { Bytes } from "@lientuyen/record";
import type { FileContent } from "@lientuyen/sync";
import * as v from "valibot";
import { whole, type DamageBook } from "./damage.ts";
import { beginningWith, isQuotaError, strict, type Database } from "./database.ts";
import { openJson, sealJson } from "./rows.ts";
import type { ContentKey, StoreKeys } from "./vault.ts";

/** Small enough that one piece in memory harms no machine, large enough that a photograph is a few rows. */
const pieceBytes = 512 * 1024;

/** `own`: sealed under a key of its own. Files of devices from before that lie under the store's key. */
const About = v.object({
  log: v.string(),
  hash: v.string(),
  size: v.number(),
  own: v.optional(v.boolean()),
});

/** Bytes [from, to) of one file. */
export type ReadPart = (from: number, to: number) => Promise<Bytes | undefined>;

/** Files of cases, sealed in pieces. A file counts as here once its row is written, after its last piece. */
export interface FileStore {
  write(log: string, hash: string, content: FileContent): Promise<"done" | "full">;
  read(log: string, hash: string, from: number, to: number): Promise<Bytes | undefined>;
  /** What reads this one file when the store's keys are gone; undefined where it is not here or has no own key. */
  lockedReader(log: string, hash: string): Promise<ReadPart | undefined>;
  size(log: string, hash: string): Promise<number | undefined>;
  drop(log: string, hash: string): Promise<void>;
  list(): Promise<readonly v.InferOutput<typeof About>[]>;
}

const pieceKey = (file: string, at: number) => `${file}:${String(at).padStart(6, "0")}`;

/** Out here, and given the file's key alone: a locked device keeps what this returns. */
const readerOf =
  (
    db: Database,
    content: ContentKey,
    file: string,
    size: number,
    damaged: () => void = () => undefined,
  ): ReadPart =>
  async (from, to) => {
    const end = Math.min(to, size);
    const out = new Uint8Array(Math.max(0, end - from));
    for (let at = Math.floor(from / pieceBytes); at * pieceBytes < end; at++) {
      const name = pieceKey(file, at);
      const sealed = await db.get("pieces", name);
      if (sealed === undefined) return undefined;
      const piece = await whole(() => content.open(sealed, name));
      if (piece === undefined) {
        damaged();
        return undefined;
      }
      const start = Math.max(from - at * pieceBytes, 0);
      const part = piece.subarray(start, Math.min(end - at * pieceBytes, piece.length));
      out.set(part, at * pieceBytes + start - from);
    }
    return out;
  };

export const openFileStore = (
  db: Database,
  keys: StoreKeys,
  scope: string,
  damage: Pick<DamageBook, "note">,
): FileStore => {
  /** Files with a damaged part: written anew where they are written again. */
  const broken = new Set<string>();
  const keyOf = async (log: string, hash: string) =>
    `${scope}:${await keys.tag(`file|${log}|${hash}`)}`;

  const aboutOf = async (key: string) => {
    const row = await db.get("files", key);
    const about = row === undefined ? undefined : await openJson(keys, row.about, key);
    if (row !== undefined && about === undefined) broken.add(key);
    return about === undefined ? undefined : v.parse(About, about.value);
  };

  const writePiece = async (own: ContentKey, file: string, at: number, content: FileContent) => {
    const from = at * pieceBytes;
    const bytes = await content
      .slice(from, Math.min(from + pieceBytes, content.size))
      .arrayBuffer();
    const key = pieceKey(file, at);
    const sealed = await own.seal(new Uint8Array(bytes), key);
    const tx = db.transaction("pieces", "readwrite", strict);
    await Promise.all([tx.store.put(sealed, key), tx.done]);
  };

  const drop = async (log: string, hash: string) => {
    const key = await keyOf(log, hash);
    const tx = db.transaction(["files", "pieces"], "readwrite", strict);
    await Promise.all([
      tx.objectStore("files").delete(key),
      tx.objectStore("pieces").delete(beginningWith(`${key}:`)),
      tx.done,
    ]);
  };

  const find = async (log: string, hash: string) => {
    const key = await keyOf(log, hash);
    const about = await aboutOf(key);
    const damaged = () => {
      broken.add(key);
      damage.note({ table: "files", key, log, hash });
    };
    if (about === undefined && broken.has(key)) damaged();
    return about === undefined
      ? undefined
      : { key, size: about.size, isOwn: about.own === true, damaged };
  };

  return {
    async write(log, hash, content) {
      const key = await keyOf(log, hash);
      if ((await aboutOf(key)) !== undefined && !broken.has(key)) return "done";
      const own = await keys.fileKey(key);
      try {
        for (let at = 0; at * pieceBytes < content.size; at++)
          await writePiece(own, key, at, content);
        const about = await sealJson(keys, { log, hash, size: content.size, own: true }, key);
        const tx = db.transaction("files", "readwrite", strict);
        await Promise.all([tx.store.put({ scope, about }, key), tx.done]);
        broken.delete(key);
        return "done";
      } catch (error) {
        if (!isQuotaError(error)) throw error;
        await drop(log, hash);
        return "full";
      }
    },
    async read(log, hash, from, to) {
      const file = await find(log, hash);
      if (file === undefined) return undefined;
      const content = file.isOwn ? await keys.fileKey(file.key) : keys;
      return readerOf(db, content, file.key, file.size, file.damaged)(from, to);
    },
    async lockedReader(log, hash) {
      const file = await find(log, hash);
      if (file?.isOwn !== true) return undefined;
      return readerOf(db, await keys.fileKey(file.key), file.key, file.size);
    },
    async size(log, hash) {
      return (await aboutOf(await keyOf(log, hash)))?.size;
    },
    drop,
    async list() {
      const tx = db.transaction("files");
      const range = beginningWith(`${scope}:`);
      const [names, values] = await Promise.all([
        tx.store.getAllKeys(range),
        tx.store.getAll(range),
      ]);
      const all = await Promise.all(
        values.map(({ about }, at) => openJson(keys, about, names[at] ?? "")),
      );
      // Which file a damaged one is, is known when it is asked for.
      return all.flatMap((about) => (about === undefined ? [] : [v.parse(About, about.value)]));
    },
  };
};
