import { startNetwork } from "../faults/network.ts";
import { twoServers } from "../faults/twoServers.ts";
import type { Bench } from "./harness/figure.ts";

const wanted = { kills: 20, entries: 3_000 };
const seed = Number(process.env["SERVERS_SEED"] ?? Date.now() % 1_000_000);

/** The two servers of tests/faults, twenty times killed. */
export const bench: Bench = {
  name: "two-servers",
  run: async ({ say }) => {
    say(`SERVERS_SEED=${seed}`);
    const network = await startNetwork();
    try {
      const found = await twoServers({ network, seed, ...wanted, mostMs: 400_000 });
      const none = { atMost: 0 };
      const [first, second] = found.requests;
      return [
        {
          id: "kills",
          value: found.kills,
          unit: "kills",
          goal: { atLeast: wanted.kills },
          note: `SIGKILL of either of two processes on one PostgreSQL; ${first} requests went to the one, ${second} to the other; seed ${seed}`,
        },
        { id: "entries", value: found.entries, unit: "entries" },
        { id: "files", value: found.files, unit: "files" },
        {
          id: "overtaken",
          value: found.overtaken,
          unit: "entries",
          goal: { atLeast: 1 },
          note: "numbered by the sequence before others and committed after them: transactions were held open at their commit",
        },
        {
          id: "missed-by-the-sequence",
          value: found.missedBySequence,
          unit: "entries",
          note: "yardstick: what a reader that goes by the sequence missed meanwhile",
        },
        { id: "missed", value: found.missed.length, unit: "entries", goal: none },
        { id: "read-twice", value: found.readTwice.length, unit: "entries", goal: none },
        { id: "lost", value: found.lost.length, unit: "entries and files", goal: none },
        { id: "doubled", value: found.doubled.length, unit: "entries", goal: none },
        { id: "read-differently", value: found.differing.length, unit: "cases", goal: none },
      ];
    } finally {
      await network.close();
    }
  },
};
