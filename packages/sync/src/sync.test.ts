import { webcrypto } from "node:crypto";
import { expect, test } from "vitest";
import { makeKeyPair, signerOf, webPrimitives } from "./primitives.ts";
import { createFastClock } from "./testing/fastClock.ts";
import { createServerDouble, doubleFacility } from "./testing/serverDouble.ts";
import { newCase, openStation, seededBytes, until, type World } from "./testing/station.ts";
import { createSync } from "./sync.ts";
import { openBatch } from "./sealed.ts";

const { subtle } = webcrypto;
const world: World<webcrypto.CryptoKey> = {
  subtle,
  primitives: webPrimitives(subtle),
  random: seededBytes(7),
};
const server = () => createServerDouble(subtle, world.primitives, world.random);
const settled = { unsentEntries: 0, refused: 0 };

test("S1 entry, outbox row and counter are one commit; on a full disk nothing has changed", async () => {
  const station = await openStation(world, await server(), { started: false });
  const log = newCase(world);
  station.disk.fill(1);
  const body = { text: "một" };
  const request = {
    signer: station.signer,
    log,
    facility: doubleFacility,
    facts: [
      { kind: "note", body },
      { kind: "note", body },
    ],
  };
  expect(await station.sync().write(request)).toEqual({ ok: false, why: "full" });
  expect([
    station.disk.entries().length,
    station.disk.outbox().length,
    station.disk.commits(),
  ]).toEqual([0, 0, 0]);
  expect(station.sync().state().storageFull).toBe(true);
  const answer = await station.sync().write(request);
  expect(answer.ok && answer.entries.map((entry) => entry.header.n)).toEqual([1, 2]);
  expect([
    station.disk.entries().length,
    station.disk.outbox().length,
    station.disk.commits(),
  ]).toEqual([2, 2, 1]);
});

test("S1 the draft that became an entry goes in the commit that stores it, and stays where that finds no room", async () => {
  const station = await openStation(world, await server(), { started: false });
  const log = newCase(world);
  const { signer, disk } = station;
  const request = {
    signer,
    log,
    facility: doubleFacility,
    facts: [{ kind: "note", body: { text: "một" } }],
    drafts: ["note"],
  };
  disk.drafts.add("note").add("another");
  disk.fill(1);
  expect(await station.sync().write(request)).toEqual({ ok: false, why: "full" });
  expect([...disk.drafts]).toEqual(["note", "another"]);
  disk.crashAfter(1);
  await station.sync().write(request);
  expect([disk.entries().length, [...disk.drafts]]).toEqual([1, ["another"]]);
});

test("S2 a counter is never used twice, over power cuts in the middle of writing", async () => {
  const double = await server();
  double.fate = () => "lost";
  const station = await openStation(world, double);
  const log = newCase(world);
  for (let i = 0; i < 20; i++) {
    const writing = station.note(log).catch(() => undefined);
    if (i % 3 === 0) await station.restart();
    await writing;
  }
  const numbers = station.disk
    .entries()
    .map((row) => Number(/"n":(\d+)/.exec(row.signed.header)?.[1]));
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.length).toBeGreaterThan(12);
});

test("S4 an answer that was lost is asked for again with the same bytes, and nothing is there twice", async () => {
  const double = await server();
  double.fate = (name, count) =>
    name !== "entries" ? undefined : count === 1 ? "lost" : count === 2 ? "cut" : undefined;
  const station = await openStation(world, double);
  const log = newCase(world);
  await station.note(log, "hai");
  await station.until((state) => state.unsentEntries === 0);
  expect(double.feed.filter((item) => item.receipt.log === log).length).toBe(1);
  for (const batch of double.batches) expect(batch).toEqual(double.batches[0]);
  expect(station.disk.entries().find((row) => row.log === log)?.receipt?.seq).toBe(1);
});

test("S4 S8 an answer without a receipt that holds is no answer", async () => {
  const double = await server();
  const station = await openStation(world, double, { started: false });
  const good = double.network.postEntries.bind(double.network);
  const unsent: number[] = [];
  const network = {
    ...double.network,
    postEntries: async (...args: Parameters<typeof good>) => forge(await good(...args)),
  };
  const forge = (answer: Awaited<ReturnType<typeof good>>): typeof answer => {
    // Lies are told until three were found out, however many rounds that takes.
    if (answer.result !== "ok" || sync.state().faults >= 3) return answer;
    unsent.push(sync.state().unsentEntries);
    return {
      ...answer,
      answers: answer.answers.map((each) =>
        each.answer === "received"
          ? { ...each, receipt: { ...each.receipt, chain: "A".repeat(43) } }
          : each,
      ),
    };
  };
  const feedless = { ...network, getFeed: async () => ({ result: "offline" }) as const };
  const disk = station.disk.open();
  const sync = await createSync({
    disk,
    network: feedless,
    clock: createFastClock(500),
    random: world.random,
    primitives: world.primitives,
    onChange: () => undefined,
  });
  sync.start();
  await sync.write({
    signer: station.signer,
    log: newCase(world),
    facility: doubleFacility,
    facts: [{ kind: "note", body: { text: "x" } }],
  });
  await until(() => sync.state().faults === 3);
  expect(new Set(unsent)).toEqual(new Set([1]));
  await until(() => sync.state().unsentEntries === 0);
  await sync.close();
});

