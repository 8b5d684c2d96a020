import { afterAll, beforeAll, expect, test } from "vitest";
import { startSealedSender, type SealedBatch } from "@lientuyen/sync";
import { createFastClock, seeded } from "@lientuyen/sync/testing";
import { dayOfCuts } from "./dayOfCuts.ts";
import { openDevice, type FaultyDevice } from "./faultyDevice.ts";
import { newUuid, randomBytes, startNetwork, subtle, type TestNetwork } from "./network.ts";
import { pause } from "./settled.ts";

/*
 * The real engine on several devices against the real server, with the line cut before, in the middle of and
 * after real HTTP exchanges. SYNC_SEED repeats a run's choices (the machine's own timing stays its own),
 * SYNC_CUTS asks for more or fewer cuts.
 */

const seed = Number(process.env["SYNC_SEED"] ?? Date.now() % 1_000_000);
const wantedCuts = Number(process.env["SYNC_CUTS"] ?? 1_000);
let network: TestNetwork;
beforeAll(async () => {
  network = await startNetwork();
});
afterAll(() => network.close());

test(`S22 ${wantedCuts} random cuts: nothing lost, nothing doubled, the same fold everywhere, no queue blocked (SYNC_SEED=${seed})`, async () => {
  process.stdout.write(`SYNC_SEED=${seed} SYNC_CUTS=${wantedCuts}\n`);
  const day = await dayOfCuts({ network, seed, cuts: wantedCuts, mostMs: 500_000 });
  process.stdout.write(`${JSON.stringify(day)}\n`);
  expect(day).toMatchObject({ lost: [], doubled: [], differing: [] });
  for (const kind of ["before", "during", "after"] as const)
    expect(day.cuts[kind]).toBeGreaterThan(wantedCuts / 20);
}, 600_000);

test("S21 what was sealed goes out while the screen is locked, and has its receipts at unlock", async () => {
  const device = await openDevice(network.url, network.people.sua, seeded(seed), 0);
  while (!device.sync().state().caughtUp) await pause(10);
  device.line.isDown = true;
  const log = `case/${newUuid()}`;
  const body = { number: "1", facility: device.person.facility, mode: "viaFacility" };
  const written = await device.write(log, [
    { kind: "opened", body },
    { kind: "note", body: { text: "Viết trước khi khóa màn hình" } },
  ]);
  const batches = await device.sync().sealOutbox(subtle);
  await device.sync().stop();
  device.line.isDown = false;
  await sendSealed(device, batches ?? []);
  const rows = await network.query(`select hash from entry where log = '${log}' order by seq`);
  expect(rows.map((row) => row["hash"])).toEqual(written);
  device.sync().start();
  while (device.sync().state().unsentEntries > 0) await pause(10);
  const receipts = device.disk
    .entries()
    .flatMap((row) => (row.log === log ? [row.receipt?.seq] : []));
  expect(receipts).toEqual([1, 2]);
  await device.close();
});

/** As the locked page does: sealed batches and the transport token, no key and no session. */
async function sendSealed(device: FaultyDevice, batches: readonly SealedBatch[]): Promise<void> {
  const rows = new Map(batches.map((batch, i) => [String(i), batch]));
  device.line.chance = 0.5;
  const sender = startSealedSender({
    rows: {
      list: async () => [...rows].map(([id, batch]) => ({ id, batch })),
      drop: async (id) => void rows.delete(id),
    },
    network: device.network,
    clock: createFastClock(100),
    random: randomBytes,
    transport: device.transport,
    onChange: () => undefined,
  });
  while (rows.size > 0) await pause(5);
  await sender.stop();
  device.line.chance = 0;
}
