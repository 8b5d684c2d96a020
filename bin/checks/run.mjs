import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import path from "node:path";
import { node, root } from "../steps/install.mjs";

/** Runs a program and gathers what it says. */
export const run = (program, args, options = {}) =>
  new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      ...options,
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => resolve({ ok: false, output: String(error) }));
    child.on("close", (code) => resolve({ ok: code === 0, output }));
  });

/** A locked tool, run by the locked Node. */
export const tool = (script, args) => run(node, [path.join(root, "node_modules", script), ...args]);

const line = (task, answer, ms) => {
  const note = answer.note === undefined ? "" : ` – ${answer.note}`;
  process.stdout.write(
    `${answer.ok ? "✓" : "✗"} ${task.name} (${(ms / 1000).toFixed(1)} s)${note}\n`,
  );
};

/** Runs tasks side by side, says one line for each, and what failed at the end only. */
export const runTasks = async (tasks) => {
  const waiting = [...tasks];
  const failed = [];
  const worker = async () => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const startedMs = Date.now();
      const answer = await task
        .run()
        .catch((error) => ({ ok: false, output: String(error?.stack ?? error) }));
      line(task, answer, Date.now() - startedMs);
      if (!answer.ok) failed.push({ task, answer });
    }
  };
  await Promise.all(
    Array.from({ length: Math.max(2, Math.min(4, availableParallelism())) }, worker),
  );
  for (const { task, answer } of failed)
    process.stdout.write(`\n── ${task.name} ──\n${answer.output.trim()}\n`);
  return failed.length === 0;
};