test("S5 every answer stands for itself: later, refused, what rests on it, and all the rest", async () => {
  const double = await server();
  const station = await openStation(world, double, { started: false });
  const log = newCase(world);
  const bad = await station.fact(log, "questionAsked", { text: "bị từ chối" });
  const late = await station.note(log, "để sau");
  const rests = await station.fact(log, "messageSent", { text: "dựa vào", answers: bad });
  const restsOnThat = await station.fact(log, "messageSent", {
    text: "dựa vào nữa",
    answers: rests,
  });
  const free = await station.note(log, "tự do");
  let times = 0;
  double.judge = (entry) => {
    const { id } = entry.header;
    if (entry.hash === bad) return { answer: "refused", id, code: "role_forbids" };
    if (entry.header.kind === "messageSent") return { answer: "later", id, code: "retry_later" };
    return entry.hash === late && (times += 1) <= 3
      ? { answer: "later", id, code: "retry_later" }
      : undefined;
  };
  station.sync().start();
  await station.until((state) => state.unsentEntries === 0);
  expect(Object.fromEntries(station.disk.held().map((row) => [row.hash, row.code]))).toEqual({
    [bad]: "role_forbids",
    [rests]: "target_refused",
    [restsOnThat]: "target_refused",
  });
  const received = station.disk
    .entries()
    .filter((row) => row.receipt !== undefined && row.log === log)
    .map((row) => row.hash);
  expect(new Set(received)).toEqual(new Set([late, free]));
  expect(times).toBe(4);
});

test("S5 what is written upon a refused entry afterwards is held without asking; retry sends all of it again", async () => {
  const double = await server();
  const station = await openStation(world, double);
  const log = newCase(world);
  let strict = true;
  double.judge = (entry) =>
    strict && entry.header.kind === "questionAsked"
      ? { answer: "refused", id: entry.header.id, code: "no_contract" }
      : undefined;
  const bad = await station.fact(log, "questionAsked", { text: "hỏi" });
  await station.until((state) => state.refused === 1);
  const rests = await station.fact(log, "messageSent", { text: "dựa vào", answers: bad });
  await station.until((state) => state.refused === 2);
  strict = false;
  await station.sync().retry([bad, rests]);
  await station.until((state) => state.refused === 0 && state.unsentEntries === 0);
  expect(station.sync().held()).toEqual([]);
});

test("S5 what the server keeps in quarantine is held, and received when the feed brings it", async () => {
  const double = await server();
  const station = await openStation(world, double);
  double.judge = (entry) => ({ answer: "quarantined", id: entry.header.id, code: "disowned_key" });
  const log = newCase(world);
  const hash = await station.note(log);
  await station.until((state) => state.quarantined === 1);
  const signed = station.disk.entries().find((row) => row.hash === hash)?.signed;
  if (signed !== undefined) await double.receive(signed);
  await station.until((state) => state.quarantined === 0);
  expect(station.disk.entries().find((row) => row.hash === hash)?.receipt?.entry).toBe(hash);
});

test("S6 a request refused as a whole is halved until the one to blame stands alone", async () => {
  const double = await server();
  const station = await openStation(world, double, { started: false });
  const log = newCase(world);
  const notes: string[] = [];
  for (let i = 0; i < 9; i++) notes.push(await station.note(log, i === 6 ? "độc" : String(i)));
  const post = double.network.postEntries.bind(double.network);
  double.judge = () => undefined;
  Object.assign(double.network, {
    postEntries: async (...args: Parameters<typeof post>) =>
      args[0].some((signed) => signed.body?.includes("độc"))
        ? { result: "refused", status: 400, code: "bad_request" }
        : post(...args),
  });
  station.sync().start();
  await station.until((state) => state.unsentEntries === 0);
  expect(station.disk.held().map((row) => [row.hash, row.code])).toEqual([
    [notes[6], "bad_request"],
  ]);
  expect(
    station.disk.entries().filter((row) => row.log === log && row.receipt !== undefined).length,
  ).toBe(8);
});

