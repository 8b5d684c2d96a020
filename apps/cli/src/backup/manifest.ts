import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { canonicalText } from "@lientuyen/record";
import * as v from "valibot";
import { Failure } from "../failure.ts";

/** Form of the backup's folder; a newer one is refused. */
export const backupVersion = 1;
const manifestName = "manifest.json";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Inside the folder: no way out of it. */
const InnerPath = v.pipe(
  v.string(),
  v.regex(/^(database|files|secrets|tls)\/[\w.-]+(\/[\w.-]+)*$/),
  v.check((text) => !text.split("/").includes("..")),
);
const KeptFile = v.strictObject({
  path: InnerPath,
  size: count,
  /** base64url. */
  sha256: v.pipe(v.string(), v.length(43)),
});
export type KeptFile = v.InferOutput<typeof KeptFile>;

const name = v.pipe(v.string(), v.regex(/^[a-z_]+$/));
const KeptTable = v.strictObject({ name, columns: v.array(name), rows: count });
export type KeptTable = v.InferOutput<typeof KeptTable>;

const Manifest = v.strictObject({
  format: v.literal("lientuyen-backup"),
  v: v.literal(backupVersion),
  /** When the database was read, RFC 3339. */
  at: v.pipe(v.string(), v.isoTimestamp()),
  installation: v.strictObject({ id: v.string(), kind: v.picklist(["demo", "empty"]) }),
  /** Number of the last migration that the database had. */
  schema: count,
  /** In the order in which they can be filled again. */
  tables: v.array(KeptTable),
  /** Of files that the database names and the disk did not hold, or not as they were. */
  missing: v.array(v.strictObject({ log: v.string(), hash: v.string() })),
  files: v.array(KeptFile),
});
export type Manifest = v.InferOutput<typeof Manifest>;

/** A manifest says of itself that it is whole. */
const Sealed = v.strictObject({ manifest: v.unknown(), sha256: v.string() });
const Versioned = v.object({ format: v.literal("lientuyen-backup"), v: v.number() });

const digest = (text: string): string => createHash("sha256").update(text).digest("base64url");

export const manifestText = (manifest: Manifest): string =>
  JSON.stringify({ manifest, sha256: digest(canonicalText(manifest)) });

export const manifestIn = (folder: string): string => path.join(folder, manifestName);

const parse = (folder: string, text: string): Manifest => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Failure({ code: "backupDamaged", file: manifestIn(folder) });
  }
  const sealed = v.safeParse(Sealed, value);
  if (!sealed.success) throw new Failure({ code: "notABackup", folder });
  const versioned = v.safeParse(Versioned, sealed.output.manifest);
  if (versioned.success && versioned.output.v > backupVersion)
    throw new Failure({
      code: "newerBackup",
      folder,
      found: versioned.output.v,
      known: backupVersion,
    });
  const read = v.safeParse(Manifest, sealed.output.manifest);
  if (!read.success || digest(canonicalText(read.output)) !== sealed.output.sha256)
    throw new Failure({ code: "backupDamaged", file: manifestIn(folder) });
  return read.output;
};

/** base64url SHA-256 and size; undefined where the file is not there. */
export const weigh = async (
  file: string,
): Promise<Pick<KeptFile, "size" | "sha256"> | undefined> => {
  const stats = await stat(file).catch(() => undefined);
  if (stats?.isFile() !== true) return undefined;
  const hash = createHash("sha256");
  let size = 0;
  const pieces: AsyncIterable<Buffer> = createReadStream(file);
  for await (const piece of pieces) {
    hash.update(piece);
    size += piece.length;
  }
  return { size, sha256: hash.digest("base64url") };
};

/** Reads a backup and checks every byte of it, before anything is touched. @throws Failure naming what is damaged */
export const readBackup = async (folder: string): Promise<Manifest> => {
  const text = await readFile(manifestIn(folder), "utf8").catch(() => undefined);
  if (text === undefined) throw new Failure({ code: "notABackup", folder });
  const manifest = parse(folder, text);
  for (const kept of manifest.files) {
    const file = path.join(folder, kept.path);
    const found = await weigh(file);
    if (found?.sha256 !== kept.sha256 || found.size !== kept.size)
      throw new Failure({ code: "backupDamaged", file });
  }
  return manifest;
};
