import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { seeded } from "@lientuyen/sync/testing";
import { ended, startProgram, type Running } from "../../apps/server/src/test/killing.ts";
import { openDevice, type FaultyDevice } from "./faultyDevice.ts";
import { province, type PersonName, type TestNetwork } from "./network.ts";
import { createPlot, type Plot } from "./plot.ts";
import { lientuyen } from "./program.ts";
import { differencesOf, doubledIn, lostFiles, lostOf, settled } from "./settled.ts";

/** What a server that was put back to a backup is like after one sync. */
export interface Restored {
  readonly entries: number;
  readonly files: number;
  /** Received after the backup: what the restore took away. */
  readonly takenAway: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly differing: readonly string[];
  /** As the installation's log and every device's place in the feed say. */
  readonly epochs: readonly number[];
  /** Earlier receipts that the server has been handed. */
  readonly earlier: number;
  /** Bundles of cases, by what their check answered. */
  readonly authentic: number;
  readonly broken: readonly string[];
  /** A bundle with earlier receipts in it. */
  readonly bundle: string | undefined;
}

interface Asked {
  readonly network: TestNetwork;
  readonly seed: number;
  /** Written before the backup, and after it. */
  readonly entries: readonly [number, number];
  /** So many cases are exported and checked. */
  readonly bundles: number;
}

const first: readonly PersonName[] = ["sua", "chinh", "thanh"];

/** A day with a backup in its middle; at its end the server is put back to it, and every device syncs once. */
export const restoredServer = async (asked: Asked): Promise<Restored> => {
  const { network, seed, entries } = asked;
  const next = seeded(seed);
  await network.server.close();
  await makeDataFolder(network.data);
  const state: { program: Running } = { program: await startProgram(network, network.data) };
  const open = (name: PersonName, at: number): Promise<FaultyDevice> =>
    openDevice(() => state.program.url, network.people[name], seeded(seed + at), 0);
  const devices: FaultyDevice[] = [];
  for (const [at, name] of first.entries()) devices.push(await open(name, at + 1));
  const plot = createPlot(next);
  await work(devices, plot, next, entries[0]);
  await settled(network, devices);
  await told(network, "backup", join(network.data, "kept"));
  const kept = await receivedIn(network);
  // Enrolled after the backup: its key's certificate goes with the rest.
  devices.push(await open("nhu", devices.length + 1));
  await settled(network, devices);
  await work(devices, plot, next, entries[0] + entries[1]);
  await settled(network, devices);
  const before = await receivedIn(network);
  // Some of it only stands in outboxes yet.
  for (const device of devices) device.line.isDown = true;
  // Not of whoever answers: an act that crosses one that the server has lost is a known gap.
  const asking = devices.filter(({ person }) => person.facility !== province);
  await work(asking, plot, next, plot.written.size + Math.ceil(entries[1] / 10));
  state.program.process.kill("SIGKILL");
  await ended(state.program.process);
  await told(network, "restore", join(network.data, "kept"));
  state.program = await startProgram(network, network.data);
  for (const device of devices) {
    device.line.isDown = false;
    await device.signIn();
  }
  await settled(network, devices);
  const found = {
    entries: plot.written.size,
    files: plot.files.length,
    takenAway: before - kept,
    lost: [...(await lostOf(network, plot)), ...lostFiles(devices, plot)],
    doubled: await doubledIn(network),
    differing: await differencesOf(network, devices),
    epochs: [...new Set(devices.map((device) => device.disk.place()?.epoch ?? 0))],
    earlier: await countIn(network, "earlier_receipt"),
    ...(await exportSome(asked)),
  };
  for (const device of devices) await device.close();
  state.program.process.kill("SIGKILL");
  await ended(state.program.process);
  return found;
};

const makeDataFolder = async (folder: string): Promise<void> => {
  for (const name of ["files", "secrets", "tls"])
    await mkdir(join(folder, name), { recursive: true });
  const installation = { format: 1, id: randomUUID(), kind: "empty", ready: true };
  await writeFile(join(folder, "installation.json"), JSON.stringify(installation));
};

const work = async (
  devices: readonly FaultyDevice[],
  plot: Plot,
  next: () => number,
  until: number,
): Promise<void> => {
  while (plot.written.size < until) {
    const device = devices[Math.floor(next() * devices.length)];
    if (device !== undefined) await plot.act(device);
  }
};

const told = async (network: TestNetwork, ...args: readonly string[]): Promise<void> => {
  const { code, said } = await lientuyen(network, ...args);
  if (code !== 0) throw new Error(`${args.join(" ")}: ${said}`);
};

const countIn = async (network: TestNetwork, table: string): Promise<number> => {
  const [row] = await network.query(`select count(*)::int as n from ${table}`);
  return Number(row?.["n"]);
};
const receivedIn = (network: TestNetwork): Promise<number> => countIn(network, "entry");

/** Cases with the most earlier receipts leave as bundles; each is checked under the installation's root. */
const exportSome = async ({
  network,
  bundles,
}: Asked): Promise<Pick<Restored, "authentic" | "broken" | "bundle">> => {
  const root = await rootOf(network);
  const logs = await network.query(
    `select e.log, count(r.entry)::int as earlier from entry e left join earlier_receipt r on r.entry = e.hash
       where e.log like 'case/%' group by e.log order by 2 desc, 1 limit ${bundles}`,
  );
  const broken: string[] = [];
  let authentic = 0;
  let bundle: string | undefined;
  for (const row of logs) {
    const uuid = String(row["log"]).slice("case/".length);
    const file = join(network.data, `${uuid}.zip`);
    const exported = await lientuyen(network, "export", uuid, file);
    const verified = await lientuyen(network, "verify", file, "--root", root);
    if (exported.code === 0 && verified.code === 0) authentic += 1;
    else broken.push(`${uuid}: ${exported.said} ${verified.said}`);
    if (Number(row["earlier"]) > 0) bundle ??= file;
  }
  return { authentic, broken, bundle };
};

const rootOf = async (network: TestNetwork): Promise<string> => {
  const [row] = await network.query("select key from entry where log = 'installation' and seq = 1");
  return String(row?.["key"]);
};
