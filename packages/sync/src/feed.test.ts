import { webcrypto } from "node:crypto";
import type { FeedItem } from "@lientuyen/api";
import { expect, test } from "vitest";
import { makeKeyPair, signerOf, webPrimitives } from "./primitives.ts";
import { createServerDouble, doubleFacility } from "./testing/serverDouble.ts";
import {
  entryBy,
  newCase,
  openStation,
  seededBytes,
  until,
  type World,
} from "./testing/station.ts";

const { subtle } = webcrypto;
const world: World<webcrypto.CryptoKey> = {
  subtle,
  primitives: webPrimitives(subtle),
  random: seededBytes(11),
};
const server = () => createServerDouble(subtle, world.primitives, world.random);

/** Somebody at another facility, certified; `entry` is theirs, made and received. */
async function colleague(double: Awaited<ReturnType<typeof server>>, enrolled = true) {
  const pair = await makeKeyPair(subtle, false);
  const signer = await signerOf(subtle, pair.privateKey, pair.publicKey);
  if (enrolled) await double.enrol(pair.publicKey);
  let n = 0;
  return {
    enrol: () => double.enrol(pair.publicKey),
    write: async (log: string, kind: string, body: unknown): Promise<string> => {
      const { signed, hash } = await entryBy(world, signer, log, kind, body, (n += 1));
      await double.receive(signed);
      return hash;
    },
  };
}

const row = (station: Awaited<ReturnType<typeof openStation>>, hash: string) =>
  station.disk.entries().find((each) => each.hash === hash);

test("S2 counters that a second machine with this device's key has used are passed over once they are read", async () => {
  const double = await server();
  const station = await openStation(world, double);
  const log = newCase(world);
  await station.note(log, "một");
  await station.until((state) => state.caughtUp && state.unsentEntries === 0);
  const copied = await entryBy(world, station.signer, log, "note", { text: "máy kia" }, 41);
  await double.receive(copied.signed);
  await until(() => row(station, copied.hash) !== undefined);
  await station.restart();
  const next = await station.note(log, "hai");
  expect(row(station, next)?.signed.header).toContain('"n":42,');
});

test("S9 pages cut off at random lose no item and read none twice, over power cuts too", async () => {
  const double = await server();
  const other = await colleague(double);
  const log = newCase(world);
  for (let i = 0; i < 300; i++) await other.write(log, "note", { text: String(i) });
  let cuts = 0;
  double.fate = (name, count) =>
    name === "feed" && count % 2 === 0 && (cuts += 1)
      ? count % 4 === 0
        ? "lost"
        : "cut"
      : undefined;
  const station = await openStation(world, double);
  await until(() => station.disk.entries().length > 20);
  await station.restart();
  await until(() => station.disk.entries().length > 150);
  await station.restart();
  await station.until((state) => state.caughtUp);
  expect(cuts).toBeGreaterThan(1);
  expect(
    station.disk.entries().filter((each) => each.log === log && each.fault === undefined).length,
  ).toBe(300);
  expect(station.disk.place()?.position).toBe(double.feed.at(-1)?.position);
});

test("S33 what a disk has damaged is read again from the start of the feed, and nothing else changes", async () => {
  const double = await server();
  const other = await colleague(double);
  const log = newCase(world);
  for (let i = 0; i < 40; i++) await other.write(log, "note", { text: String(i) });
  const station = await openStation(world, double);
  await station.until((state) => state.caughtUp);
  const byHash = () => [...station.disk.entries()].sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const before = byHash();
  for (const { hash } of before.filter((_, at) => at % 3 === 0)) station.disk.damage(hash);
  expect(byHash().length).toBeLessThan(before.length);
  await station.sync().readAgain();
  await until(() => station.disk.entries().length === before.length);
  expect(byHash()).toEqual(before);
  await until(() => station.disk.place()?.position === double.feed.at(-1)?.position);
  expect(station.sync().state()).toMatchObject({ faults: 0 });
});

