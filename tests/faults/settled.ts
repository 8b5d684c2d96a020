import type { FaultyDevice } from "./faultyDevice.ts";
import type { TestNetwork } from "./network.ts";
import type { Plot } from "./plot.ts";
import { readDevice } from "./sameFold.ts";

/** What became of everything, once lines hold again: by the database's word and by each device's. */
type Looked = Pick<TestNetwork, "query">;

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const mostMs = 150_000;

/** Where lines hold, everything has to settle by itself: nothing is left to send, each feed is read to its end. */
export async function settled(network: Looked, devices: readonly FaultyDevice[]): Promise<void> {
  for (const device of devices) device.sync().nudge();
  const until = performance.now() + mostMs;
  for (;;) {
    // Refused once more for a request that was under way with the session of before.
    for (const device of devices) if (device.sync().state().signInNeeded) await device.signIn();
    const [numbering] = await network.query("select count(*)::int as waiting from feed_pending");
    const open = await Promise.all(devices.map((device) => unsettled(network, device)));
    if (numbering?.["waiting"] === 0 && open.every((each) => each === undefined)) return;
    if (performance.now() > until) throw new Error(`a queue is blocked: ${JSON.stringify(open)}`);
    await pause(50);
  }
}

async function unsettled(network: Looked, device: FaultyDevice): Promise<unknown> {
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
export async function lostOf(
  network: Looked,
  plot: Plot,
  /** Another code with which an entry may be back with its author. */
  alsoGood?: string,
): Promise<readonly string[]> {
  const there = new Set((await network.query("select hash from entry")).map((row) => row["hash"]));
  const lost: string[] = [];
  for (const [hash, device] of plot.written) {
    const fate = fateOf(hash, device, there.has(hash));
    if (fate !== alsoGood && !fate.match(plot.hopeless.has(hash) ? hopelessFate : goodFate))
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

export const doubledIn = async (network: Looked): Promise<readonly string[]> => [
  ...(await repeatedIn(network)),
  ...(await countedTwice(network)),
];

/** Places in a log, and in a feed, that hold two. */
export async function repeatedIn(network: Looked): Promise<readonly string[]> {
  const logs = await network.query(
    "select log from entry group by log having max(seq) <> count(*) or count(distinct seq) <> count(*)",
  );
  const fed = await network.query(
    "select entry from feed group by facility, entry having count(*) > 1",
  );
  return [...logs.map((row) => String(row["log"])), ...fed.map((row) => String(row["entry"]))];
}

/** Counters of a key that were used for two entries. */
export async function countedTwice(network: Looked): Promise<readonly string[]> {
  const numbers = new Set<string>();
  const counted: string[] = [];
  for (const row of await network.query("select header from entry")) {
    const header = String(row["header"]);
    const number = `${/"key":"([^"]+)"/.exec(header)?.[1]} ${/"n":(\d+)/.exec(header)?.[1]}`;
    if (numbers.has(number)) counted.push(number);
    numbers.add(number);
  }
  return counted;
}

/** Every facility that takes part reads the same case, and can prove it. */
export async function differencesOf(
  network: Looked,
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
      if (!same || !proven)
        found.push(
          `${read.device.person.account} ${log} ${same ? "" : "reads another case"} ${JSON.stringify(proof?.faults.slice(0, 3))} ${proof?.unreceived.length}`,
        );
    }
  }
  return found;
}

export function lostFiles(devices: readonly FaultyDevice[], plot: Plot): readonly string[] {
  const rows = devices.flatMap((device) => device.disk.uploads());
  return [
    ...rows.filter((row) => row.state !== "sent").map(({ hash }) => hash),
    ...plot.files.map(({ hash }) => hash).filter((hash) => !rows.some((row) => row.hash === hash)),
  ];
}
