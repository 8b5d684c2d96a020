import { randomUUID } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  statfsSync,
} from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { Failure } from "../failure.ts";
import { isDiskFull, isNotAllowed, writeSecretly } from "./secretFile.ts";

/** Format of the data folder; a newer one is refused, an older one is converted by the step that raised this number. */
export const folderFormat = 1;
const neededBytes = 200_000_000;

const Installation = v.object({
  format: v.number(),
  id: v.string(),
  kind: v.picklist(["demo", "empty"]),
  /** False until founding and seeding have come to their end: a first start that was cut off begins anew. */
  ready: v.boolean(),
});
export type Installation = v.InferOutput<typeof Installation>;

export interface DataFolder {
  readonly path: string;
  readonly files: string;
  readonly secrets: string;
  readonly tls: string;
  readonly installation: Installation;
}

const fileOf = (folder: string): string => path.join(folder, "installation.json");

const readInstallation = (folder: string): Installation | undefined => {
  if (!existsSync(fileOf(folder))) return undefined;
  const value: unknown = JSON.parse(readFileSync(fileOf(folder), "utf8"));
  const { format: found } = v.parse(v.object({ format: v.number() }), value);
  if (found > folderFormat)
    throw new Failure({ code: "newerFolder", folder, found, known: folderFormat });
  return v.parse(Installation, value);
};

export const saveInstallation = (folder: string, installation: Installation): void => {
  writeSecretly(fileOf(folder), `${JSON.stringify(installation, undefined, 2)}\n`);
};

const found = (folder: string, demo: boolean): Installation => {
  const strangers = readdirSync(folder).filter((name) => !name.startsWith("installation.json"));
  if (strangers.length > 0) throw new Failure({ code: "folderNotOurs", folder });
  const installation: Installation = {
    format: folderFormat,
    id: randomUUID(),
    kind: demo ? "demo" : "empty",
    ready: false,
  };
  saveInstallation(folder, installation);
  return installation;
};

const make = (folder: string): string => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const real = realpathSync(folder);
  // Root hands the cluster inside to another account, which must be able to walk through; each secret is closed by itself.
  chmodSync(real, process.getuid?.() === 0 ? 0o711 : 0o700);
  for (const name of ["files", "secrets", "tls"])
    mkdirSync(path.join(real, name), { recursive: true, mode: 0o700 });
  return real;
};

const checkSpace = (folder: string): void => {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < neededBytes) throw new Failure({ code: "diskFull", folder });
};

const open = (folder: string, demo: boolean | undefined): DataFolder => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const installation = readInstallation(folder) ?? found(folder, demo ?? true);
  if (demo === false && installation.kind === "demo")
    throw new Failure({ code: "demoFolder", folder });
  if (demo === true && installation.kind === "empty")
    throw new Failure({ code: "emptyFolder", folder });
  const real = make(folder);
  checkSpace(real);
  return placesIn(real, installation);
};

const placesIn = (real: string, installation: Installation): DataFolder => {
  const inside = (name: string): string => path.join(real, name);
  return {
    path: real,
    files: inside("files"),
    secrets: inside("secrets"),
    tls: inside("tls"),
    installation,
  };
};

/** Of a folder that another process works on: nothing is made or changed. Undefined where it is none of ours. */
export const readDataFolder = (folder: string): DataFolder | undefined => {
  const installation = readInstallation(folder);
  return installation === undefined ? undefined : placesIn(realpathSync(folder), installation);
};

/** Opens the data folder, making it where there is none. `demo` as the settings ask; undefined: as the folder is. */
export const openDataFolder = (folder: string, demo: boolean | undefined): DataFolder => {
  try {
    return open(folder, demo);
  } catch (error) {
    if (isDiskFull(error)) throw new Failure({ code: "diskFull", folder });
    if (isNotAllowed(error)) throw new Failure({ code: "folderNotWritable", folder });
    throw error;
  }
};