test("S10 an item altered anywhere is kept with its fault, and named", async () => {
  const double = await server();
  const other = await colleague(double);
  const log = newCase(world);
  const texts = ["body", "sig", "receipt", "header", "sound"];
  const hashes = [];
  for (const text of texts) hashes.push(await other.write(log, "note", { text }));
  const alter: Record<string, (item: FeedItem) => FeedItem> = {
    body: (item) => ({ ...item, entry: { ...item.entry, body: '{"text":"khác"}' } }),
    sig: (item) => ({
      ...item,
      entry: {
        ...item.entry,
        sig: `${item.entry.sig.startsWith("A") ? "B" : "A"}${item.entry.sig.slice(1)}`,
      },
    }),
    receipt: (item) => ({
      ...item,
      receipt: { ...item.receipt, receivedAt: "2020-01-01T00:00:00.000Z", chain: "A".repeat(43) },
    }),
    header: (item) => ({
      ...item,
      entry: { ...item.entry, header: item.entry.header.replace('"n":4', '"n":9') },
    }),
  };
  double.spoil = (item) =>
    alter[/"text":"(\w+)"/.exec(item.entry.body ?? "")?.[1] ?? ""]?.(item) ?? item;
  const station = await openStation(world, double);
  await station.until((state) => state.caughtUp);
  const faults = station.disk
    .entries()
    .filter((each) => each.log === log)
    .map((each) => each.fault);
  expect(faults).toEqual(["bodyHash", "signature", "receipt", "signature", undefined]);
  expect(station.sync().state().faults).toBe(4);
});

test("S10 what is here and sound is not replaced by an altered item", async () => {
  const double = await server();
  const station = await openStation(world, double);
  const log = newCase(world);
  double.fate = (name) => (name === "entries" ? "cut" : undefined);
  double.spoil = (item) =>
    item.receipt.log === log
      ? { ...item, entry: { ...item.entry, body: '{"text":"khác"}' } }
      : item;
  const hash = await station.note(log, "thật");
  await until(() => station.sync().state().faults > 0);
  expect(row(station, hash)?.signed.body).toBe('{"text":"thật"}');
  expect(row(station, hash)?.receipt).toBeUndefined();
  expect(station.sync().state().unsentEntries).toBe(1);
});

test("S30 what this device wrote is named in its feed and not sent again; it is taken as if it had come", async () => {
  const double = await server();
  const station = await openStation(world, double);
  const other = await colleague(double);
  const log = newCase(world);
  for (let i = 0; i < 20; i++) {
    await station.note(log, `ghi ${i}`);
    if (i % 5 === 0) await other.write(log, "note", { text: `kia ${i}` });
  }
  await station.until((state) => state.unsentEntries === 0);
  await until(() => station.disk.place()?.position === double.feed.at(-1)?.position);
  const rows = station.disk.entries().filter((each) => each.log === log);
  expect(
    rows.filter((each) => each.receipt !== undefined && each.fault === undefined),
  ).toHaveLength(24);
  expect(double.wholes.some((whole) => whole)).toBe(false);
});

test("S30 what is named and not here is asked for whole: a copied or emptied store lacks nothing", async () => {
  const double = await server();
  const first = await openStation(world, double);
  const log = newCase(world);
  for (let i = 0; i < 5; i++) await first.note(log, `ghi ${i}`);
  await first.until((state) => state.unsentEntries === 0);
  // To the server double everybody who sends is the reader itself.
  const second = await openStation(world, double);
  await second.until((state) => state.caughtUp);
  expect(double.wholes).toContain(true);
  expect(
    second.disk.entries().filter((each) => each.log === log && each.fault === undefined),
  ).toHaveLength(5);
});

