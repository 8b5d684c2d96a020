import { webcrypto } from "node:crypto";
import type { SignedEntry } from "@lientuyen/record";
import { expect, test } from "vitest";
import { makeKeyPair, signerOf, webPrimitives } from "./primitives.ts";
import { seeded } from "./testing/fastClock.ts";
import { createServerDouble, doubleFacility, type ServerDouble } from "./testing/serverDouble.ts";
import {
  entryBy,
  newCase,
  openStation,
  seededBytes,
  until,
  type Station,
  type World,
} from "./testing/station.ts";

const { subtle } = webcrypto;
const world: World<webcrypto.CryptoKey> = {
  subtle,
  primitives: webPrimitives(subtle),
  random: seededBytes(27),
};

const dayMs = 86_400_000;

async function server(): Promise<ServerDouble> {
  const double = await createServerDouble(subtle, world.primitives, world.random);
  await double.certifyCheckpoints();
  return double;
}

/** Somebody at another facility; `write` is theirs, made and received. */
async function colleague(double: ServerDouble) {
  const pair = await makeKeyPair(subtle, false);
  const signer = await signerOf(subtle, pair.privateKey, pair.publicKey);
  await double.enrol(pair.publicKey);
  let n = 0;
  return async (log: string, text: string): Promise<string> => {
    const { signed, hash } = await entryBy(world, signer, log, "note", { text }, (n += 1));
    await double.receive(signed);
    return hash;
  };
}

/** Days pass at the server; the station is started again and has seen what the server signed then. */
async function letDaysPass(double: ServerDouble, station: Station, days: number): Promise<void> {
  const nowMs = Date.parse(double.clock.at) + days * dayMs;
  double.clock.at = new Date(nowMs).toISOString();
  await station.restart();
  await until(() => station.sync().signedAtMs() === nowMs, "no checkpoint of today");
  await station.until((state) => state.caughtUp && state.unsentEntries === 0);
}

const rowsOf = (station: Station, log: string) =>
  station.disk.entries().filter((row) => row.log === log);
const settled = (station: Station, double: ServerDouble) =>
  until(
    () => station.disk.place()?.position === double.feed.at(-1)?.position,
    "the feed is not read to its end",
  );

/** A case of ours and theirs that is old enough to go. */
async function oldCase() {
  const double = await server();
  const station = await openStation(world, double);
  const write = await colleague(double);
  const log = newCase(world);
  await station.note(log, "một");
  await station.until((state) => state.unsentEntries === 0);
  await write(log, "hai");
  await station.note(log, "ba");
  await station.until((state) => state.unsentEntries === 0);
  await settled(station, double);
  await letDaysPass(double, station, 31);
  return { double, station, write, log };
}

test("S27 the entries of a log go in one commit, which keeps the last receipt", async () => {
  const { double, station, log } = await oldCase();
  const commits = station.disk.commits();
  expect(await station.sync().sendAway(log)).toBe(true);
  expect(station.disk.commits()).toBe(commits + 1);
  expect(rowsOf(station, log)).toEqual([]);
  const last = double.feed.filter((item) => item.receipt.log === log).at(-1)?.receipt;
  expect(station.disk.away()).toEqual([{ log, epoch: 1, last }]);
  expect(await station.sync().isAway(log)).toBe(true);
  expect(await station.sync().sendAway(log)).toBe(false);
});

