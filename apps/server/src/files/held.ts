import { sql } from "kysely";
import { instant, type Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import type { FileStorage } from "./storage.ts";
import { demandType } from "./fileTypes.ts";
import { measure } from "./storage.ts";
import { Failure } from "../http/failure.ts";

export interface WholeFile {
  readonly log: string;
  readonly hash: string;
  readonly size: number;
  readonly type: string;
  readonly facility: string;
}

/** Checks a whole upload against what was said of it, keeps it and notes it; again is fine. */
export const takeFile = async (
  core: Core,
  files: FileStorage,
  file: WholeFile,
  path: string,
): Promise<void> => {
  const measured = await measure(path);
  if (measured.size === 0) throw new Failure("file_empty");
  if (measured.hash !== file.hash || measured.size !== file.size)
    throw new Failure("file_hash_mismatch");
  await demandType(file.type, { path });
  await files.keep(file.log, file.hash, path);
  await core.database.asFacility(file.facility, async (tx) => {
    // Taken and let go: its sender has done what it could, and its entry is no more.
    if (await isDestroyed(tx, file)) return files.destroy(file.log, file.hash);
    await tx
      .insertInto("file")
      .values({
        log: file.log,
        hash: file.hash,
        size: file.size,
        type: file.type,
        facility: file.facility,
        stored_at: instant(core.now()),
      })
      .onConflict((it) => it.doNothing())
      .execute();
  });
};

/** Destroyed with the entry that named it, and no other one names it. */
const isDestroyed = async (tx: Tx, { log, hash }: WholeFile): Promise<boolean> => {
  const destroyed = await tx
    .selectFrom("destroyed_file")
    .select("hash")
    .where("log", "=", log)
    .where("hash", "=", hash)
    .executeTakeFirst();
  return destroyed !== undefined && !(await isNamed(tx, log, hash));
};

const isNamed = async (tx: Tx, log: string, hash: string): Promise<boolean> => {
  const named = await tx
    .selectFrom("entry")
    .innerJoin("body", "body.entry", "entry.hash")
    .select("entry.hash")
    .where("entry.log", "=", log)
    .where("entry.kind", "in", ["fileAdded", "correction"])
    .where(sql<boolean>`file_of(body.body) = ${hash}`)
    .limit(1)
    .executeTakeFirst();
  return named !== undefined;
};

/** A file is reached through an entry that names it and was not withheld, never by its hash alone. */
export const findNamedFile = async (
  tx: Tx,
  log: string,
  hash: string,
): Promise<{ readonly size: number; readonly type: string } | undefined> => {
  if (!(await isNamed(tx, log, hash))) return undefined;
  return tx
    .selectFrom("file")
    .select(["size", "type"])
    .where("log", "=", log)
    .where("hash", "=", hash)
    .executeTakeFirst();
};
