import { routes } from "@lientuyen/api";
import { seeded } from "@lientuyen/sync/testing";
import * as v from "valibot";
import { ended, startProgram, type Running } from "../../apps/server/src/test/killing.ts";
import { openDevice, type FaultyDevice } from "./faultyDevice.ts";
import { holdOpen } from "./heldOpen.ts";
import { province, type PersonName, type TestNetwork } from "./network.ts";
import { createPlot, type Plot } from "./plot.ts";
import { sessionOf } from "./session.ts";
import { differencesOf, doubledIn, lostFiles, lostOf, pause, settled } from "./settled.ts";

/** What two servers on one database left behind. */
export interface TwoServers {
  readonly kills: number;
  readonly entries: number;
  readonly files: number;
  readonly requests: readonly [number, number];
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly differing: readonly string[];
  /** Of a reader of the raw feed that changes the server at every page. */
  readonly missed: readonly string[];
  readonly readTwice: readonly string[];
  /** Commits that were overtaken by others with larger numbers. */
  readonly overtaken: number;
  /** What a reader that goes by the sequence missed meanwhile: the yardstick. */
  readonly missedBySequence: number;
}

interface Asked {
  readonly network: TestNetwork;
  readonly seed: number;
  readonly kills: number;
  readonly entries: number;
  /** Nothing more is written after so long. */
  readonly mostMs: number;
}

const people: readonly PersonName[] = ["sua", "nhu", "chinh", "thanh", "sua", "chinh", "thanh"];

/** Two processes of the program on one database; each single request goes to either. */
export const twoServers = async (asked: Asked): Promise<TwoServers> => {
  const { network, seed } = asked;
  const next = seeded(seed);
  // Whoever founded the network serves no longer: it would number too.
  await network.server.close();
  const pair = await startPair(network, next);
  const devices: FaultyDevice[] = [];
  for (const [at, name] of people.entries())
    devices.push(await openDevice(pair.door, network.people[name], seeded(seed + at + 1), 0));
  const plot = createPlot(next);
  const held = await holdOpen(network.databaseUrl, 0.3, 400);
  const reader = await startReader(network, pair.door);
  const kills = await busyDay(asked, pair, devices, plot, next);
  for (const device of devices) {
    device.line.chance = 0;
    device.line.isDown = false;
  }
  await settled(network, devices);
  const found = {
    kills,
    entries: plot.written.size,
    files: plot.files.length,
    requests: pair.requests,
    lost: [...(await lostOf(network, plot)), ...lostFiles(devices, plot)],
    doubled: await doubledIn(network),
    differing: await differencesOf(network, devices),
    ...(await reader.close()),
    ...(await held.close()),
  };
  for (const device of devices) await device.close();
  await pair.close();
  return found;
};

interface Pair {
  /** Where the next request goes. */
  readonly door: () => string;
  readonly requests: [number, number];
  /** SIGKILL in the middle of whatever is under way, and started again at another port. */
  readonly killOne: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const startPair = async (network: TestNetwork, next: () => number): Promise<Pair> => {
  const start = (): Promise<Running> => startProgram(network, network.data);
  const programs: [Running, Running] = [await start(), await start()];
  const requests: [number, number] = [0, 0];
  return {
    requests,
    door: () => {
      const which = next() < 0.5 ? 0 : 1;
      requests[which] += 1;
      return programs[which].url;
    },
    killOne: async () => {
      const which = next() < 0.5 ? 0 : 1;
      programs[which].process.kill("SIGKILL");
      await ended(programs[which].process);
      programs[which] = await start();
    },
    close: async () => {
      for (const { process } of programs) {
        process.kill("SIGKILL");
        await ended(process);
      }
    },
  };
};

const busyDay = async (
  { kills, entries, mostMs }: Asked,
  pair: Pair,
  devices: readonly FaultyDevice[],
  plot: Plot,
  next: () => number,
): Promise<number> => {
  const until = performance.now() + mostMs;
  for (const device of devices) device.line.chance = 0.05;
  let killed = 0;
  while (plot.written.size < entries && performance.now() < until) {
    const device = devices[Math.floor(next() * devices.length)];
    if (device !== undefined) await plot.act(device);
    device?.sync().nudge();
    if (next() < 0.5) await pause(next() * 30);
    if (killed < kills && plot.written.size >= ((killed + 1) * entries) / (kills + 1)) {
      await pair.killOne();
      killed += 1;
    }
  }
  return killed;
};

interface Reader {
  readonly close: () => Promise<Pick<TwoServers, "missed" | "readTwice">>;
}

/** Follows the province's feed page by page, each at another server, and compares with the feed as it is at the end. */
const startReader = async (network: TestNetwork, door: () => string): Promise<Reader> => {
  const { cookie } = await sessionOf(door(), network.people.thanh.account);
  const seen: string[] = [];
  const state = { after: 0, closed: false };
  const read = async (): Promise<number> => {
    const response = await fetch(`${door()}${routes.feed.path}?after=${state.after}&limit=7`, {
      headers: { cookie, "x-lientuyen-protocol": "1" },
    });
    const page = v.parse(routes.feed.out, await response.json());
    seen.push(...page.items.map(({ receipt }) => receipt.entry));
    state.after = page.next;
    return page.items.length;
  };
  const reading = (async () => {
    while (!state.closed) {
      // A server that was killed does not answer; the place is the reader's own.
      const count = await read().catch(() => 0);
      if (count === 0) await pause(5);
    }
  })();
  return {
    close: async () => {
      state.closed = true;
      await reading;
      while ((await read()) > 0);
      const rows = await network.query(
        `select entry from feed where facility in ('*', '${province}') order by position`,
      );
      const there = new Set(seen);
      const all = rows.map((row) => String(row["entry"]));
      return {
        missed: all.filter((entry) => !there.has(entry)),
        readTwice: seen.filter((entry, at) => seen.indexOf(entry) !== at),
      };
    },
  };
};