test("S7 one's own entry waits for the certificate of its key", async () => {
  const double = await server();
  const pair = await makeKeyPair(subtle, false);
  const signer = await signerOf(subtle, pair.privateKey, pair.publicKey);
  const station = await openStation(world, double);
  let certified = false;
  double.judge = (entry) =>
    certified || entry.header.key !== signer.key
      ? undefined
      : { answer: "refused", id: entry.header.id, code: "unknown_key" };
  await station.sync().write({
    signer,
    log: newCase(world),
    facility: doubleFacility,
    facts: [{ kind: "note", body: { text: "khẩn" } }],
  });
  await until(() => double.batches.length >= 2);
  expect(station.sync().state()).toMatchObject({ unsentEntries: 1, refused: 0 });
  await double.enrol(pair.publicKey);
  certified = true;
  station.sync().nudge();
  await station.until((state) => state.unsentEntries === 0);
});

test("S15 a pause is a set of reasons; nothing goes while there is one and nothing is lost", async () => {
  const double = await server();
  const station = await openStation(world, double);
  await station.until((state) => state.caughtUp);
  double.fate = (name) => (name === "entries" ? { result: "signInNeeded" } : undefined);
  await station.note(newCase(world));
  await station.until((state) => state.signInNeeded);
  station.sync().pause();
  double.fate = () => undefined;
  station.sync().resume("signInNeeded");
  const asked = double.requests.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(double.requests.length).toBe(asked);
  expect([...station.sync().state().pauses]).toEqual(["asked"]);
  station.sync().resume("asked");
  await station.until((state) => state.unsentEntries === 0);
});

test("S15 a server of another protocol stops the line until the page is newer", async () => {
  const double = await server();
  double.fate = () => ({ result: "oldProtocol" });
  const station = await openStation(world, double);
  await station.note(newCase(world));
  await station.until((state) => state.updateNeeded);
  expect(station.sync().state()).toMatchObject({ unsentEntries: 1, updateNeeded: true });
});

test("S14 the line is tried again by itself, and at once on a nudge", async () => {
  const double = await server();
  let down = true;
  double.fate = () => (down ? "lost" : undefined);
  const station = await openStation(world, double);
  await station.note(newCase(world));
  await until(() => double.requests.length > 12);
  expect(station.sync().state().online).toBe(false);
  down = false;
  station.sync().nudge();
  await station.until((state) => state.unsentEntries === 0 && state.online);
});

test("S17 after close nothing more is written, and a disk that throws ends no loop", async () => {
  const double = await server();
  const station = await openStation(world, double);
  await station.until((state) => state.caughtUp);
  station.disk.crash(() => 0);
  await expect(station.note(newCase(world))).rejects.toThrow("the power was cut");
  await station.restart();
  await station.note(newCase(world));
  await station.until((state) => state.unsentEntries === 0);
  await station.sync().close();
  const commits = station.disk.commits();
  await station.sync().close();
  double.wake();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(station.disk.commits()).toBe(commits);
});

test("S16 a clock that is years off sends and receives like any other", async () => {
  const double = await server();
  const stations = await Promise.all([
    openStation(world, double, { offsetMs: -20 * 365 * 86_400_000 }),
    openStation(world, double, { offsetMs: 3 * 365 * 86_400_000 }),
  ]);
  const log = newCase(world);
  for (const station of stations) await station.note(log);
  for (const station of stations) await station.until((state) => state.unsentEntries === 0);
  for (const station of stations)
    await until(() => station.disk.entries().filter((row) => row.log === log).length === 2);
  const receipts = stations.map((station) =>
    station.disk.entries().filter((row) => row.log === log && row.receipt !== undefined),
  );
  expect(receipts.map((rows) => rows.length)).toEqual([2, 2]);
});

test("S1 answers that find no room on the disk are asked for again", async () => {
  const double = await server();
  const station = await openStation(world, double);
  await station.until((state) => state.caughtUp);
  const log = newCase(world);
  await station.note(log);
  station.disk.fill(5);
  await station.until((state) => state.unsentEntries === 0);
  expect(station.sync().state()).toMatchObject({ ...settled, storageFull: false });
  expect(double.feed.filter((item) => item.receipt.log === log).length).toBe(1);
});

test("S21 the outbox is sealed while it stays, and opens to what would have been sent", async () => {
  const double = await server();
  const station = await openStation(world, double);
  await station.until((state) => state.caughtUp);
  double.fate = () => "lost";
  const log = newCase(world);
  const hash = await station.note(log, "kín");
  const batches = await station.sync().sealOutbox(subtle);
  expect(batches?.length).toBe(1);
  const [batch] = batches ?? [];
  const opened =
    batch === undefined ? undefined : await openBatch(subtle, double.sealing, batch, 1_000_000);
  const signed = station.disk.entries().find((row) => row.hash === hash)?.signed;
  expect(opened).toEqual({ ok: true, json: JSON.stringify({ entries: [signed] }) });
  expect(station.disk.outbox().length).toBe(1);
});
