import { afterAll, beforeAll, expect, test } from "vitest";
import { clonedDevice } from "./cloned.ts";
import { startNetwork, type TestNetwork } from "./network.ts";

/* A device's whole profile on a second machine. CLONE_SEED repeats a run's choices. */

const seed = Number(process.env["CLONE_SEED"] ?? Date.now() % 1_000_000);
let network: TestNetwork;
beforeAll(async () => {
  network = await startNetwork();
});
afterAll(() => network.close());

test(`a copied profile, both machines writing offline: nothing lost, the key flagged, everybody told (CLONE_SEED=${seed})`, async () => {
  process.stdout.write(`CLONE_SEED=${seed}\n`);
  const found = await clonedDevice({ network, seed, rounds: 1, acts: 8 });
  process.stdout.write(`${JSON.stringify(found)}\n`);
  expect(found).toMatchObject({
    lost: [],
    doubled: [],
    differing: [],
    told: 3,
    collisionsAfterwards: 0,
    wronglyFlagged: 0,
  });
  expect(found.collisions).toBeGreaterThan(0);
}, 240_000);
