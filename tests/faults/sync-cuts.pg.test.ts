import { afterAll, beforeAll, expect, test } from "vitest";
import { startSealedSender, type SealedBatch } from "@lientuyen/sync";
import { createFastClock, seeded } from "@lientuyen/sync/testing";
import { openDevice, type FaultyDevice } from "./faultyDevice.ts";
import {
  newUuid,
  randomBytes,
  startNetwork,
  subtle,
  type PersonName,
  type TestNetwork,
} from "./network.ts";
import { createPlot, type Plot } from "./plot.ts";
import { readDevice } from "./sameFold.ts";

/*
 * The real engine on several devices against the real server, with the line cut before, in the middle of and
 * after real HTTP exchanges. SYNC_SEED repeats a run's choices (the machine's own timing stays its own),
 * SYNC_CUTS asks for more or fewer cuts.
 */

const seed = Number(process.env["SYNC_SEED"] ?? Date.now() % 1_000_000);
const wantedCuts = Number(process.env["SYNC_CUTS"] ?? 1_000);
const hourMs = 3_600_000;
/** Each person's clock, hours off the right time. */
const clocks: readonly (readonly [PersonName, number])[] = [
  ["sua", -5 * hourMs],
  ["nhu", 0],
  ["chinh", 26 * hourMs],
  ["thanh", 3 * hourMs],
];

let network: TestNetwork;
beforeAll(async () => {
  network = await startNetwork();
});
afterAll(() => network.close());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const cutsOf = (devices: readonly FaultyDevice[]) =>
  devices.reduce(
    (sum, device) => sum + Object.values(device.line.cuts()).reduce((all, count) => all + count, 0),
    0,
  );

test(`S22 ${wantedCuts} random cuts: nothing lost, nothing doubled, the same fold everywhere, no queue blocked (SYNC_SEED=${seed})`, async () => {
  process.stdout.write(`SYNC_SEED=${seed} SYNC_CUTS=${wantedCuts}\n`);
  const next = seeded(seed);
  const devices: FaultyDevice[] = [];
  for (const [name, offsetMs] of clocks)
    devices.push(
      await openDevice(
        network.url,
        network.people[name],
        seeded(seed + devices.length + 1),
        offsetMs,
      ),
    );
  const plot = createPlot(next);

  await badDay(devices, plot, next);
  await heal(devices);

  await expectNothingLost(plot);
  await expectNothingDoubled();
  await expectSameFold(devices);
  expectFilesThere(devices, plot);
  const cuts = devices.map((device) => device.line.cuts());
  process.stdout.write(
    `${plot.written.size} entries, ${plot.files.length} files, ${plot.hopeless.size} hopeless; cuts ${JSON.stringify(cuts)}\n`,
  );
  for (const kind of ["before", "during", "after"] as const)
    expect(cuts.reduce((sum, each) => sum + each[kind], 0)).toBeGreaterThan(wantedCuts / 20);
  for (const device of devices) await device.close();
}, 600_000);

/** People work while lines break, power goes and disks fill up, until the line was cut as often as asked. */
async function badDay(
  devices: readonly FaultyDevice[],
  plot: Plot,
  next: () => number,
): Promise<void> {
  for (const device of devices) device.line.chance = 0.4;
  while (cutsOf(devices) < wantedCuts) {
    const device = devices[Math.floor(next() * devices.length)];
    if (device === undefined) continue;
    const chance = next();
    // Nobody writes for ever: the later half is left to the line.
    const writing = plot.written.size < wantedCuts ? plot.act(device) : pause(3);
    if (chance < 0.04) await cutPower(device, next);
    else if (chance < 0.07) device.disk.fill(1 + Math.floor(next() * 3));
    else if (chance < 0.1) device.line.isDown = !device.line.isDown;
    else if (chance < 0.4) device.sync().nudge();
    await writing;
    if (chance > 0.6) await pause(next() * 12);
  }
}

/** In the middle of whatever is under way, or right after one of the next commits. */
async function cutPower(device: FaultyDevice, next: () => number): Promise<void> {
  if (next() < 0.7) {
    device.disk.crashAfter(1 + Math.floor(next() * 2));
    device.line.isDown = false;
    device.sync().nudge();
    await pause(40);
  }
  await device.restart();
}

