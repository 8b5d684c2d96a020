// Everything cheap, in under a minute: npm run check
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { ensureInstalled, node, root } from "./steps/install.mjs";

await ensureInstalled();
const { run, runTasks, tool } = await import("./checks/run.mjs");
const { ensureBuilt } = await import("./steps/build.mjs");

const projects = ["packages", "apps"]
  .flatMap((group) => readdirSync(path.join(root, group)).map((name) => `${group}/${name}`))
  .concat("tests", "bin")
  .filter((folder) => existsSync(path.join(root, folder, "tsconfig.json")));

const types = projects.map((folder) => ({
  name: `types ${folder}`,
  run: () => tool("@typescript/native/bin/tsc", ["-p", folder, "--pretty", "false"]),
}));

/** Checks that are modules of our own run in a process of their own, on the other core. */
const ownCheck = (name) =>
  run(node, [path.join(root, "bin/checks/own.mjs"), name]).then(({ ok, output }) => {
    const [note, ...lines] = output.split("\n");
    return { ok, note, output: lines.join("\n") };
  });
const own = (name, title) => ({ name: title, run: () => ownCheck(name) });

const sizes = async () => {
  await ensureBuilt();
  return ownCheck("sizes");
};

const startedMs = Date.now();
const ok = await runTasks([
  { name: "sizes of the first visit", run: sizes },
  {
    name: "unit tests",
    run: () => tool("vitest/vitest.mjs", ["run", "--project", "unit", "--reporter", "dot"]),
  },
  {
    name: "lint",
    run: () => tool("oxlint/bin/oxlint", ["--type-aware", "--quiet", "--format", "unix"]),
  },
  ...types,
  own("boundaries", "boundaries"),
  { name: "dead code", run: () => tool("knip/bin/knip.js", ["--no-progress"]) },
  own("words", "text in code"),
  own("functions", "function length"),
  { name: "format", run: () => tool("oxfmt/bin/oxfmt", ["--check"]) },
]);
process.stdout.write(
  `${ok ? "check passed" : "check FAILED"} in ${Math.round((Date.now() - startedMs) / 1000)} s\n`,
);
process.exit(ok ? 0 : 1);