test("S27 what waits, what is not sound or not whole, and what the server's history does not cover yet, stays", async () => {
  const double = await server();
  const write = await colleague(double);
  const [ours, theirs, holed, held, filed] = [1, 2, 3, 4, 5].map(() => newCase(world));
  if (!ours || !theirs || !holed || !held || !filed) throw new Error("five cases");
  for (const log of [theirs, holed, held, filed]) await write(log, "của họ");
  const lost = await write(holed, "mất");
  await write(holed, "sau");
  double.feed.splice(
    double.feed.findIndex((item) => item.receipt.entry === lost),
    1,
  );
  const station = await openStation(world, double);
  double.judge = (entry) =>
    entry.header.kind === "questionAsked"
      ? { answer: "refused", id: entry.header.id, code: "no_contract" }
      : undefined;
  await station.note(ours);
  await station.fact(held, "questionAsked", { text: "?" });
  await station.until((state) => state.unsentEntries === 0 && state.refused === 1);
  await settled(station, double);
  const goes = async () => {
    const answers: boolean[] = [];
    for (const log of [ours, theirs, holed, held, filed])
      answers.push(await station.sync().sendAway(log));
    return answers;
  };
  // Signed in the same moment as the receipts: it need not cover them.
  expect(await goes()).toEqual([false, false, false, false, false]);
  const bytes = new TextEncoder().encode("ảnh");
  const hash = Buffer.from(await subtle.digest("SHA-256", bytes)).toString("base64url");
  double.fate = (name) => (name === "create" ? { result: "unavailable" } : undefined);
  await station.sync().addFile({
    log: filed,
    hash,
    type: "image/jpeg",
    priority: "key",
    content: new Blob([bytes]),
  });
  await letDaysPass(double, station, 29);
  // What was written here stays 30 days; what others wrote they have themselves.
  expect(await goes()).toEqual([false, true, false, false, false]);
  await letDaysPass(double, station, 2);
  expect(await goes()).toEqual([true, false, false, false, false]);
  double.fate = () => undefined;
  station.sync().nudge();
  await station.until((state) => state.unsentFiles === 0);
  await station.sync().dismiss(
    station
      .sync()
      .held(held)
      .map((row) => row.hash),
  );
  // The refused entry has no receipt: this device alone has it.
  expect(await goes()).toEqual([false, false, false, false, true]);
});

test("S27 a device clock years ahead sends nothing away", async () => {
  const double = await server();
  const station = await openStation(world, double, { offsetMs: 20 * 365 * dayMs });
  const write = await colleague(double);
  const log = newCase(world);
  await write(log, "hôm nay");
  await settled(station, double);
  await until(() => station.sync().signedAtMs() !== undefined);
  expect(await station.sync().sendAway(log)).toBe(false);
});

test("S27 nothing is written upon a log that is not here; read again, it is written upon its heads", async () => {
  const { station, log } = await oldCase();
  const before = rowsOf(station, log);
  await station.sync().sendAway(log);
  const counted = station.disk.commits();
  const request = {
    signer: station.signer,
    log,
    facility: doubleFacility,
    facts: [{ kind: "note", body: { text: "mù" } }],
  };
  expect(await station.sync().write(request)).toEqual({ ok: false, why: "away" });
  expect(station.disk.commits()).toBe(counted);
  expect(await station.sync().readCase(log)).toBe("here");
  expect(new Set(rowsOf(station, log))).toEqual(new Set(before));
  const answer = await station.sync().write(request);
  // Each of the three notes was written by somebody who named no other's.
  expect(answer.ok && answer.entries[0]?.header.after).not.toEqual([]);
});

test("S28 a new entry of a log that is away brings the whole back, every link checked", async () => {
  const { double, station, log, write } = await oldCase();
  const before = rowsOf(station, log).map((row) => row.hash);
  await station.sync().sendAway(log);
  const hash = await write(log, "bốn");
  await until(() => rowsOf(station, log).length === 4);
  await until(() => station.disk.away().length === 0);
  expect(new Set(rowsOf(station, log).map((row) => row.hash))).toEqual(new Set([...before, hash]));
  expect(rowsOf(station, log).map((row) => row.fault)).toEqual(Array(4).fill(undefined));
  expect(station.sync().state().faults).toBe(0);
  expect(double.requests.filter((name) => name === "case").length).toBe(1);
  expect(await station.sync().sendAway(log)).toBe(false); // the newest has no checkpoint after it
});

/** Whoever runs the server writes the case's history anew, with the receipt key in hand. */
async function rewrite(double: ServerDouble, log: string, keep: readonly number[]): Promise<void> {
  const old = double.feed.filter((item) => item.receipt.log === log);
  const kept = keep.flatMap((at): SignedEntry[] => {
    const item = old[at];
    return item === undefined ? [] : [item.entry];
  });
  for (const item of old) double.feed.splice(double.feed.indexOf(item), 1);
  for (const signed of kept) await double.receive(signed);
}

