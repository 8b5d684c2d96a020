import { execFileSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";
import { findChromium } from "../../e2e/harness/browser.ts";

/** What a figure is worth only together with; nothing that names the host. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly chromium: string;
  /** Processes that wanted a core in the minute before the bench began: above zero, somebody else was at work. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.versions.node,
    chromium: chromiumVersion(),
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

function chromiumVersion(): string {
  const said = execFileSync(findChromium(), ["--version"], { stdio: ["ignore", "pipe", "ignore"] });
  return /\d+(\.\d+)+/.exec(said.toString())?.[0] ?? "unknown";
}
