// The way in: plain JavaScript for any Node from 20 on, with nothing installed yet.
import { spawn } from "node:child_process";
import path from "node:path";
import { ensureBuilt } from "./steps/build.mjs";
import { ensureInstalled, node, root } from "./steps/install.mjs";

/** Hands over to the locked Node. The channel tells the child when this process is gone, however it went. */
const handOver = (args) => {
  const child = spawn(node, [path.join(root, "apps/cli/src/main.ts"), ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
};

await ensureInstalled();
const args = process.argv.slice(2);
const named = args[0] !== undefined && !args[0].startsWith("-");
if (!named || args[0] === "start") await ensureBuilt();
handOver(named ? args : ["start", ...args]);
