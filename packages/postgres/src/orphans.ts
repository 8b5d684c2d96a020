import { readFileSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const read = <T>(reader: () => T): T | undefined => {
  try {
    return reader();
  } catch {
    return undefined; // gone meanwhile, or another account's
  }
};

/** Every PostgreSQL process works inside its cluster's folder; initdb names it in its arguments. */
const belongsTo = (pid: string, folder: string): boolean => {
  const args = read(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"))?.split("\0") ?? [];
  const program = path.basename(args[0] ?? "");
  if (program === "initdb") return args.includes(`--pgdata=${folder}`);
  return program.startsWith("postgres") && read(() => readlinkSync(`/proc/${pid}/cwd`)) === folder;
};

/** Processes that still work in this folder though whoever started them is gone. */
export const findOrphans = (folder: string): readonly number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && belongsTo(name, folder))
    .map(Number);

const signalAll = (pids: readonly number[], signal: NodeJS.Signals): void => {
  for (const pid of pids) read(() => process.kill(pid, signal));
};

const goneWithin = async (folder: string, limitMs: number): Promise<boolean> => {
  const until = Date.now() + limitMs;
  while (findOrphans(folder).length > 0) {
    if (Date.now() > until) return false;
    await wait(50);
  }
  return true;
};

const readPostmaster = (folder: string): number | undefined => {
  const text = read(() => readFileSync(path.join(folder, "postmaster.pid"), "utf8"));
  return text === undefined ? undefined : Number(text.split("\n")[0]);
};

/**
 * Ends what a killed start left behind: asks the postmaster to stop (SIGINT, "fast"), then insists;
 * PostgreSQL repairs itself from its log at the next start either way. A postmaster.pid whose number
 * now belongs to some other program would stop that start, so it goes.
 */
export const endOrphans = async (folder: string): Promise<void> => {
  const orphans = findOrphans(folder);
  const postmaster = readPostmaster(folder);
  if (postmaster !== undefined && orphans.includes(postmaster)) signalAll([postmaster], "SIGINT");
  else signalAll(orphans, "SIGQUIT");
  if (!(await goneWithin(folder, 15_000))) {
    signalAll(findOrphans(folder), "SIGQUIT");
    if (!(await goneWithin(folder, 5_000))) signalAll(findOrphans(folder), "SIGKILL");
    await goneWithin(folder, 5_000);
  }
  rmSync(path.join(folder, "postmaster.pid"), { force: true });
};
