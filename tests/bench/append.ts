import { seeded } from "@lientuyen/sync/testing";
import { otherStation, station, type Pen } from "../../apps/server/src/test/network.ts";
import { readHundredth, runFor, type Run } from "./harness/closedLoop.ts";
import type { Bench, BenchContext, Figure } from "./harness/figure.ts";
import { httpRequest, openHttpLink } from "./harness/httpLink.ts";
import { databaseProcessorMs, processorMs } from "./harness/processorTime.ts";
import { startOwnProgram, type OwnProgram } from "./harness/program.ts";
import { textCase } from "./harness/textCase.ts";
import { bareCommits, bareVerifications } from "./harness/yardsticks.ts";

const seed = 20261125;
const measuredMs = 8_000;
const yardstickMs = 1_500;
const shapes = [1, 100].flatMap((batch) =>
  [1, 16, 64].map((connections) => ({ batch, connections })),
);
type Shape = (typeof shapes)[number];

const whySingle =
  "A single entry is a request, a session, a judgement, a signed receipt and rows in five tables with their twelve keys";
const whyHundred =
  "An entry of a batch is a signature verified, a judgement and rows in five tables with their twelve keys";

/** Entries that one connection can send in the measured time at most. */
const mostEntries = ({ batch, connections }: Shape): number =>
  Math.ceil((batch === 1 ? 16_000 : 48_000) / connections / 16) * 16;

/** Signed entries appended over HTTP, beside bare commits and bare verifications with the same connections and batch. */
export const bench: Bench = {
  name: "append",
  run: async (context) => {
    const own = await startOwnProgram();
    try {
      const senders = await signInSenders(own, 16);
      const figures: Figure[] = [];
      let answered = 0;
      for (const shape of shapes) {
        const measured = await measure(context, own, senders, shape);
        figures.push(...measured.figures);
        answered += measured.answered;
      }
      await expectAllThere(own, answered);
      return figures;
    } finally {
      await own.close();
    }
  },
};

interface Sender {
  readonly pen: Pen;
  readonly headers: Readonly<Record<string, string>>;
}

async function signInSenders({ network }: OwnProgram, count: number): Promise<readonly Sender[]> {
  const senders: Sender[] = [];
  for (let at = 0; at < count; at += 1) {
    const account = `sender${at}`;
    const facility = at % 2 === 0 ? station : otherStation;
    const pen = await network.person(account, facility, ["physicianAssistant"]);
    senders.push({ pen, headers: (await network.signIn(account)).headers });
  }
  return senders;
}

async function measure(
  { say }: BenchContext,
  own: OwnProgram,
  senders: readonly Sender[],
  shape: Shape,
): Promise<{ readonly figures: readonly Figure[]; readonly answered: number }> {
  const { batch, connections } = shape;
  const queues = await writeRequests(senders, shape);
  const before = await yardsticks(own, shape);
  const links = await Promise.all(queues.map(() => openHttpLink(own.port)));
  const took = processorTimes(own);
  const run = await runFor(
    measuredMs,
    links.map((link, at) => async () => {
      const request = queues[at]?.pop();
      if (request === undefined) return false;
      const { status, body } = await link.ask(request);
      if (status !== 200 || body.split('"answer":"received"').length - 1 !== batch)
        throw new Error(`not all received: ${status} ${body.slice(0, 300)}`);
      return true;
    }),
  );
  const times = took();
  for (const link of links) link.close();
  const after = await yardsticks(own, shape);
  const figures = figuresOf(shape, run, times, [before, after]);
  say(`${batch} × ${connections}: ${figures.map(({ value }) => Math.round(value)).join(" / ")}`);
  return { figures, answered: run.done * batch };
}

interface ProcessorTimes {
  readonly serverMs: number;
  readonly databaseMs: number;
}

/** What server and PostgreSQL take from now on: unlike a rate it says the same on a machine that others use too. */
function processorTimes({ network, pid }: OwnProgram): () => ProcessorTimes {
  const now = () => [processorMs(pid()), databaseProcessorMs(network.databaseUrl)] as const;
  const [server, database] = now();
  return () => {
    const [serverThen, databaseThen] = now();
    return { serverMs: serverThen - server, databaseMs: databaseThen - database };
  };
}

/** For each connection its requests, the first one last. */
async function writeRequests(
  senders: readonly Sender[],
  shape: Shape,
): Promise<readonly Buffer[][]> {
  const next = seeded(seed + shape.batch + shape.connections);
  const queues: Buffer[][] = [];
  for (let at = 0; at < shape.connections; at += 1) {
    const sender = senders[at % senders.length];
    if (sender === undefined) throw new Error("nobody sends");
    const entries = [];
    while (entries.length < mostEntries(shape)) entries.push(...(await textCase(sender.pen, next)));
    const requests: Buffer[] = [];
    for (let from = 0; from + shape.batch <= entries.length; from += shape.batch) {
      const body = JSON.stringify({ entries: entries.slice(from, from + shape.batch) });
      requests.push(httpRequest("POST", "/v1/entries", sender.headers, body));
    }
    queues.push(requests.reverse());
  }
  return queues;
}

interface Limits {
  readonly commits: number;
  readonly verifications: number;
}

const yardsticks = async ({ network }: OwnProgram, shape: Shape): Promise<Limits> => ({
  commits: await bareCommits(network.databaseUrl, shape, yardstickMs),
  verifications: await bareVerifications(shape, yardstickMs),
});

function figuresOf(
  shape: Shape,
  run: Run,
  { serverMs, databaseMs }: ProcessorTimes,
  limits: readonly Limits[],
): readonly Figure[] {
  const { batch, connections } = shape;
  const name = `${batch === 1 ? "single" : "hundred"}-${connections}`;
  const mean = (of: (limit: Limits) => number): number =>
    limits.reduce((sum, limit) => sum + of(limit), 0) / limits.length;
  const commits = mean((limit) => limit.commits);
  const verifications = mean((limit) => limit.verifications);
  const entries = run.done * batch;
  const rate = entries / run.seconds;
  return [
    { id: `${name}-rate`, value: rate, unit: "entries/s" },
    { id: `${name}-p99`, value: readHundredth(run.latenciesMs, 99), unit: "ms" },
    {
      id: `${name}-processor`,
      value: (serverMs + databaseMs) / entries,
      unit: "ms/entry",
      note: `${(serverMs / entries).toFixed(2)} in the server, ${(databaseMs / entries).toFixed(2)} in PostgreSQL`,
    },
    {
      id: `${name}-of-limit`,
      value: (100 * rate) / Math.min(commits, verifications),
      unit: "%",
      goal: { atLeast: 40 },
      note: `bare: ${Math.round(commits)} entries/s committed, ${Math.round(verifications)} verified; ${connections} connections, ${batch} in a batch. ${batch === 1 ? whySingle : whyHundred}; processor time as above, of which two cores have 2 s a second`,
    },
  ];
}

/** What was answered is there, once, and nothing else is. */
async function expectAllThere({ network }: OwnProgram, answered: number): Promise<void> {
  const [row] = await network.query("select count(*)::int as n from entry where log like 'case/%'");
  if (row?.["n"] !== answered)
    throw new Error(`${String(row?.["n"])} entries are there of ${answered} answered`);
}
