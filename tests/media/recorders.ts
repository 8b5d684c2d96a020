import { readdirSync, readFileSync } from "node:fs";

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
