import { webcrypto } from "node:crypto";
import { expect, test } from "vitest";
import { webPrimitives } from "./primitives.ts";
import type { FilePriority } from "./ports.ts";
import { seeded } from "./testing/fastClock.ts";
import { createServerDouble } from "./testing/serverDouble.ts";
import { newCase, openStation, seededBytes, until, type World } from "./testing/station.ts";

const { subtle } = webcrypto;
const world: World<webcrypto.CryptoKey> = {
  subtle,
  primitives: webPrimitives(subtle),
  random: seededBytes(13),
};
const server = () => createServerDouble(subtle, world.primitives, world.random);

async function file(size: number, priority: FilePriority, log = newCase(world)) {
  const bytes = world.random(size);
  const hash = Buffer.from(await subtle.digest("SHA-256", bytes)).toString("base64url");
  return { log, hash, type: "image/jpeg", priority, content: new Blob([bytes]), bytes };
}

/** A line on which a chunk takes 15 ms of real time: 3 s by the engine's clock. */
function slow(double: Awaited<ReturnType<typeof server>>): void {
  const send = double.network.sendChunk.bind(double.network);
  Object.assign(double.network, {
    sendChunk: async (...args: Parameters<typeof send>) => {
      await new Promise((resolve) => setTimeout(resolve, 15));
      return send(...args);
    },
  });
}

test("S18 entries before files; the more urgent file overtakes after any chunk", async () => {
  const double = await server();
  slow(double);
  const station = await openStation(world, double);
  await station.until((state) => state.caughtUp);
  const original = await file(600_000, "original");
  const key = await file(1_000, "key");
  await station.sync().addFile(original);
  await until(() => double.requests.includes("chunk"));
  await station.note(newCase(world));
  await station.sync().addFile(key);
  const order: string[] = [];
  await until(() => {
    for (const each of station.disk.uploads())
      if (each.state === "sent" && !order.includes(each.hash)) order.push(each.hash);
    return order.length === 2;
  });
  expect(order).toEqual([key.hash, original.hash]);
  expect([...double.files.values()].map((each) => [each.hash, each.bytes.length])).toEqual([
    [original.hash, 600_000],
    [key.hash, 1_000],
  ]);
});

test("S19 uploads cut at random, with power cuts and a server that forgets, arrive whole and once", async () => {
  const next = seeded(19);
  const double = await server();
  double.fate = () => (next() < 0.3 ? (next() < 0.5 ? "lost" : "cut") : undefined);
  const station = await openStation(world, double);
  const files = await Promise.all([file(300_000, "first"), file(1, "first"), file(90_000, "key")]);
  for (const each of files) await station.sync().addFile(each);
  await until(() => double.files.size > 1);
  await station.restart();
  for (const [url, each] of double.files)
    if (each.bytes.length > 0 && each.bytes.length < each.size) double.files.delete(url);
  await station.until((state) => state.unsentFiles === 0);
  for (const { hash, bytes } of files) {
    const whole = [...double.files.values()].filter(
      (each) => each.hash === hash && each.bytes.length === each.size,
    );
    expect(whole.length).toBe(1);
    expect(Buffer.compare(whole[0]?.bytes ?? new Uint8Array(), bytes)).toBe(0);
  }
});

test("S19 a file that the server holds already is not sent", async () => {
  const double = await server();
  const station = await openStation(world, double);
  const one = await file(1_000, "key");
  double.files.set("/elsewhere", { size: 1_000, hash: one.hash, bytes: one.bytes });
  await station.sync().addFile(one);
  await station.sync().addFile(one);
  await station.until((state) => state.unsentFiles === 0);
  expect(double.requests).not.toContain("chunk");
});

test("S20 a refused file is held with its code and blocks no other; one whose room is still to come waits", async () => {
  const double = await server();
  const station = await openStation(world, double, { started: false });
  const [bad, early, good] = [await file(10, "key"), await file(20, "key"), await file(30, "key")];
  const create = double.network.createUpload.bind(double.network);
  let room = 3;
  Object.assign(double.network, {
    createUpload: async (...args: Parameters<typeof create>) => {
      if (args[0].size === 10)
        return { result: "refused", status: 415, code: "file_type_mismatch" };
      return args[0].size === 20 && (room -= 1) > 0
        ? { result: "refused", status: 507, code: "storage_full" }
        : create(...args);
    },
  });
  for (const each of [bad, early, good]) await station.sync().addFile(each);
  station.sync().start();
  await station.until((state) => state.unsentFiles === 0);
  expect(
    station
      .sync()
      .uploads()
      .map((each) => [each.hash, each.state, each.code]),
  ).toEqual([
    [bad.hash, "refused", "file_type_mismatch"],
    [early.hash, "sent", undefined],
    [good.hash, "sent", undefined],
  ]);
});

test("what is under way is counted, with the time left once the line has been measured", async () => {
  const double = await server();
  slow(double);
  const station = await openStation(world, double, { started: false });
  const seen: { readonly done: number; readonly total: number }[] = [];
  for (let i = 0; i < 4; i++) await station.sync().addFile(await file(200_000, "first"));
  station.sync().start();
  let timed = false;
  await until(() => {
    const { sending } = station.sync().state();
    if (sending !== undefined) seen.push(sending);
    timed ||= sending?.secondsLeft !== undefined;
    return station.sync().state().unsentFiles === 0;
  });
  expect(seen.every((each) => each.total === 4 && each.done < 4)).toBe(true);
  expect(timed).toBe(true);
  expect(station.sync().state().sending).toBeUndefined();
});
