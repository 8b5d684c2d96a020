import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { EntryAnswer } from "@lientuyen/api";
import { nextChain, Receipt, verifyReceipt, zeroChain, type SignedEntry } from "@lientuyen/record";
import * as v from "valibot";
import { makePrimitives } from "../index.ts";
import { clientOf, sendCase, type Client, type Network, type Pen } from "./network.ts";

export interface Running {
  readonly process: ChildProcess;
  readonly url: string;
}

const Started = v.object({ url: v.string() });

/** The shipped program as a process of its own, on the network's database. */
export const startProgram = async (
  { databaseUrl }: Pick<Network, "databaseUrl">,
  data: string,
  port = 0,
): Promise<Running> => {
  const started = spawn(process.execPath, [fileURLToPath(new URL("../main.ts", import.meta.url))], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      LIENTUYEN_DATA: data,
      LIENTUYEN_APP: data,
      PORT: String(port),
      LOG_LEVEL: "silent",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    started.stdout.once("data", (bytes: Buffer) => resolve(bytes.toString()));
    started.once("exit", (code) => reject(new Error(`ended with ${code}`)));
  });
  return { process: started, url: v.parse(Started, JSON.parse(line)).url };
};

export const ended = (process: ChildProcess): Promise<void> =>
  new Promise((resolve) =>
    process.exitCode === null && process.signalCode === null
      ? process.once("exit", () => resolve())
      : resolve(),
  );

interface Killed {
  readonly kills: { readonly server: number; readonly database: number };
  readonly sent: number;
  readonly acknowledged: number;
  /** Batches whose answer never came. */
  readonly cutShort: number;
  /** Acknowledged, and gone or with another receipt afterwards. */
  readonly lost: readonly string[];
  /** There more than once, or at a place that is another's. */
  readonly doubled: readonly string[];
  /** Logs whose chain or receipts do not hold. */
  readonly broken: readonly string[];
  /** From the kill until the door is open again. */
  readonly slowestBackMs: number;
}

interface Killing {
  readonly network: Network;
  /** Data folder of the program. */
  readonly data: string;
  readonly pen: Pen;
  readonly client: Client;
  /** Random numbers from 0 to 1. */
  readonly next: () => number;
  readonly kills: number;
  /** No further kill after so long. */
  readonly mostMs: number;
}

const logs = 4;
const batchSize = 20;

/** Server or PostgreSQL killed by SIGKILL at random, each time under load; then everything is sent again and looked at. */
export const killAtRandom = async (killing: Killing): Promise<Killed> => {
  const { network, data, pen, client, next } = killing;
  const cases = await Promise.all(Array.from({ length: logs }, () => sendCase(pen, client)));
  const acknowledged = new Map<string, EntryAnswer>();
  const all: SignedEntry[] = [];
  const kills = { server: 0, database: 0 };
  const until = performance.now() + killing.mostMs;
  let cutShort = 0;
  let slowestBackMs = 0;
  let program = await startProgram(network, data);
  try {
    while (kills.server + kills.database < killing.kills && performance.now() < until) {
      const batches = await Promise.all(cases.map(({ log }) => batchFor(pen, log)));
      all.push(...batches.flat());
      // The session is the database's: it outlives every kill.
      const sender = clientOf(program.url, client.headers);
      let answered = 0;
      const victim = next() < 0.5 ? "server" : "database";
      const kill = killer(victim, program, network);
      const afterAnswers = next() < 0.5 ? 1 + Math.floor(next() * 2) : logs + 1;
      const timer = setTimeout(kill.now, 5 + next() * 250);
      const sending = batches.map((batch) =>
        sender.append(...batch).then(
          (answers) => {
            for (const answer of answers) acknowledged.set(answer.id, answer);
            answered += 1;
            if (answered === afterAnswers) kill.now();
          },
          () => void (cutShort += 1),
        ),
      );
      await Promise.all(sending);
      kill.now();
      clearTimeout(timer);
      await kill.done;
      const killedMs = performance.now();
      if (victim === "server") program = await startProgram(network, data);
      else await network.postgres.start();
      await untilReady(program.url);
      slowestBackMs = Math.max(slowestBackMs, performance.now() - killedMs);
      kills[victim] += 1;
    }
  } finally {
    program.process.kill("SIGKILL");
    await ended(program.process);
  }
  const counts = { kills, sent: all.length, acknowledged: acknowledged.size, cutShort };
  const lost = await missing(client, all, acknowledged);
  const names = cases.map(({ log }) => log);
  return {
    ...counts,
    slowestBackMs,
    lost,
    doubled: await doubles(network, names, 3 * logs + all.length),
    broken: await brokenLogs(network, names),
  };
};