test("S28 what comes later is checked against the receipt that was kept, before the rest is there", async () => {
  const { double, station, log, write } = await oldCase();
  await station.sync().sendAway(log);
  double.fate = (name) => (name === "case" ? { result: "unavailable" } : undefined);
  const sound = await write(log, "bốn");
  await until(() => rowsOf(station, log).length === 1);
  expect(rowsOf(station, log)).toMatchObject([{ hash: sound, receipt: { seq: 4 } }]);
  expect(rowsOf(station, log)[0]?.fault).toBeUndefined();
  expect(await station.sync().isAway(log)).toBe(true);
  await station.restart();
  await settled(station, double);
  expect(await station.sync().isAway(log)).toBe(true);
  double.fate = () => undefined;
  expect(await station.sync().readCase(log)).toBe("here");
  expect(rowsOf(station, log).length).toBe(4);
});

test("S28 a later entry upon another history than the receipt that was kept is named at once", async () => {
  const { double, station, log, write } = await oldCase();
  await station.sync().sendAway(log);
  double.fate = (name) => (name === "case" ? { result: "unavailable" } : undefined);
  await rewrite(double, log, [1, 0, 2]);
  const later = await write(log, "bốn");
  await until(() => rowsOf(station, log).some((row) => row.hash === later));
  expect(rowsOf(station, log).find((row) => row.hash === later)?.fault).toBe("chain");
});

test.each([
  { what: "an entry taken out of the middle", keep: [0, 2], named: 1 },
  { what: "the end cut off", keep: [0, 1], named: 1 },
])("S28 $what of a log while it was away is named, with the old receipt kept", async (one) => {
  const { double, station, log } = await oldCase();
  const last = rowsOf(station, log).find((row) => row.receipt?.seq === 3)?.receipt;
  await station.sync().sendAway(log);
  const leaves = double.leaves();
  double.fate = (name) => (name === "feed" ? { result: "unavailable" } : undefined);
  await rewrite(double, log, one.keep);
  expect(await station.sync().readCase(log)).toBe("here");
  const rows = rowsOf(station, log).sort((a, b) => (a.receipt?.seq ?? 0) - (b.receipt?.seq ?? 0));
  expect(rows.map((row) => row.fault)).toEqual([undefined, "chain"]);
  expect(rows[one.named]?.earlierReceipts).toEqual([last]);
  expect(station.sync().state().faults).toBe(1);
  // Evidence stays on this device, and time alone changes nothing of it.
  double.fate = () => undefined;
  double.leaves = () => leaves;
  await letDaysPass(double, station, 100);
  expect(await station.sync().sendAway(log)).toBe(false);
});

test("S28 a case that the server gives no more blocks nothing and stays marked", async () => {
  const { double, station, log, write } = await oldCase();
  await station.sync().sendAway(log);
  const getCase = double.network.getCase.bind(double.network);
  Object.assign(double.network, {
    getCase: async (...args: Parameters<typeof getCase>) =>
      args[0] === log ? { result: "refused", status: 404, code: "not_found" } : getCase(...args),
  });
  await write(log, "bốn");
  const other = newCase(world);
  await write(other, "ca khác");
  await until(() => rowsOf(station, other).length === 1);
  await settled(station, double);
  expect(await station.sync().readCase(log)).toBe("refused");
  expect(await station.sync().isAway(log)).toBe(true);
  expect(await station.sync().sendAway(log)).toBe(false);
});

test("S29 in a new epoch what is away is read again and not offered", async () => {
  const { double, station, log } = await oldCase();
  const before = rowsOf(station, log);
  await station.sync().sendAway(log);
  double.batches.length = 0;
  double.restore(double.feed.length);
  await until(() => station.disk.place()?.epoch === 2 && station.disk.away().length === 0);
  await settled(station, double);
  expect(new Set(rowsOf(station, log))).toEqual(new Set(before));
  expect(double.batches.flat().map(({ sig }) => sig)).not.toContain(before[0]?.signed.sig);
  await letDaysPass(double, station, 1);
  expect(await station.sync().sendAway(log)).toBe(true);
  expect(station.disk.away()[0]?.epoch).toBe(2);
});

