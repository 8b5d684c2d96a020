import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

const read = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // gone meanwhile
  }
};

/** Recorders that this process started and that live. */
export const recordersOf = (parent: number): readonly number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => read(`/proc/${name}/cmdline`).includes("packages/recorder/src/main.ts"))
    .filter((name) => read(`/proc/${name}/status`).includes(`\nPPid:\t${parent}\n`))
    .filter((name) => !read(`/proc/${name}/status`).includes("State:\tZ"))
    .map(Number);

/** Of all files in a folder and below: how much of a recording is on the disk by now. */
export const bytesIn = (folder: string): number =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" }).reduce(
        (sum, name) =>
          sum + (statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
        0,
      )
    : 0;
