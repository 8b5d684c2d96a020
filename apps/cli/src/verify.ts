import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { Hash } from "@lientuyen/record";
import { makePrimitives } from "@lientuyen/server";
import * as v from "valibot";
import { mostArchiveBytes } from "./bundle/archive.ts";
import { checkBundle, type Checked } from "./bundle/check.ts";
import type { DepositFile } from "./bundle/deposits.ts";
import { reportLines } from "./bundle/report.ts";
import { attachedTexts } from "./bundle/savedMail.ts";
import { ArchiveFault } from "./bundle/zip.ts";
import { Failure } from "./failure.ts";
import { say } from "./progress.ts";

interface Asked {
  readonly file: string;
  readonly root: string | undefined;
  /** A folder, or one file, of checkpoints that others keep; saved mails too. */
  readonly deposits: string | undefined;
}

const wrongArguments = (): Failure =>
  new Failure({
    code: "wrongArguments",
    usage: "verify <bundle.zip> [--root FINGERPRINT] [--deposits FOLDER]",
  });

/** One fingerprint in 64 begins with a dash, which would be taken for the next flag. */
const joined = (args: readonly string[]): string[] => {
  const at = args.indexOf("--root");
  const value = at === -1 ? undefined : args[at + 1];
  return value === undefined
    ? [...args]
    : [...args.slice(0, at), `--root=${value}`, ...args.slice(at + 2)];
};

const readArguments = (args: readonly string[]): Asked => {
  try {
    const options = { root: { type: "string" }, deposits: { type: "string" } } as const;
    const { values, positionals } = parseArgs({
      args: joined(args),
      options,
      allowPositionals: true,
    });
    const [file, ...more] = positionals;
    if (file !== undefined && more.length === 0)
      return {
        file,
        root: v.parse(v.optional(Hash), values.root),
        deposits: values.deposits,
      };
  } catch {
    // Said below: an unknown flag, a flag without its value, what is no fingerprint.
  }
  throw wrongArguments();
};

const readBytes = async (file: string): Promise<Uint8Array> => {
  const size = await stat(file).then(
    (stats) => stats.size,
    () => undefined,
  );
  if (size === undefined) throw new Failure({ code: "unreadable", file });
  if (size > mostArchiveBytes)
    throw new Failure({ code: "bundleTooLarge", bytes: size, most: mostArchiveBytes });
  return readFile(file).catch(() => {
    throw new Failure({ code: "unreadable", file });
  });
};

/** A checkpoint's file is below 10 KB, a mail with many below a megabyte; what is larger, or named otherwise, is none. */
const mostBytes = { ".json": 20_000, ".eml": 10_000_000 } as const;

type Kind = keyof typeof mostBytes;
const kindOf = (name: string): Kind | undefined =>
  name.endsWith(".json") ? ".json" : name.endsWith(".eml") ? ".eml" : undefined;

/** The files of a folder and of those in it: one folder may hold several installations'. */
const readDeposits = async (place: string): Promise<readonly DepositFile[]> => {
  try {
    if (!(await stat(place)).isDirectory())
      return await readDeposit(place, kindOf(place) ?? ".json");
    const found = await readdir(place, { withFileTypes: true, recursive: true });
    const files = found.filter((each) => each.isFile());
    const read = [];
    for (const { parentPath, name } of files) {
      const kind = kindOf(name);
      if (kind !== undefined) read.push(...(await readDeposit(path.join(parentPath, name), kind)));
    }
    return read;
  } catch {
    throw new Failure({ code: "unreadable", file: place });
  }
};

/** A mail is named where what is attached to it is meant: it is what has to be kept. */
const readDeposit = async (file: string, kind: Kind): Promise<readonly DepositFile[]> => {
  const name = path.basename(file);
  if ((await stat(file)).size > mostBytes[kind]) return [];
  const text = await readFile(file, "utf8");
  return (kind === ".eml" ? attachedTexts(text) : [text]).map((each) => ({ name, text: each }));
};

const check = async (
  file: string,
  root: string | undefined,
  deposits: readonly DepositFile[] | undefined,
): Promise<Checked> => {
  const bytes = await readBytes(file);
  try {
    return await checkBundle(makePrimitives(), bytes, root, deposits);
  } catch (error) {
    if (error instanceof ArchiveFault)
      throw new Failure({ code: "notABundle", file, detail: error.message });
    throw error;
  }
};

/**
 * `verify <bundle.zip> [--root FINGERPRINT] [--deposits FOLDER]`: needs neither server nor data folder.
 * @param from folder that names of files are meant from
 * @returns exit code: 0 only where nothing is wrong and what was to be compared could be
 */
export const verify = async (args: readonly string[], from: string): Promise<number> => {
  const asked = readArguments(args);
  const file = path.resolve(from, asked.file);
  const deposits =
    asked.deposits === undefined
      ? undefined
      : await readDeposits(path.resolve(from, asked.deposits));
  const checked = await check(file, asked.root, deposits);
  if (!checked.read)
    throw new Failure(
      checked.why === "newer"
        ? { code: "newerBundle", file, found: checked.detail }
        : { code: "notABundle", file, detail: checked.detail },
    );
  reportLines(checked.report).forEach((line) => say(line));
  const { verdict, deposits: compared } = checked.report;
  const uncompared = compared !== undefined && compared.confirmed === undefined;
  return verdict === "broken" || uncompared ? 1 : 0;
};
