import { seeded } from "@lientuyen/sync/testing";
import { openDevice, type FaultyDevice } from "./faultyDevice.ts";
import type { TestNetwork } from "./network.ts";
import { createPlot, type Plot } from "./plot.ts";
import { directoryOn } from "./sameFold.ts";
import { countedTwice, differencesOf, lostOf, repeatedIn, settled } from "./settled.ts";

/** What became of a device whose profile was copied to a second machine. */
export interface Cloned {
  readonly entries: number;
  /** Counters that both machines used. */
  readonly collisions: number;
  /** Acts that came back to their author because the counter was used. */
  readonly refusedActs: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly differing: readonly string[];
  /** Of the devices (both machines, and the other facility's): how many read that the key was copied. */
  readonly told: number;
  readonly devices: number;
  /** Collisions once each machine had read what the other wrote. */
  readonly collisionsAfterwards: number;
  /** Keys of others that were flagged too. */
  readonly wronglyFlagged: number;
}

interface Asked {
  readonly network: TestNetwork;
  readonly seed: number;
  /** Times that both machines are offline, write, and come back. */
  readonly rounds: number;
  /** Acts of each machine in each round. */
  readonly acts: number;
}

/** Both machines work offline as the same person, time after time. */
export const clonedDevice = async ({ network, seed, rounds, acts }: Asked): Promise<Cloned> => {
  const next = seeded(seed);
  const open = (name: "sua" | "thanh", at: number) =>
    openDevice(network.url, network.people[name], seeded(seed + at), 0);
  const [first, thanh] = [await open("sua", 1), await open("thanh", 2)];
  const plot = createPlot(next);
  await work(plot, [first], acts);
  await settled(network, [first, thanh]);
  const second = await first.copy();
  const devices = [first, second, thanh];
  for (let round = 0; round < rounds; round += 1) {
    for (const machine of [first, second]) machine.line.isDown = true;
    await work(plot, [first], acts);
    await work(plot, [second], acts);
    await work(plot, [thanh], 2);
    for (const machine of [first, second]) machine.line.isDown = false;
    await settled(network, devices);
  }
  const collisions = (await countedTwice(network)).length + refusedActs(devices);
  // Each has read what the other used: one after the other they do not meet any more.
  for (const machine of [first, second]) {
    await work(plot, [machine], acts);
    await settled(network, devices);
  }
  const after = (await countedTwice(network)).length + refusedActs(devices);
  const flags = await Promise.all(devices.map(directoryOn));
  const key = first.signer.key;
  const found = {
    entries: plot.written.size,
    collisions,
    refusedActs: refusedActs(devices),
    lost: await lostOf(network, plot, "counter_reused"),
    doubled: await repeatedIn(network),
    differing: await differencesOf(network, devices),
    told: flags.filter(({ keys }) => keys.get(key)?.cloned === true).length,
    devices: devices.length,
    collisionsAfterwards: after - collisions,
    wronglyFlagged: flags.flatMap(({ keys }) =>
      [...keys.values()].filter((each) => each.cloned && each.key !== key),
    ).length,
  };
  for (const device of devices) await device.close();
  return found;
};

const work = async (plot: Plot, devices: readonly FaultyDevice[], acts: number): Promise<void> => {
  for (const device of devices) for (let act = 0; act < acts; act += 1) await plot.act(device);
};

const refusedActs = (devices: readonly FaultyDevice[]): number =>
  devices.flatMap((device) => device.disk.held().filter(({ code }) => code === "counter_reused"))
    .length;
