import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { Hash } from "@lientuyen/record";
import { makePrimitives } from "@lientuyen/server";
import * as v from "valibot";
import { mostArchiveBytes } from "./bundle/archive.ts";
import { checkBundle, type Checked } from "./bundle/check.ts";
import { reportLines } from "./bundle/report.ts";
import { ArchiveFault } from "./bundle/zip.ts";
import { Failure } from "./failure.ts";
import { say } from "./progress.ts";

interface Asked {
  readonly file: string;
  readonly root: string | undefined;
}

const wrongArguments = (): Failure =>
  new Failure({ code: "wrongArguments", usage: "verify <bundle.zip> [--root FINGERPRINT]" });

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
    const options = { root: { type: "string" } } as const;
    const { values, positionals } = parseArgs({
      args: joined(args),
      options,
      allowPositionals: true,
    });
    const [file, ...more] = positionals;
    if (file !== undefined && more.length === 0)
      return { file, root: v.parse(v.optional(Hash), values.root) };
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

const check = async (file: string, root: string | undefined): Promise<Checked> => {
  const bytes = await readBytes(file);
  try {
    return await checkBundle(makePrimitives(), bytes, root);
  } catch (error) {
    if (error instanceof ArchiveFault)
      throw new Failure({ code: "notABundle", file, detail: error.message });
    throw error;
  }
};

/**
 * `verify <bundle.zip> [--root FINGERPRINT]`: needs neither server nor data folder.
 * @param from folder that the file's name is meant from
 * @returns exit code: 0 only where nothing is wrong
 */
export const verify = async (args: readonly string[], from: string): Promise<number> => {
  const asked = readArguments(args);
  const file = path.resolve(from, asked.file);
  const checked = await check(file, asked.root);
  if (!checked.read)
    throw new Failure(
      checked.why === "newer"
        ? { code: "newerBundle", file, found: checked.detail }
        : { code: "notABundle", file, detail: checked.detail },
    );
  reportLines(checked.report).forEach((line) => say(line));
  return checked.report.verdict === "broken" ? 1 : 0;
};
