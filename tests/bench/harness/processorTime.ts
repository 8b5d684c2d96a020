import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds of processor time that a process has taken so far, all its threads together (Linux); 0: it is gone. */
export const processorMs = (pid: number): number => {
  const stat = readOf(pid, "stat");
  // After the name, which may hold anything: state, then eleven fields, then time of its own and of the kernel for it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * tickMs;
};

/** Of PostgreSQL's processes for one database. */
export const databaseProcessorMs = (databaseUrl: string): number => {
  const name = new URL(databaseUrl).pathname.slice(1);
  const pids = readdirSync("/proc").filter((each) => /^\d+$/.test(each));
  return pids
    .map(Number)
    .filter((pid) => {
      const title = readOf(pid, "cmdline");
      return title.startsWith("postgres: ") && title.split(" ").includes(name);
    })
    .reduce((sum, pid) => sum + processorMs(pid), 0);
};

/** USER_HZ is 100 on every Linux that this runs on. */
const tickMs = 10;

const readOf = (pid: number, what: "stat" | "cmdline"): string => {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8");
  } catch {
    return "";
  }
};
