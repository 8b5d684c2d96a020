// Measures the product against its goals: npm run bench. Names after it choose files of tests/bench.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { ensureBuilt } from "./steps/build.mjs";
import { ensureChromium } from "./steps/chromium.mjs";
import { ensureInstalled, node, root } from "./steps/install.mjs";
import { ensurePython } from "./steps/python.mjs";

const folder = path.join(root, "tests/bench");

/** A bench has a process of its own: what it leaves in memory disturbs no other. */
const runBench = (name) =>
  new Promise((resolve) => {
    process.stdout.write(`${name}\n`);
    const child = spawn(node, [path.join(folder, "harness/run.ts"), name], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("close", (code) => resolve(code === 0));
  });

await ensureInstalled();
ensureChromium();
ensurePython();
await ensureBuilt();
const all = readdirSync(folder)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => path.basename(file, ".ts"));
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no bench ${unknown.join(", ")}; there are ${all.join(", ")}\n`);
  process.exit(1);
}
const broken = [];
for (const name of chosen.length > 0 ? chosen : all) if (!(await runBench(name))) broken.push(name);
// A missed goal is a figure like another; only what could not be measured fails.
if (broken.length > 0) process.stderr.write(`could not be measured: ${broken.join(", ")}\n`);
process.exit(broken.length > 0 ? 1 : 0);
