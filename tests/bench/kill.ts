import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepServerKeys } from "@lientuyen/server";
import { seeded } from "@lientuyen/sync/testing";
import { killAtRandom } from "../../apps/server/src/test/killing.ts";
import { startNetwork, station } from "../../apps/server/src/test/network.ts";
import { startPostgres } from "../postgres.ts";
import type { Bench } from "./harness/figure.ts";

const wanted = 100;
const seed = Number(process.env["KILL_SEED"] ?? Date.now() % 1_000_000);

/** Server and PostgreSQL killed by SIGKILL at random under load: what was acknowledged is there, once, in an unbroken chain. */
export const bench: Bench = {
  name: "kill",
  run: async ({ say }) => {
    say(`KILL_SEED=${seed}`);
    const postgres = await startPostgres();
    const data = await mkdtemp(join(tmpdir(), "lientuyen-kill-"));
    const keys = await keepServerKeys(join(data, "secrets", "server-keys.json"));
    const network = await startNetwork({ postgres, keys });
    try {
      const pen = await network.person("sua", station, ["physicianAssistant"]);
      await network.person("thanh", "12901", ["physician"]);
      const client = await network.signIn("sua");
      const killed = await killAtRandom({
        network,
        data,
        pen,
        client,
        next: seeded(seed),
        kills: wanted,
        mostMs: 480_000,
      });
      const none = { atMost: 0 };
      return [
        {
          id: "kills",
          value: killed.kills.server + killed.kills.database,
          unit: "kills",
          goal: { atLeast: wanted },
          note: `${killed.kills.server} of the server, ${killed.kills.database} of PostgreSQL; seed ${seed}`,
        },
        { id: "entries-sent", value: killed.sent, unit: "entries" },
        {
          id: "acknowledged",
          value: killed.acknowledged,
          unit: "entries",
          note: `${killed.cutShort} batches never had their answer`,
        },
        { id: "lost", value: killed.lost.length, unit: "entries", goal: none },
        { id: "doubled", value: killed.doubled.length, unit: "faults", goal: none },
        { id: "chains-broken", value: killed.broken.length, unit: "logs", goal: none },
        {
          id: "slowest-back",
          value: killed.slowestBackMs / 1_000,
          unit: "s",
          note: "from the kill until the server answers, without anybody's doing",
        },
      ];
    } finally {
      await network.close();
      await postgres.close();
      await rm(data, { recursive: true, force: true });
    }
  },
};
