// docs/benchmarks.md from the figures of the last benches: npm run bench:report
// A bench that was not run here keeps the section that it had: all of them together take an hour.
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./steps/install.mjs";

const kept = path.join(root, ".bench");
const report = "docs/benchmarks.md";

const goalOf = ({ goal, unit }) =>
  [
    ...(goal?.atMost === undefined ? [] : [`≤ ${goal.atMost} ${unit}`]),
    ...(goal?.atLeast === undefined ? [] : [`≥ ${goal.atLeast} ${unit}`]),
  ].join(", ");

const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

const row = (figure) => {
  const verdict = figure.goal === undefined ? "" : figure.holds ? "holds" : "**missed**";
  const cells = [
    figure.id,
    `${figure.value} ${figure.unit}`,
    goalOf(figure),
    verdict,
    figure.note ?? "",
  ];
  return `| ${cells.map(cell).join(" | ")} |`;
};

const machineOf = ({ cpu, cores, memoryGb, node, chromium }) =>
  `${cpu}, ${cores} cores, ${memoryGb} GB of memory, Node ${node}, Chromium ${chromium}`;

const section = ({ machine, figures }) => [
  "",
  `Load in the minute before: ${machine.loadBefore} of ${machine.cores} cores.`,
  "",
  "| figure | measured | goal | | note |",
  "|---|---|---|---|---|",
  ...figures.map(row),
  "",
];

const benches = readdirSync(kept)
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file) => JSON.parse(readFileSync(path.join(kept, file), "utf8")));
const isBench = (name) => existsSync(path.join(root, "tests/bench", `${name}.ts`));
const earlier = readFileSync(path.join(root, report), "utf8")
  .split(/^## /m)
  .slice(1)
  .map((text) => text.split("\n"))
  .map(([name, ...lines]) => [name, lines])
  .filter(([name]) => isBench(name));
const sections = new Map([...earlier, ...benches.map((bench) => [bench.name, section(bench)])]);
const machines = new Set(benches.map(({ machine }) => machineOf(machine)));
const lines = [
  "# Benchmarks",
  "",
  "Written by `npm run bench` and `npm run bench:report`; each figure stands beside its goal. KB are 1,000 bytes. Where the load before is above zero, other work shared the machine.",
  "",
  ...[...machines].map((machine) => `Measured on: ${machine}.`),
  "",
  ...[...sections]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, body]) => [`## ${name}`, ...body]),
];
writeFileSync(path.join(root, report), `${lines.join("\n").trimEnd()}\n`);
process.stdout.write(`${report}: ${benches.length} benches, ${sections.size} sections\n`);