test("S30 where the server names another chain value than its receipts lead to, the entries themselves are asked for", async () => {
  const double = await server();
  double.misname = (run) => ({ ...run, chain: "A".repeat(43) });
  const station = await openStation(world, double);
  const log = newCase(world);
  const hash = await station.note(log, "một");
  await station.until((state) => state.unsentEntries === 0);
  await until(() => double.wholes.includes(true));
  await until(() => station.disk.place()?.position === double.feed.at(-1)?.position);
  expect(row(station, hash)).toMatchObject({ signed: { body: '{"text":"một"}' } });
  expect(row(station, hash)?.fault).toBeUndefined();
});

test("S30 a receipt whose answer never comes is read from the feed, and others' entries do not wait for it", async () => {
  const double = await server();
  const station = await openStation(world, double);
  const other = await colleague(double);
  double.fate = (name) => (name === "entries" ? "cut" : undefined);
  const log = newCase(world);
  const mine = await station.note(log, "một");
  await until(() => double.batches.length > 0);
  const theirs = await other.write(log, "note", { text: "hai" });
  await until(
    () => row(station, mine)?.receipt !== undefined && row(station, theirs) !== undefined,
  );
  await station.until((state) => state.unsentEntries === 0);
  expect(double.wholes).toContain(true);
});

test("S10 a link that does not follow from the one before is named, and the entry stays readable", async () => {
  const double = await server();
  const other = await colleague(double);
  const log = newCase(world);
  await other.write(log, "note", { text: "một" });
  const gone = await other.write(log, "note", { text: "hai" });
  const third = await other.write(log, "note", { text: "ba" });
  // Whoever runs the server takes one out and closes the gap, with the receipt key in hand.
  const at = double.feed.findIndex((item) => item.receipt.entry === gone);
  double.feed.splice(at, 1);
  double.spoil = (item) =>
    item.receipt.entry === third ? { ...item, receipt: { ...item.receipt, seq: 2 } } : item;
  const station = await openStation(world, double);
  await station.until((state) => state.caughtUp);
  expect(row(station, third)?.fault).toBe("chain");
});

test("S10 an entry whose author's key comes later is believed from then on", async () => {
  const double = await server();
  const other = await colleague(double, false);
  const station = await openStation(world, double);
  await station.until((state) => state.caughtUp);
  const hash = await other.write(newCase(world), "note", { text: "chưa biết" });
  await until(() => row(station, hash)?.fault === "unknownKey");
  await other.enrol();
  double.wake();
  await until(() => row(station, hash)?.fault === undefined);
  expect(row(station, hash)?.receipt?.entry).toBe(hash);
});

test("S11 a server with another root teaches nothing and the engine rests", async () => {
  const double = await server();
  const station = await openStation(world, double);
  await station.until((state) => state.caughtUp);
  const root = station.sync().keys.root();
  const impostor = await server();
  Object.assign(double.network, impostor.network);
  await station.note(newCase(world));
  await until(() => station.sync().state().faults > 0);
  expect(station.sync().state().unsentEntries).toBe(1);
  expect(station.sync().keys.root()).toBe(root);
});