/** The line is sound again: everything has to settle by itself. */
async function heal(devices: readonly FaultyDevice[]): Promise<void> {
  for (const device of devices) {
    device.line.chance = 0;
    device.line.isDown = false;
    device.disk.fill(0);
    device.sync().nudge();
  }
  const until = Date.now() + 60_000;
  for (;;) {
    await network.server.settleFeed();
    const open = await Promise.all(devices.map(unsettled));
    if (open.every((each) => each === undefined)) return;
    if (Date.now() > until) throw new Error(`a queue is blocked: ${JSON.stringify(open)}`);
    await pause(50);
  }
}

async function unsettled(device: FaultyDevice): Promise<unknown> {
  const state = device.sync().state();
  const rows = await network.query(
    `select coalesce(max(position), 0)::int as position from feed where facility in ('*', '${device.person.facility}')`,
  );
  const position = device.disk.place()?.position;
  const settled =
    state.unsentEntries === 0 && state.unsentFiles === 0 && position === rows[0]?.["position"];
  return settled
    ? undefined
    : {
        who: device.person.account,
        ...state,
        position,
        end: rows[0],
        outbox: device.disk.outbox().slice(0, 3),
      };
}

/** What an author was told is saved is at the server, or with its author and the reason. */
async function expectNothingLost(plot: Plot): Promise<void> {
  const there = new Set((await network.query("select hash from entry")).map((row) => row["hash"]));
  const lost: string[] = [];
  for (const [hash, device] of plot.written) {
    const fate = fateOf(hash, device, there.has(hash));
    if (!fate.match(plot.hopeless.has(hash) ? hopelessFate : goodFate))
      lost.push(`${hash} of ${device.person.account}: ${fate}`);
  }
  expect(lost).toEqual([]);
}

// A nurse may ask in an emergency only; of two who accept at once the second is refused.
const goodFate = /^received$|^(role_forbids|head_moved|wrong_state|target_refused)$/;
const hopelessFate = /^(unknown_facility|role_forbids|target_refused)$/;

function fateOf(hash: string, device: FaultyDevice, isThere: boolean): string {
  if (!device.disk.entries().some((row) => row.hash === hash)) return "gone from the device";
  const held = device.disk.held().find((row) => row.hash === hash);
  if (isThere) return held === undefined ? "received" : `received, and held as ${held.code}`;
  return held?.code ?? "neither received nor held";
}

async function expectNothingDoubled(): Promise<void> {
  expect(
    await network.query(
      "select log, count(*) from entry group by log having max(seq) <> count(*) or count(distinct seq) <> count(*)",
    ),
  ).toEqual([]);
  expect(
    await network.query(
      "select facility, entry from feed group by facility, entry having count(*) > 1",
    ),
  ).toEqual([]);
  const headers = (await network.query("select header from entry")).map((row) =>
    String(row["header"]),
  );
  const numbers = headers.map(
    (header) => `${/"key":"([^"]+)"/.exec(header)?.[1]} ${/"n":(\d+)/.exec(header)?.[1]}`,
  );
  expect(new Set(numbers).size).toBe(numbers.length);
}

/** Every facility that takes part reads the same case, and can prove it. */
async function expectSameFold(devices: readonly FaultyDevice[]): Promise<void> {
  const reads = [];
  for (const device of devices) reads.push({ device, ...(await readDevice(device)) });
  const access = await network.query("select distinct log, facility from case_access");
  expect(access.length).toBeGreaterThan(2);
  for (const { log, facility } of access) {
    const hashes = (await network.query(`select hash from entry where log = '${String(log)}'`))
      .map((row) => String(row["hash"]))
      .sort();
    const views = new Set<string>();
    for (const read of reads) {
      views.add(reads.find((each) => each.views.has(String(log)))?.views.get(String(log)) ?? "");
      if (read.device.person.facility !== facility) continue;
      expect(read.hashes.get(String(log)), `${read.device.person.account} ${String(log)}`).toEqual(
        hashes,
      );
      expect(read.proofs.get(String(log))).toMatchObject({ ok: true, faults: [], unreceived: [] });
      views.add(read.views.get(String(log)) ?? "");
    }
    expect(views.size).toBe(1);
  }
}

function expectFilesThere(devices: readonly FaultyDevice[], plot: Plot): void {
  const rows = devices.flatMap((device) => device.disk.uploads());
  expect(rows.filter((row) => row.state !== "sent")).toEqual([]);
  for (const { hash } of plot.files) expect(rows.some((row) => row.hash === hash)).toBe(true);
}

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
