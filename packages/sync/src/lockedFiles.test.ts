import { webcrypto } from "node:crypto";
import { expect, test } from "vitest";
import { lockFiles, startFileSender, type LockedFiles } from "./lockedFiles.ts";
import type { Network, UploadRow } from "./ports.ts";
import { webPrimitives } from "./primitives.ts";
import { createFastClock, seeded } from "./testing/fastClock.ts";
import { createServerDouble } from "./testing/serverDouble.ts";
import { newCase, openStation, seededBytes, until, type World } from "./testing/station.ts";

const { subtle } = webcrypto;
const world: World<webcrypto.CryptoKey> = {
  subtle,
  primitives: webPrimitives(subtle),
  random: seededBytes(23),
};
const server = () => createServerDouble(subtle, world.primitives, world.random);
const log = newCase(world);

async function file(size: number, over: Partial<UploadRow> = {}) {
  const bytes = world.random(size);
  const hash = Buffer.from(await subtle.digest("SHA-256", bytes)).toString("base64url");
  const row: UploadRow = {
    log,
    hash,
    size,
    type: "image/jpeg",
    priority: "first",
    rank: 2,
    order: 0,
    state: "waiting",
    offset: 0,
    ...over,
  };
  return { row, bytes, read: async (from: number, to: number) => bytes.slice(from, to) };
}

const errors: unknown[] = [];
const start = (files: LockedFiles, network: Network, entriesFirst = () => false) =>
  startFileSender({
    files,
    network,
    clock: createFastClock(200, 0),
    random: world.random,
    entriesFirst,
    onChange: () => undefined,
    onError: (error) => errors.push(error),
  });

test("S26 files go while the screen is locked: after the entries, whole and once, on a line that breaks", async () => {
  const double = await server();
  const next = seeded(23);
  double.fate = () => (next() < 0.3 ? (next() < 0.5 ? "lost" : "cut") : undefined);
  const [large, small] = [await file(300_000), await file(1, { order: 1 })];
  const files = lockFiles([large, small]);
  let entriesWait = true;
  const sender = start(files, double.network, () => entriesWait);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(double.requests).toEqual([]);
  entriesWait = false;
  await until(() => files.left() === 0);
  await sender.stop();
  for (const { row, bytes } of [large, small]) {
    const whole = [...double.files.values()].filter(
      (each) => each.hash === row.hash && each.bytes.length === each.size,
    );
    expect(whole.length).toBe(1);
    expect(Buffer.compare(whole[0]?.bytes ?? new Uint8Array(), bytes)).toBe(0);
  }
  expect(files.rows().map(({ state }) => state)).toEqual(["sent", "sent"]);
  expect(errors).toEqual([]);
});

test("S26 nothing is asked that needs a session, and what was sent can be opened no more", async () => {
  const double = await server();
  const one = await file(1_000);
  const files = lockFiles([one]);
  expect(await files.store.disk.readFile(log, one.row.hash, 0, 1_000)).toEqual(one.bytes);
  const sender = start(files, double.network);
  await until(() => files.left() === 0);
  await sender.stop();
  expect(double.requests).not.toContain("held");
  expect(await files.store.disk.readFile(log, one.row.hash, 0, 1_000)).toBeUndefined();
});

test("S26 the next lock goes on at the byte where the last one stopped", async () => {
  const double = await server();
  const send = double.network.sendChunk.bind(double.network);
  Object.assign(double.network, {
    sendChunk: async (...args: Parameters<typeof send>) => {
      await new Promise((resolve) => setTimeout(resolve, 15));
      return send(...args);
    },
  });
  const one = await file(600_000);
  const files = lockFiles([one]);
  const first = start(files, double.network);
  await until(() => [...double.files.values()].some((each) => each.bytes.length > 0));
  await first.stop();
  expect(files.left()).toBe(1);
  const second = start(files, double.network);
  await until(() => files.left() === 0);
  await second.stop();
  expect(double.files.size).toBe(1);
});

test("S26 a device whose transport token has ended asks once and rests", async () => {
  const double = await server();
  double.fate = () => ({ result: "signInNeeded" });
  const files = lockFiles([await file(1_000)]);
  const sender = start(files, double.network);
  await until(() => double.requests.length > 0);
  sender.nudge();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(double.requests).toEqual(["create"]);
  expect(files.left()).toBe(1);
  await sender.stop();
});

test("S26 what the engine had begun is finished while locked, and the engine then sends nothing of it", async () => {
  const double = await server();
  const station = await openStation(world, double, { started: false });
  const { row, bytes } = await file(200_000, { priority: "key" });
  await station.sync().addFile({ ...row, content: new Blob([bytes]) });
  await station.sync().close();
  const files = lockFiles(
    station.disk.uploads().map((each) => ({
      row: each,
      read: async (from: number, to: number) => bytes.slice(from, to),
    })),
  );
  const sender = start(files, double.network);
  await until(() => files.left() === 0);
  await sender.stop();
  const chunks = double.requests.filter((name) => name === "chunk").length;
  // Even where the way it came was not written down: the server is asked first.
  await station.restart();
  await station.until((state) => state.unsentFiles === 0);
  expect(double.requests.filter((name) => name === "chunk").length).toBe(chunks);
});
