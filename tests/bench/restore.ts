import { startNetwork } from "../faults/network.ts";
import { restoredServer } from "../faults/restored.ts";
import type { Bench } from "./harness/figure.ts";

const wanted = { entries: [600, 1_200], bundles: 20 } as const;
const seed = Number(process.env["RESTORE_SEED"] ?? Date.now() % 1_000_000);

/** The server of tests/faults that is put back to a backup, with a longer day after it. */
export const bench: Bench = {
  name: "restore",
  run: async ({ say }) => {
    say(`RESTORE_SEED=${seed}`);
    const network = await startNetwork();
    try {
      const found = await restoredServer({ network, seed, ...wanted });
      const none = { atMost: 0 };
      return [
        {
          id: "taken-away",
          value: found.takenAway,
          unit: "entries",
          goal: { atLeast: 1 },
          note: `received after the backup, gone with the restore; of ${found.entries} entries and ${found.files} files; seed ${seed}`,
        },
        { id: "lost", value: found.lost.length, unit: "entries and files", goal: none },
        { id: "doubled", value: found.doubled.length, unit: "entries", goal: none },
        {
          id: "read-differently",
          value: found.differing.length,
          unit: "cases",
          goal: none,
          note: "without new acts that cross such as the server has lost: of those, the lost one is refused when it is offered again, and stays on other devices with its receipt of before (known gap)",
        },
        {
          id: "new-epochs",
          value: found.epochs.length,
          unit: "epochs",
          goal: { atLeast: 1, atMost: 1 },
          note: `epoch ${found.epochs.join(", ")} on record, and where every device reads`,
        },
        {
          id: "without-earlier-receipt",
          value: found.takenAway - found.earlier,
          unit: "entries",
          goal: none,
          note: "received anew without the server having been handed the receipt that it gave before",
        },
        {
          id: "bundles-authentic",
          value: found.authentic,
          unit: "bundles",
          goal: { atLeast: wanted.bundles },
          note: "cases with the most doubled receipts, exported and verified under the root; without the statement each doubled receipt is a fault (npm test)",
        },
        { id: "bundles-broken", value: found.broken.length, unit: "bundles", goal: none },
      ];
    } finally {
      await network.close();
    }
  },
};
