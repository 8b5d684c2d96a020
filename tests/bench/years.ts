import { seeded } from "@lientuyen/sync/testing";
import { province, station, type Network } from "../../apps/server/src/test/network.ts";
import { readHundredth } from "./harness/closedLoop.ts";
import type { Bench, BenchContext, Figure } from "./harness/figure.ts";
import { httpRequest, openHttpLink } from "./harness/httpLink.ts";
import { startOwnProgram, type OwnProgram } from "./harness/program.ts";
import { textCase } from "./harness/textCase.ts";
import { entriesPerCase, loadYears } from "./harness/yearsLoad.ts";

/** Five million entries; a slow or busy machine takes longer than a bench's ten minutes to load them: YEARS_CASES asks for fewer. */
const cases = Number(process.env["YEARS_CASES"] ?? 200_000);
const openCases = 30;
const asked = 300;
const warmUp = 50;
const seed = 20261125;

/** What years leave behind: the questions of every day, on an empty server and on a full one. */
export const bench: Bench = {
  name: "years",
  run: async (context) => {
    const empty = await startOwnProgram();
    const full = await startOwnProgram();
    try {
      return await measure(context, empty, full);
    } finally {
      await full.close();
      await empty.close();
    }
  },
};

async function measure(
  { say }: BenchContext,
  empty: OwnProgram,
  full: OwnProgram,
): Promise<readonly Figure[]> {
  const questions = [await prepare(empty), await prepare(full)] as const;
  const loadSeconds = await timed(() => loadYears(full.network.databaseUrl, province, cases));
  say(`${cases * entriesPerCase} entries loaded in ${loadSeconds.toFixed(0)} s`);
  const vacuumSeconds = await timed(() => full.network.query("vacuum analyze"));
  await empty.network.query("vacuum analyze");
  await empty.restart();
  const startSeconds = await timed(() => full.restart());
  say(`vacuum ${vacuumSeconds.toFixed(0)} s, start ${startSeconds.toFixed(1)} s`);
  return [
    {
      id: "entries",
      value: cases * entriesPerCase,
      unit: "entries",
      note: `${cases} cases, loaded in ${loadSeconds.toFixed(0)} s with made-up signatures; the ${openCases} cases that are asked for are real`,
    },
    ...(await comparisons(empty, full, questions)),
    { id: "vacuum-analyze", value: vacuumSeconds, unit: "s" },
    { id: "server-start", value: startSeconds, unit: "s", note: "with all that stored" },
    ...(await sizes(full.network)),
  ];
}

const names = ["worklist", "case", "case-by-number", "feed-end", "append"] as const;
type Question = (typeof names)[number];
type Questions = Readonly<Record<Question, readonly Buffer[]>>;

async function prepare({ network, port }: OwnProgram): Promise<Questions> {
  const pen = await network.person("sua", station, ["physicianAssistant"]);
  await network.person("thanh", province, ["physician", "coordinator"]);
  const { headers } = await network.signIn("sua");
  const doctor = (await network.signIn("thanh")).headers;
  const next = seeded(seed);
  const link = await openHttpLink(port);
  const logs: string[] = [];
  const append = (entries: unknown): Buffer =>
    httpRequest("POST", "/v1/entries", headers, JSON.stringify({ entries }));
  for (let at = 0; at < openCases; at += 1) {
    const entries = await textCase(pen, next);
    const { body } = await link.ask(append(entries));
    if (body.split('"received"').length - 1 !== entries.length) throw new Error(body.slice(0, 300));
    logs.push(/"log":"case\/([0-9a-f-]+)"/.exec(body)?.[1] ?? "");
  }
  link.close();
  const get = (path: string): Buffer => httpRequest("GET", path, doctor);
  const times = (make: (at: number) => Buffer): readonly Buffer[] =>
    Array.from({ length: asked }, (_, at) => make(at));
  const log = (at: number): string => logs[at % logs.length] ?? "";
  const notes: Buffer[] = [];
  for (let at = 0; at < asked; at += 1)
    notes.push(
      append([
        (await pen.fact(`case/${log(at)}`, { kind: "note", body: { text: `ghi ${at}` } })).signed,
      ]),
    );
  return {
    worklist: times(() => get("/v1/worklist")),
    case: times((at) => get(`/v1/cases/${log(at)}`)),
    "case-by-number": times((at) => get(`/v1/case-numbers/T${log(at).slice(-10)}`)),
    "feed-end": times(() => get("/v1/feed?after=99999999&limit=10")),
    append: notes,
  };
}

/** Each question to both servers in turn, so that whatever else the machine does falls on both alike. */
async function comparisons(
  empty: OwnProgram,
  full: OwnProgram,
  questions: readonly [Questions, Questions],
): Promise<readonly Figure[]> {
  const links = [await openHttpLink(empty.port), await openHttpLink(full.port)] as const;
  const figures: Figure[] = [];
  for (const name of names) {
    const timesMs: [number[], number[]] = [[], []];
    for (let at = 0; at < asked; at += 1)
      for (const side of [0, 1] as const) {
        const request = questions[side][name][at];
        if (request === undefined) continue;
        const beganMs = performance.now();
        const { status, body } = await links[side].ask(request);
        if (status !== 200) throw new Error(`${name}: ${status} ${body.slice(0, 300)}`);
        // The first ones make plans and compile.
        if (at >= warmUp) timesMs[side].push(performance.now() - beganMs);
      }
    figures.push(comparison(name, timesMs));
  }
  for (const link of links) link.close();
  return figures;
}

const comparison = (name: Question, [empty, full]: readonly [number[], number[]]): Figure => {
  const p95 = [readHundredth(empty, 95), readHundredth(full, 95)] as const;
  const p50 = [readHundredth(empty, 50), readHundredth(full, 50)] as const;
  return {
    id: `${name}-full-over-empty`,
    value: p95[1] / p95[0],
    unit: "times",
    goal: { atMost: 2 },
    note: `p95 ${p95[0].toFixed(1)} ms empty, ${p95[1].toFixed(1)} ms full; median ${p50[0].toFixed(1)} and ${p50[1].toFixed(1)} ms`,
  };
};

/** Megabytes of the largest tables and of their indexes. */
async function sizes(network: Network): Promise<readonly Figure[]> {
  const rows = await network.query(
    `select relname as name, pg_table_size(oid)::float8 / 1e6 as rows, pg_indexes_size(oid)::float8 / 1e6 as indexes
       from pg_class where relnamespace = 'lientuyen'::regnamespace and relkind = 'r' order by pg_total_relation_size(oid) desc limit 7`,
  );
  return rows.map((row) => ({
    id: `size-${String(row["name"]).replaceAll("_", "-")}`,
    value: Number(row["rows"]) + Number(row["indexes"]),
    unit: "MB",
    note: `${Number(row["rows"]).toFixed(0)} MB of rows, ${Number(row["indexes"]).toFixed(0)} MB of indexes`,
  }));
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const beganMs = performance.now();
  await work();
  return (performance.now() - beganMs) / 1_000;
};