test("S29 what a restored server lost of a case that was away is known by the receipt that was kept", async () => {
  const { double, station, log, write } = await oldCase();
  const last = rowsOf(station, log).find((row) => row.receipt?.seq === 3)?.receipt;
  await station.sync().sendAway(log);
  const at = double.feed.findIndex((item) => item.receipt.entry === last?.entry);
  double.restore(at);
  await until(() => rowsOf(station, log).length === 2 && station.disk.place()?.epoch === 2);
  await settled(station, double);
  // A restore is no forgery: nothing is called broken, the old receipt is kept.
  await until(() => station.disk.away().length === 0);
  expect(rowsOf(station, log).map((row) => row.fault)).toEqual([undefined, undefined]);
  const evidence = rowsOf(station, log).flatMap((row) => row.earlierReceipts ?? []);
  expect(evidence).toEqual([last]);
  await write(log, "sau khi khôi phục");
  await until(() => rowsOf(station, log).length === 3);
});

const seed = Number(process.env["SYNC_SEED"] ?? Date.now() % 1_000_000);

test(`S29 cases that come and go while lines break and power fails: nothing lost, every link sound (SYNC_SEED=${seed})`, async () => {
  process.stdout.write(`SYNC_SEED=${seed}\n`);
  const next = seeded(seed);
  const double = await server();
  const station = await openStation(world, double);
  const write = await colleague(double);
  const logs = Array.from({ length: 6 }, () => newCase(world));
  const pick = () => logs[Math.floor(next() * logs.length)] ?? "";
  const shaky: ServerDouble["fate"] = () =>
    next() < 0.25 ? (next() < 0.5 ? "lost" : "cut") : undefined;
  const mine: string[] = [];
  let gone = 0;
  for (let round = 0; round < 250; round += 1) {
    double.fate = shaky;
    const chance = next();
    const log = pick();
    if (chance < 0.3) await write(log, `họ ${round}`);
    else if (chance < 0.5) {
      if (!(await station.sync().isAway(log)))
        await station.note(log, `tôi ${round}`).then(
          (hash) => mine.push(hash),
          () => undefined,
        );
    } else if (chance < 0.6) await station.sync().readCase(log);
    else if (chance < 0.67) station.disk.fill(1 + Math.floor(next() * 2));
    else if (chance < 0.75) {
      station.disk.crashAfter(1 + Math.floor(next() * 2));
      await station
        .sync()
        .sendAway(log)
        .catch(() => undefined);
      await station.restart();
    } else if (chance < 0.85) {
      double.fate = () => undefined;
      station.disk.fill(0);
      await letDaysPass(double, station, 40);
    } else if (chance < 0.88) {
      double.restore(double.feed.length);
    } else if (
      await station
        .sync()
        .sendAway(log)
        .catch(() => false)
    )
      gone += 1;
  }
  double.fate = () => undefined;
  station.disk.fill(0);
  station.sync().nudge();
  await station.until((state) => state.unsentEntries === 0);
  await settled(station, double);
  for (const log of logs) if (await station.sync().isAway(log)) await station.sync().readCase(log);
  expect(gone).toBeGreaterThan(0);
  const there = new Map(double.feed.map((item) => [item.receipt.entry, item.receipt.chain]));
  expect(mine.filter((hash) => !there.has(hash))).toEqual([]);
  for (const log of logs) {
    const rows = rowsOf(station, log);
    const served = double.feed.filter((item) => item.receipt.log === log);
    expect(rows.map((row) => row.hash).sort()).toEqual(
      served.map((item) => item.receipt.entry).sort(),
    );
    for (const row of rows)
      expect([row.fault, row.receipt?.chain]).toEqual([undefined, there.get(row.hash)]);
  }
  expect([station.sync().state().faults, station.disk.away()]).toEqual([0, []]);
}, 60_000);
