import { clonedDevice } from "../faults/cloned.ts";
import { startNetwork } from "../faults/network.ts";
import type { Bench } from "./harness/figure.ts";

const wanted = { rounds: 15, acts: 25 };
const seed = Number(process.env["CLONE_SEED"] ?? Date.now() % 1_000_000);

/** The copied profile of tests/faults, offline and back again time after time. */
export const bench: Bench = {
  name: "cloned",
  run: async ({ say }) => {
    say(`CLONE_SEED=${seed}`);
    const network = await startNetwork();
    try {
      const found = await clonedDevice({ network, seed, ...wanted });
      const none = { atMost: 0 };
      return [
        {
          id: "collisions",
          value: found.collisions,
          unit: "counters",
          goal: { atLeast: 1 },
          note: `used by both machines in ${wanted.rounds} times offline, of ${found.entries} entries; ${found.refusedActs} acts came back to their author; seed ${seed}`,
        },
        { id: "lost", value: found.lost.length, unit: "entries", goal: none },
        { id: "doubled", value: found.doubled.length, unit: "entries", goal: none },
        { id: "read-differently", value: found.differing.length, unit: "cases", goal: none },
        {
          id: "told",
          value: found.told,
          unit: "devices",
          goal: { atLeast: found.devices },
          note: "both machines and the other facility read in the directory that the key was copied",
        },
        { id: "wrongly-flagged", value: found.wronglyFlagged, unit: "keys", goal: none },
        {
          id: "collisions-once-read",
          value: found.collisionsAfterwards,
          unit: "counters",
          goal: none,
          note: "after each machine had read what the other wrote",
        },
      ];
    } finally {
      await network.close();
    }
  },
};
