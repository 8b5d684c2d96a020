import { seeded } from "@lientuyen/sync/testing";
import type { Cut } from "./cutLine.ts";
import { openDevice, type FaultyDevice } from "./faultyDevice.ts";
import type { PersonName, TestNetwork } from "./network.ts";
import { createPlot, type Plot } from "./plot.ts";
import { differencesOf, doubledIn, lostFiles, lostOf, pause, settled } from "./settled.ts";

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
  soundAgain(devices);
  await settled(network, devices);
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

/** The line is sound again. */
function soundAgain(devices: readonly FaultyDevice[]): void {
  for (const device of devices) {
    device.line.chance = 0;
    device.line.isDown = false;
    device.disk.fill(0);
  }
}
