import { readdirSync, readlinkSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

const read = <T>(reader: () => T): T | undefined => {
  try {
    return reader();
  } catch {
    return undefined; // gone meanwhile, or another account's
  }
};

/** Engines that still work in this folder though whoever started them is gone: the folder is theirs alone. */
const findOrphans = (folder: string): readonly number[] =>
  (read(() => readdirSync("/proc")) ?? [])
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => read(() => readlinkSync(`/proc/${name}/cwd`)) === folder)
    .filter((name) => /livekit-server/.test(read(() => readlinkSync(`/proc/${name}/exe`)) ?? ""))
    .map(Number);

/** They hold the media ports, and nobody can reach them any more. */
export const endOrphans = async (folder: string): Promise<void> => {
  const until = Date.now() + 5_000;
  for (;;) {
    const orphans = findOrphans(folder);
    if (orphans.length === 0 || Date.now() > until) return;
    for (const pid of orphans) read(() => process.kill(pid, "SIGKILL"));
    await wait(20);
  }
};
