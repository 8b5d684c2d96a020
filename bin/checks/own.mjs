// One of our own checks, by name: its note on the first line, what it found after that.
import { root } from "../steps/install.mjs";

const checks = {
  boundaries: async () => (await import("./boundaries.mjs")).checkBoundaries(root),
  words: async () =>
    (await import("./words.mjs")).checkWords((await import("./sources.mjs")).parseProduct()),
  functions: async () =>
    (await import("./functions.mjs")).checkFunctions(
      (await import("./sources.mjs")).parseProduct(),
    ),
  sizes: async () => (await import("./sizes.mjs")).checkSizes(),
};

const { ok, note = "", output } = await checks[process.argv[2]]();
process.stdout.write(`${note}\n${output}\n`);
process.exit(ok ? 0 : 1);
