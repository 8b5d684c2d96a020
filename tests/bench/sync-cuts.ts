import { dayOfCuts } from "../faults/dayOfCuts.ts";
import { startNetwork } from "../faults/network.ts";
import type { Bench } from "./harness/figure.ts";

const wanted = 10_000;
const seed = Number(process.env["SYNC_SEED"] ?? Date.now() % 1_000_000);

/** The day of broken lines of tests/faults, ten times as long. */
export const bench: Bench = {
  name: "sync-cuts",
  run: async ({ say }) => {
    say(`SYNC_SEED=${seed}`);
    const network = await startNetwork();
    try {
      const day = await dayOfCuts({ network, seed, cuts: wanted, mostMs: 420_000 });
      const { before, during, after } = day.cuts;
      const none = { atMost: 0 };
      return [
        {
          id: "cuts",
          value: before + during + after,
          unit: "cuts",
          goal: { atLeast: wanted },
          note: `${before} before, ${during} during, ${after} after the exchange; seed ${seed}`,
        },
        {
          id: "entries",
          value: day.entries,
          unit: "entries",
          note: `${day.hopeless} of them such as no server may take`,
        },
        { id: "files", value: day.files, unit: "files" },
        { id: "lost", value: day.lost.length, unit: "entries and files", goal: none },
        { id: "doubled", value: day.doubled.length, unit: "entries", goal: none },
        { id: "read-differently", value: day.differing.length, unit: "cases", goal: none },
      ];
    } finally {
      await network.close();
    }
  },
};
