import { readdirSync, readFileSync } from "node:fs";
import type { Person } from "../../e2e/harness/person.ts";

/** What the page's process holds after a collection: memory of its own, and JavaScript's part. */
export async function memoryOf({
  page,
  profile,
}: Person): Promise<{ readonly processBytes: number; readonly heapBytes: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const sizes = renderersOf(profile).map(privateBytes);
  return { heapBytes: usedSize, processBytes: Math.max(0, ...sizes) };
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Drawing processes of the browser that has this profile. */
function renderersOf(profile: string): readonly number[] {
  const all = new Map(processes().map((each) => [each.pid, each]));
  const isOurs = (each: Process | undefined): boolean =>
    each !== undefined && (each.command.includes(profile) || isOurs(all.get(each.parent)));
  return [...all.values()]
    .filter((each) => each.command.includes("--type=renderer") && isOurs(each))
    .map(({ pid }) => pid);
}

const processes = (): readonly Process[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [, parent = "0"] = /^PPid:\s+(\d+)$/m.exec(told(name, "status")) ?? [];
        return [{ pid: Number(name), parent: Number(parent), command: told(name, "cmdline") }];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });

const told = (pid: string | number, what: string): string =>
  readFileSync(`/proc/${pid}/${what}`, "utf8");

const privateBytes = (pid: number): number => {
  const kilobytes = [...told(pid, "smaps_rollup").matchAll(/^Private_\w+:\s+(\d+) kB$/gm)];
  return kilobytes.reduce((sum, [, kb]) => sum + Number(kb), 0) * 1024;
};
