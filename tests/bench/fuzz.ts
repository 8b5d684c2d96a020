import { routes } from "@lientuyen/api";
import { weather, type Storm, type Weathered } from "../faults/hostile/weather.ts";
import { startWorld } from "../faults/hostile/world.ts";
import type { Bench } from "./harness/figure.ts";

const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 1_000_000);
const wanted = 20_000;
const round = 2_000;
const mostMs = 420_000;

/**
 * Requests to every route, made from the contract's own schemas: sound, nearly sound, hostile; as every role and
 * as nobody. Each round has a network of its own, as callers lock each other out in time.
 */
export const bench: Bench = {
  name: "fuzz",
  run: async ({ say }) => {
    say(`FUZZ_SEED=${seed}`);
    const statuses = new Map<number, number>();
    const asked = new Set<string>();
    const faults: string[] = [];
    const memory: number[] = [];
    const until = performance.now() + mostMs;
    let sent = 0;
    for (let turn = 0; sent < wanted && performance.now() < until; turn += 1) {
      const storm = { seed: seed + turn, requests: round, mostMs: until - performance.now() };
      const weathered = await inFreshWorld(storm);
      for (const [status, times] of weathered.statuses) {
        statuses.set(status, (statuses.get(status) ?? 0) + times);
        sent += times;
      }
      for (const route of weathered.routes) asked.add(route);
      faults.push(...weathered.faults);
      memory.push(process.memoryUsage().rss);
    }
    for (const fault of faults.slice(0, 20)) say(fault);
    const half = memory[Math.floor(memory.length / 2)] ?? 0;
    return [
      {
        id: "requests",
        value: sent,
        unit: "requests",
        goal: { atLeast: wanted },
        note: `seed ${seed}, one more with each round of 2,000; answered ${JSON.stringify(Object.fromEntries([...statuses].sort(([a], [b]) => a - b)))}`,
      },
      {
        id: "routes-not-asked",
        value: Object.keys(routes).filter((name) => !asked.has(name)).length,
        unit: "routes",
        goal: { atMost: 0 },
      },
      {
        id: "faults",
        value: faults.length,
        unit: "answers",
        goal: { atMost: 0 },
        note: "status of 500 or more, inner words, no code of the catalogue, another's data, no answer at all",
      },
      {
        id: "growth",
        value: (Math.max(...memory) - half) / 1e6,
        unit: "MB",
        goal: { atMost: 200 },
        note: `resident memory of server and sender in one process, most of it beside that after half of the requests (${Math.round(half / 1e6)} MB)`,
      },
    ];
  },
};

const inFreshWorld = async (storm: Storm): Promise<Weathered> => {
  const world = await startWorld();
  try {
    return await weather(world, storm);
  } finally {
    await world.network.close();
  }
};
