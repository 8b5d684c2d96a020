import { existsSync } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { keepServerKeys, makePrimitives, openKeys } from "@lientuyen/server";
import type { Signer } from "@lientuyen/record";
import { writeArchive } from "./bundle/archive.ts";
import { checkBundle } from "./bundle/check.ts";
import { reportLines } from "./bundle/report.ts";
import { membersOf, readCase } from "./bundle/source.ts";
import type { Settings } from "./environment.ts";
import { Failure } from "./failure.ts";
import type { DataFolder } from "./folder/dataFolder.ts";
import { withDatabase } from "./withDatabase.ts";
import { say } from "./progress.ts";
import { bundleWords } from "./bundle/words.ts";

/** The key that speaks for how far the logs go; it lies in the data folder as the server left it. */
const signerOf = async ({ secrets }: DataFolder): Promise<Signer> => {
  const file = path.join(secrets, "server-keys.json");
  if (!existsSync(file)) throw new Failure({ code: "unreadable", file });
  return openKeys(await keepServerKeys(file)).checkpoint;
};

/**
 * `export <case number or uuid> [out.zip]`: writes the case as one bundle and checks what was written.
 * @param from folder that names on the command line are meant from
 * @returns exit code: 0 only where the bundle is sound
 */
export const exportCase = async (
  settings: Settings,
  [name, out, ...more]: readonly string[],
  from: string,
): Promise<number> => {
  if (name === undefined || name.startsWith("-") || more.length > 0)
    throw new Failure({ code: "wrongArguments", usage: "export <case number | uuid> [out.zip]" });
  const p = makePrimitives();
  const file = await withDatabase(settings, async (databaseUrl, folder) => {
    const now = new Date().toISOString();
    const source = await readCase(databaseUrl, name, { p, signer: await signerOf(folder), now });
    const target = path.resolve(from, out ?? `${source.number}.zip`);
    if (existsSync(target)) throw new Failure({ code: "fileThere", file: target });
    const fresh = `${target}.new`;
    await rm(fresh, { force: true });
    await writeArchive(fresh, await membersOf(p, source, folder.files));
    await rename(fresh, target);
    return target;
  });
  const checked = await checkBundle(p, await readFile(file), undefined);
  if (!checked.read) throw new Failure({ code: "notABundle", file, detail: checked.detail });
  const { report } = checked;
  say(bundleWords.written(file));
  // Whose it is needs no saying here: a verdict only where something is wrong.
  const lines = reportLines(report);
  (report.verdict === "broken" ? lines : lines.slice(1)).forEach((line) => say(line));
  if (report.root !== undefined) say(bundleWords.tellRoot(report.root));
  return report.verdict === "broken" ? 1 : 0;
};
