import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { SignedEntry } from "@lientuyen/record";
import { appendAsServer } from "@lientuyen/server";
import { province, sendCase, station, type Network } from "../../apps/server/src/test/network.ts";
import { readHundredth } from "./harness/closedLoop.ts";
import type { Bench, BenchContext, Figure } from "./harness/figure.ts";
import { nowMs, startListeners, type Listeners } from "./harness/listeners.ts";
import { startOwnProgram, type OwnProgram } from "./harness/program.ts";
import { foundStations, type Station } from "./harness/stations.ts";

const count = 2_000;
const entriesToOne = 100;
const entriesToAll = 5;

/** Thousands of stations that wait for news at one server, as light clients over sockets of their own. */
export const bench: Bench = {
  name: "feed",
  run: async (context) => {
    const own = await startOwnProgram();
    try {
      const stations = await foundStations(own.network, count);
      context.say(`${count} stations founded`);
      // Whoever starts anew reads the directories once, not while it is measured.
      await own.restart();
      await own.network.server.settleFeed();
      const one = await provincialDoctor(own.network);
      const emptyKb = memoryKb(own.pid());
      const listeners = startListeners(own.port, [...stations, one], 2);
      try {
        return await measure(context, own, listeners, emptyKb);
      } finally {
        listeners.close();
      }
    } finally {
      await own.close();
    }
  },
};

async function measure(
  { say }: BenchContext,
  own: OwnProgram,
  listeners: Listeners,
  emptyKb: number,
): Promise<readonly Figure[]> {
  await allStand(listeners, 120_000);
  await wait(2_000);
  const fullKb = memoryKb(own.pid());
  say(`all stand: ${emptyKb} → ${fullKb} KB`);
  const toOne = await delaysToOne(own, listeners);
  const toAll = await delaysToAll(own.network, listeners);
  say("receipts measured; the server is killed and started again");
  listeners.forget();
  await own.restart();
  const readyMs = nowMs();
  await allStand(listeners, 180_000);
  const stormMs = [...listeners.stands.values()].map((atMs) => atMs - readyMs);
  return [
    {
      id: "memory-per-station",
      value: (fullKb - emptyKb) / (count + 1),
      unit: "KB",
      note: `resident memory of the server process, ${emptyKb} KB before and ${fullKb} KB with ${count + 1} connected`,
    },
    {
      id: "to-one-p50",
      value: readHundredth(toOne, 50) / 1_000,
      unit: "s",
    },
    {
      id: "to-one-p95",
      value: readHundredth(toOne, 95) / 1_000,
      unit: "s",
      goal: { atMost: 1 },
      note: `${entriesToOne} case entries of a station, from the answer to the sender until the hospital has read it from its feed, ${count} others connected`,
    },
    ...allFigures(toAll),
    {
      id: "storm-p50",
      value: readHundredth(stormMs, 50) / 1_000,
      unit: "s",
      note: "after the server was killed: from its being ready until a station stands again, its own waiting included",
    },
    { id: "storm-last", value: Math.max(...stormMs) / 1_000, unit: "s", goal: { atMost: 60 } },
  ];
}

const allFigures = (toAll: readonly (readonly number[])[]): readonly Figure[] => [
  { id: "to-all-p50", value: readHundredth(toAll.flat(), 50) / 1_000, unit: "s" },
  {
    id: "to-all-p95",
    value: readHundredth(toAll.flat(), 95) / 1_000,
    unit: "s",
    note: `${entriesToAll} changes of a directory, which every station reads at once`,
  },
  {
    id: "to-all-last",
    value:
      readHundredth(
        toAll.map((delays) => Math.max(...delays)),
        50,
      ) / 1_000,
    unit: "s",
    note: "the last station's receipt, median of the changes",
  },
];

async function allStand(listeners: Listeners, mostMs: number): Promise<void> {
  const until = performance.now() + mostMs;
  while (listeners.stands.size < count + 1) {
    if (performance.now() > until)
      throw new Error(`${listeners.stands.size} of ${count + 1} stations stand`);
    await wait(50);
  }
}

async function provincialDoctor(network: Network): Promise<Station> {
  await network.person("thanh", province, ["physician"]);
  const { headers } = await network.signIn("thanh");
  return { facility: province, cookie: headers["cookie"] ?? "" };
}

/** From the answer to the sender until the hospital's receipt, in ms. */
async function delaysToOne(own: OwnProgram, listeners: Listeners): Promise<readonly number[]> {
  const { network } = own;
  const pen = await network.person("sua", station, ["physicianAssistant"]);
  const client = await network.signIn("sua");
  const { log } = await sendCase(pen, client);
  const send = async (entry: SignedEntry): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${own.port}/v1/entries`, {
      method: "POST",
      headers: { ...client.headers, "content-type": "application/json" },
      body: JSON.stringify({ entries: [entry] }),
    });
    if (!(await response.text()).includes('"received"')) throw new Error("not received");
  };
  const delays: number[] = [];
  for (let at = 0; at < entriesToOne; at += 1) {
    const { signed, hash } = await pen.fact(log, { kind: "note", body: { text: `ghi ${at}` } });
    await send(signed);
    const committedMs = nowMs();
    const [receivedMs] = await receipts(listeners, hash, 1);
    delays.push(Math.max(0, (receivedMs ?? Number.NaN) - committedMs));
    await wait(50);
  }
  return delays;
}

async function delaysToAll(
  network: Network,
  listeners: Listeners,
): Promise<readonly (readonly number[])[]> {
  const all: number[][] = [];
  for (let at = 0; at < entriesToAll; at += 1) {
    const [item] = await appendAsServer(network.server.core, [
      {
        log: `directory/${province}`,
        kind: "facilityChanged",
        body: { phone: `0215 ${at}`, from: new Date().toISOString() },
      },
    ]);
    const committedMs = nowMs();
    const times = await receipts(listeners, item?.receipt.entry ?? "", count + 1);
    all.push(times.map((atMs) => Math.max(0, atMs - committedMs)));
  }
  return all;
}

async function receipts(
  listeners: Listeners,
  entry: string,
  wanted: number,
): Promise<readonly number[]> {
  const until = performance.now() + 120_000;
  while (listeners.received(entry).size < wanted) {
    if (performance.now() > until)
      throw new Error(`${listeners.received(entry).size} of ${wanted} stations have the entry`);
    await wait(5);
  }
  return [...listeners.received(entry).values()];
}

const memoryKb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
