import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

/** What is fetched or built; of other places any version of the same major is taken. */
export const engineVersion = "1.13.5";
const program = "livekit-server";

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );

/** The version that a binary says it is; undefined where it is none or does not run here. */
const versionOf = (file: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    // It leaves with 1 or 0, by version.
    execFile(file, ["--version"], { timeout: 20_000 }, (_error, output) => {
      resolve(/livekit-server version (\d+\.\d+\.\d+)/.exec(output)?.[1]);
    });
  });

const isOurs = (version: string | undefined): boolean =>
  version?.split(".")[0] === engineVersion.split(".")[0];

/** Made once for all data folders of this account; what cannot be written there lies in the data folder. */
export const sharedFolder = (): string =>
  path.join(process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache"), "lientuyen");

/** Where a made binary lies in a folder: its version is its name, so that an update makes the next one. */
export const fileIn = (folder: string): string => path.join(folder, `${program}-${engineVersion}`);

/**
 * The media engine, where this machine has it: on the PATH, or in one of the folders.
 * @param folders where this program keeps what it made, first first
 */
export const findEngine = async (folders: readonly string[]): Promise<string | undefined> => {
  const onPath = (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, program));
  for (const file of [...onPath, ...folders.map(fileIn)])
    if ((await isExecutable(file)) && isOurs(await versionOf(file))) return file;
  return undefined;
};