const batchFor = (pen: Pen, log: string): Promise<readonly SignedEntry[]> =>
  Promise.all(
    Array.from(
      { length: batchSize },
      async (_, at) => (await pen.fact(log, { kind: "note", body: { text: `ghi ${at}` } })).signed,
    ),
  );

/** Once, whoever calls first. */
const killer = (victim: "server" | "database", program: Running, { postgres }: Network) => {
  let settle: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (settle = resolve));
  let begun = false;
  const now = (): void => {
    if (begun) return;
    begun = true;
    if (victim === "server") {
      program.process.kill("SIGKILL");
      void ended(program.process).then(settle);
    } else void postgres.kill().then(settle, settle);
  };
  return { now, done };
};

const readyLimitMs = 60_000;

const untilReady = async (url: string): Promise<void> => {
  const until = performance.now() + readyLimitMs;
  for (;;) {
    const status = await fetch(`${url}/readyz`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    if (performance.now() > until) throw new Error("the server did not come back by itself");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** Sent again by the device, as it does: each is received, and has the receipt that it had. */
export const missing = async (
  client: Client,
  all: readonly SignedEntry[],
  acknowledged: ReadonlyMap<string, EntryAnswer>,
): Promise<readonly string[]> => {
  const lost: string[] = [];
  for (let at = 0; at < all.length; at += 200)
    for (const answer of await client.append(...all.slice(at, at + 200))) {
      const before = acknowledged.get(answer.id) ?? answer;
      if (answer.answer !== "received" || JSON.stringify(before) !== JSON.stringify(answer))
        lost.push(answer.id);
    }
  return lost;
};

export const doubles = async (
  network: Network,
  names: readonly string[],
  count: number,
): Promise<readonly string[]> => {
  const rows = await network.query("select id, log, seq from entry where log = any($1)", [names]);
  const ids = new Set(rows.map((row) => String(row["id"])));
  const places = new Set(rows.map((row) => `${String(row["log"])} ${String(row["seq"])}`));
  const fed = await network.query(
    "select facility, entry from feed group by facility, entry having count(*) > 1",
  );
  return [
    ...(ids.size === rows.length ? [] : ["the same entry twice"]),
    ...(places.size === rows.length ? [] : ["two entries at one place"]),
    ...(rows.length === count ? [] : [`${rows.length} entries in place of ${count}`]),
    ...(fed.length === 0 ? [] : ["the same entry twice in a feed"]),
  ];
};

const Rows = v.array(
  v.object({ hash: v.string(), sig: v.string(), seq: v.number(), receipt: v.string() }),
);

export const brokenLogs = async (
  network: Network,
  names: readonly string[],
): Promise<readonly string[]> => {
  const found = await Promise.all(
    names.map(async (log) => ((await isWhole(network, log)) ? [] : [log])),
  );
  return found.flat();
};

/** Without a hole, every receipt signed, every chain value the hash of what came before. */
const isWhole = async (network: Network, log: string): Promise<boolean> => {
  const rows = v.parse(
    Rows,
    await network.query(
      "select hash, sig, seq::int, receipt from entry where log = $1 order by seq",
      [log],
    ),
  );
  const primitives = makePrimitives();
  const { publicKey } = network.server.core.keys.receipt;
  let chain = zeroChain;
  for (const [at, { hash, sig, seq, receipt: text }] of rows.entries()) {
    const receipt = v.parse(Receipt, JSON.parse(text));
    const { receivedAt, marks } = receipt;
    chain = await nextChain(primitives, chain, { entry: hash, sig, seq, receivedAt, marks });
    if (seq !== at + 1 || receipt.chain !== chain) return false;
    if (!(await verifyReceipt(primitives, receipt, publicKey))) return false;
  }
  return rows.length > 0;
};