test("S12 a restored server gets back what it lost, from every device, with the old receipts kept", async () => {
  const double = await server();
  const stations = [await openStation(world, double), await openStation(world, double)];
  const keep = double.feed.length + 4;
  const log = newCase(world);
  for (let i = 0; i < 6; i++) for (const station of stations) await station.note(log, String(i));
  for (const station of stations)
    await until(
      () =>
        station.disk.entries().filter((each) => each.receipt !== undefined && each.log === log)
          .length === 12,
    );
  double.fate = (name, count) =>
    count % 3 === 0 && (name === "feed" || name === "entries") ? "cut" : undefined;
  double.restore(keep);
  await stations[0]?.restart();
  await until(
    () => double.feed.filter((item) => item.receipt.log === log).length === 12,
    `only ${double.feed.length}`,
  );
  for (const station of stations) {
    await station.until((state) => state.caughtUp && state.unsentEntries === 0);
    await until(() => station.disk.outbox().length === 0);
    await until(
      () =>
        station.disk.place()?.position === double.feed.at(-1)?.position &&
        station.disk.place()?.epoch === 2,
    );
    expect(station.disk.held()).toEqual([]);
    for (const item of double.feed.filter((each) => each.receipt.log === log))
      expect(row(station, item.receipt.entry)?.receipt?.chain).toBe(item.receipt.chain);
  }
  const changed = stations.flatMap((station) =>
    station.disk.entries().filter((each) => (each.earlierReceipts?.length ?? 0) > 0),
  );
  for (const each of changed)
    expect(each.earlierReceipts?.[0]?.chain).not.toBe(each.receipt?.chain);
  // What the server has received again came with the receipts that it had given before.
  const told = new Set(double.earlier.map((receipt) => receipt.chain));
  const doubled = changed.flatMap((each) => each.earlierReceipts?.map(({ chain }) => chain) ?? []);
  expect(doubled.filter((chain) => !told.has(chain))).toEqual([]);
});

test("S12 an entry that is refused while some of its log has still to be offered waits; one's own that stays refused is held", async () => {
  const double = await server();
  const station = await openStation(world, double);
  const log = newCase(world);
  const first = await station.note(log, "trước");
  const never = await station.note(log, "không được nhận lại");
  await station.until((state) => state.caughtUp && state.unsentEntries === 0);
  double.fate = () => "cut";
  const fresh = await station.note(log, "mới");
  // As a server that has lost the request by which a case was given.
  double.judge = (entry) => {
    const refused = { answer: "refused", id: entry.header.id, code: "strangers_case" } as const;
    if (entry.hash === never) return refused;
    const there = double.feed.some((item) => item.receipt.entry === first);
    return entry.hash === fresh && !there ? refused : undefined;
  };
  double.restore(double.feed.filter((item) => item.receipt.log !== log).length);
  double.fate = () => undefined;
  await station.until((state) => state.caughtUp && state.unsentEntries === 0);
  await until(() => station.disk.outbox().length === 0);
  const received = double.feed.flatMap((item) =>
    item.receipt.log === log ? [item.receipt.entry] : [],
  );
  expect(new Set(received)).toEqual(new Set([first, fresh]));
  expect(station.disk.held()).toMatchObject([{ hash: never, code: "strangers_case" }]);
});

test("S13 body, salt and file of a withheld entry are gone once the withholding is read", async () => {
  const double = await server();
  const station = await openStation(world, double);
  await station.until((state) => state.caughtUp);
  const log = newCase(world);
  const bytes = new TextEncoder().encode("ảnh nhầm");
  const file = {
    hash: Buffer.from(await subtle.digest("SHA-256", bytes)).toString("base64url"),
    size: bytes.length,
    type: "image/jpeg",
  };
  await station.sync().addFile({ log, ...file, priority: "key", content: new Blob([bytes]) });
  const wrong = await station.fact(log, "fileAdded", { file, role: "photo" });
  await station.until((state) => state.unsentEntries === 0 && state.unsentFiles === 0);
  const other = await colleague(double);
  await other.write(log, "withheld", { target: wrong, ground: "wrongPicture", effect: "hide" });
  await until(() => row(station, wrong)?.signed.body === undefined);
  expect(row(station, wrong)?.signed.salt).toBeUndefined();
  expect(station.disk.uploads()).toEqual([]);
  expect(await station.disk.open().readFile(log, file.hash, 0, 100)).toBeUndefined();
});

test("the directory's last receipt known stands in the header of what is written", async () => {
  const double = await server();
  const station = await openStation(world, double);
  await station.until((state) => state.caughtUp);
  const hash = await station.note(newCase(world));
  const last = double.feed
    .filter((item) => item.receipt.log === `directory/${doubleFacility}`)
    .at(-1)?.receipt.chain;
  expect(row(station, hash)?.signed.header).toContain(`"dir":"${last}"`);
});
