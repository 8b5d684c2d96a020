// Runs one bench and keeps its figures: node tests/bench/harness/run.ts <name>. npm run bench calls it.
import { mkdirSync, writeFileSync } from "node:fs";
import * as v from "valibot";
import type { Bench, Figure, Goal } from "./figure.ts";
import { describeMachine } from "./machine.ts";

const kept = new URL("../../../.bench/", import.meta.url);

const holds = ({ value, goal = {} }: Figure): boolean =>
  Number.isFinite(value) &&
  value <= (goal.atMost ?? Infinity) &&
  value >= (goal.atLeast ?? -Infinity);

const wording = ({ atMost, atLeast }: Goal, unit: string): string =>
  [
    ...(atMost === undefined ? [] : [`at most ${atMost} ${unit}`]),
    ...(atLeast === undefined ? [] : [`at least ${atLeast} ${unit}`]),
  ].join(", ");

const line = (figure: Figure): string => {
  const { id, value, unit, goal, note } = figure;
  const verdict =
    goal === undefined ? "" : ` (${wording(goal, unit)}: ${holds(figure) ? "holds" : "MISSED"})`;
  return `  ${id}: ${value} ${unit}${verdict}${note === undefined ? "" : ` – ${note}`}\n`;
};

const Module = v.object({
  bench: v.custom<Bench>((given) => typeof given === "object" && given !== null && "run" in given),
});

const load = async (name: string): Promise<Bench> => {
  const module: unknown = await import(new URL(`../${name}.ts`, import.meta.url).href);
  return v.parse(Module, module).bench;
};

const [name = ""] = process.argv.slice(2);
const machine = describeMachine();
const { run } = await load(name);
const said = await run({ say: (text) => void process.stdout.write(`  … ${text}\n`) });
const figures = said.map((figure) => ({
  ...figure,
  value: Number(figure.value.toPrecision(4)),
}));
mkdirSync(kept, { recursive: true });
writeFileSync(
  new URL(`${name}.json`, kept),
  `${JSON.stringify({ name, machine, figures: figures.map((each) => ({ ...each, holds: holds(each) })) }, null, 2)}\n`,
);
process.stdout.write(figures.map(line).join(""));
// Whatever a bench left open does not keep the next one waiting.
process.exit(0);
