// All tests, those in a real browser included: npm test. Names after it choose files, as in vitest.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { ensureBuilt } from "./steps/build.mjs";
import { ensureChromium } from "./steps/chromium.mjs";
import { ensureInstalled, node, root } from "./steps/install.mjs";
import { ensurePython } from "./steps/python.mjs";

const results = path.join(root, "test-results");

const vitest = (name, projects, chosen) =>
  new Promise((resolve) => {
    const report = path.join(results, `${name}.json`);
    const which = projects.flatMap((project) => ["--project", project]);
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const args = [
      path.join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      "--passWithNoTests",
      ...which,
      ...reporters,
      ...chosen,
    ];
    const child = spawn(node, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
    child.on("close", (code) => resolve({ code, report }));
  });

/** A file that could not even be loaded holds no tests; it still failed. */
const countFile = (file) => {
  const count = (status) => file.assertionResults.filter((each) => each.status === status).length;
  const failed = count("failed");
  return { passed: count("passed"), failed: failed === 0 && file.status === "failed" ? 1 : failed };
};

const countReport = ({ code, report }) => {
  try {
    const files = JSON.parse(readFileSync(report, "utf8")).testResults.map(countFile);
    const sum = (key) => files.reduce((total, file) => total + file[key], 0);
    // An error outside every test (an unhandled rejection) fails the run without failing a test.
    return { passed: sum("passed"), failed: Math.max(sum("failed"), code === 0 ? 0 : 1) };
  } catch {
    return { passed: 0, failed: 1 };
  }
};

/** Once for all, before the tests in a browser, whose timing a build beside them would disturb. */
const ensureEngine = () =>
  new Promise((resolve) => {
    const script = path.join(root, "bin/steps/engine.ts");
    const child = spawn(node, [script], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
    child.on("close", resolve);
  });

await ensureInstalled();
ensureChromium();
ensurePython();
await ensureBuilt();
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const chosen = process.argv.slice(2);
const fast = await vitest("fast", ["unit", "pg"], chosen);
if (chosen.length === 0 || chosen.some((name) => name.includes("live"))) await ensureEngine();
const slow = [await vitest("live", ["live"], chosen), await vitest("e2e", ["e2e"], chosen)];
const runs = [fast, ...slow];
const counts = runs.map(countReport);
const passed = counts.reduce((total, each) => total + each.passed, 0);
const failed = counts.reduce((total, each) => total + each.failed, 0);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
