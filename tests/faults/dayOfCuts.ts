import { seeded } from "@lientuyen/sync/testing";
import type { Cut } from "./cutLine.ts";
import { openDevice, type FaultyDevice } from "./faultyDevice.ts";
import type { PersonName, TestNetwork } from "./network.ts";
import { createPlot, type Plot } from "./plot.ts";
import { readDevice } from "./sameFold.ts";

/** What a day of broken lines left behind. */
export interface DayOfCuts {
  readonly cuts: Readonly<Record<Cut, number>>;
  /** Entries of which an author was told that they are saved. */
  readonly entries: number;
  readonly files: number;
  /** Entries that no server may take. */
  readonly hopeless: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Cases that two devices read differently, or cannot prove. */
  readonly differing: readonly string[];
}

interface Asked {
  readonly network: TestNetwork;
  readonly seed: number;
  readonly cuts: number;
  /** No further cut is waited for after so long. */
  readonly mostMs: number;
}

const hourMs = 3_600_000;
/** Each person's clock, hours off the right time. */
const clocks: readonly (readonly [PersonName, number])[] = [
  ["sua", -5 * hourMs],
  ["nhu", 0],
  ["chinh", 26 * hourMs],
  ["thanh", 3 * hourMs],
];

/** Several devices of several facilities work while lines break; then the lines hold, and all is compared. */
export async function dayOfCuts({ network, seed, cuts, mostMs }: Asked): Promise<DayOfCuts> {
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
  await badDay(devices, plot, next, { cuts, until: performance.now() + mostMs });
  await heal(network, devices);
  const found = {
    cuts: sumOf(devices),
    entries: plot.written.size,
    files: plot.files.length,
    hopeless: plot.hopeless.size,
    lost: [...(await lostOf(network, plot)), ...lostFiles(devices, plot)],
    doubled: await doubledIn(network),
    differing: await differencesOf(network, devices),
  };
  for (const device of devices) await device.close();
  return found;
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function sumOf(devices: readonly FaultyDevice[]): Record<Cut, number> {
  const sum = { before: 0, during: 0, after: 0 };
  for (const device of devices) {
    const { before, during, after } = device.line.cuts();
    sum.before += before;
    sum.during += during;
    sum.after += after;
  }
  return sum;
}

const countOf = (devices: readonly FaultyDevice[]): number => {
  const { before, during, after } = sumOf(devices);
  return before + during + after;
};

/** Beyond it a longer day is more cuts, not more to write. */
const mostEntries = 1_000;

/** People work while lines break, power goes and disks fill up, until the line was cut as often as asked. */
async function badDay(
  devices: readonly FaultyDevice[],
  plot: Plot,
  next: () => number,
  { cuts, until }: { readonly cuts: number; readonly until: number },
): Promise<void> {
  for (const device of devices) device.line.chance = 0.4;
  while (countOf(devices) < cuts && performance.now() < until) {
    const device = devices[Math.floor(next() * devices.length)];
    if (device === undefined) continue;
    const chance = next();
    // Nobody writes for ever: the later half is left to the line.
    const writing = plot.written.size < Math.min(cuts, mostEntries) ? plot.act(device) : pause(3);
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
async function heal(network: TestNetwork, devices: readonly FaultyDevice[]): Promise<void> {
  for (const device of devices) {
    device.line.chance = 0;
    device.line.isDown = false;
    device.disk.fill(0);
    device.sync().nudge();
  }
  const until = Date.now() + 60_000;
  for (;;) {
    await network.server.settleFeed();
    const open = await Promise.all(devices.map((device) => unsettled(network, device)));
    if (open.every((each) => each === undefined)) return;
    if (Date.now() > until) throw new Error(`a queue is blocked: ${JSON.stringify(open)}`);
    await pause(50);
  }
}

async function unsettled(network: TestNetwork, device: FaultyDevice): Promise<unknown> {
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
async function lostOf(network: TestNetwork, plot: Plot): Promise<readonly string[]> {
  const there = new Set((await network.query("select hash from entry")).map((row) => row["hash"]));
  const lost: string[] = [];
  for (const [hash, device] of plot.written) {
    const fate = fateOf(hash, device, there.has(hash));
    if (!fate.match(plot.hopeless.has(hash) ? hopelessFate : goodFate))
      lost.push(`${hash} of ${device.person.account}: ${fate}`);
  }
  return lost;
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

async function doubledIn(network: TestNetwork): Promise<readonly string[]> {
  const logs = await network.query(
    "select log from entry group by log having max(seq) <> count(*) or count(distinct seq) <> count(*)",
  );
  const fed = await network.query(
    "select entry from feed group by facility, entry having count(*) > 1",
  );
  const numbers = new Set<string>();
  const counted: string[] = [];
  for (const row of await network.query("select header from entry")) {
    const header = String(row["header"]);
    const number = `${/"key":"([^"]+)"/.exec(header)?.[1]} ${/"n":(\d+)/.exec(header)?.[1]}`;
    if (numbers.has(number)) counted.push(number);
    numbers.add(number);
  }
  return [
    ...logs.map((row) => String(row["log"])),
    ...fed.map((row) => String(row["entry"])),
    ...counted,
  ];
}

/** Every facility that takes part reads the same case, and can prove it. */
async function differencesOf(
  network: TestNetwork,
  devices: readonly FaultyDevice[],
): Promise<readonly string[]> {
  const reads = [];
  for (const device of devices) reads.push({ device, ...(await readDevice(device)) });
  const access = await network.query("select distinct log, facility from case_access");
  if (access.length < 3) return ["too few cases to compare"];
  const found: string[] = [];
  for (const row of access) {
    const log = String(row["log"]);
    const hashes = (await network.query(`select hash from entry where log = '${log}'`))
      .map((each) => String(each["hash"]))
      .sort();
    const first = reads.find((each) => each.views.has(log))?.views.get(log);
    for (const read of reads) {
      if (read.device.person.facility !== row["facility"]) continue;
      const proof = read.proofs.get(log);
      const same = read.hashes.get(log)?.join() === hashes.join() && read.views.get(log) === first;
      const proven =
        proof?.ok === true && proof.faults.length === 0 && proof.unreceived.length === 0;
      if (!same || !proven) found.push(`${read.device.person.account} ${log}`);
    }
  }
  return found;
}

function lostFiles(devices: readonly FaultyDevice[], plot: Plot): readonly string[] {
  const rows = devices.flatMap((device) => device.disk.uploads());
  return [
    ...rows.filter((row) => row.state !== "sent").map(({ hash }) => hash),
    ...plot.files.map(({ hash }) => hash).filter((hash) => !rows.some((row) => row.hash === hash)),
  ];
}
