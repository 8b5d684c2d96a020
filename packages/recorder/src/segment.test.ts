import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mixFrom } from "./mix.ts";
import { readSegments, writeSegments, type Segment } from "./segment.ts";

let folder = "";
let file = "";
const key = randomBytes(32);
const samples = Int16Array.from({ length: 1_600 }, (_, at) => at);

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lientuyen-segments-"));
  file = path.join(folder, "run");
  const writer = writeSegments(file, key);
  for (let at = 0; at < 5; at++)
    writer.write({ mark: "sound", atMs: at * 100, track: "a", samples: samples.length }, samples);
  writer.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = async (by: Uint8Array = key): Promise<readonly Segment[]> => {
  const all: Segment[] = [];
  for await (const segment of readSegments(file, by)) all.push(segment);
  return all;
};
const moments = async (): Promise<readonly number[]> => (await read()).map(({ mark }) => mark.atMs);

test("segments come back as they were written, to who has the key", async () => {
  const all = await read();
  expect(all.map(({ mark }) => mark.atMs)).toEqual([0, 100, 200, 300, 400]);
  expect(all.map((each) => each.samples)).toEqual(all.map(() => samples));
  expect(await read(randomBytes(32))).toEqual([]);
});

test("a torn end costs its own segment, a damaged one nothing but itself", async () => {
  const whole = readFileSync(file);
  truncateSync(file, whole.length - 1);
  expect(await moments()).toEqual([0, 100, 200, 300]);
  const damaged = Buffer.from(whole);
  damaged[Math.floor(whole.length / 2)] = (damaged[Math.floor(whole.length / 2)] ?? 0) ^ 1;
  writeFileSync(file, damaged);
  expect(await moments()).toEqual([0, 100, 300, 400]);
  writeFileSync(file, whole);
  appendFileSync(file, randomBytes(3));
  expect(await moments()).toEqual([0, 100, 200, 300, 400]);
});

test("voices are laid over each other in real time, a time heard twice counts once, minutes of nothing are silence", () => {
  let total = 0;
  const heard: [number, number][] = [];
  const mix = mixFrom(1_000, (part) => {
    part.forEach((each, at) => {
      if (each !== 0) heard.push([total + at, each]);
    });
    total += part.length;
  });
  const one = (value: number) => Int16Array.of(value);
  mix.add("a", 1_000, one(3));
  mix.add("b", 1_000, one(4));
  mix.add("a", 1_000, one(5));
  mix.add("a", 2_000, one(30_000));
  mix.add("b", 2_000, one(30_000));
  mix.add("a", 601_000, one(6));
  mix.end(602_000);
  expect(heard).toEqual([
    [0, 7],
    [16_000, 32_767],
    [600 * 16_000, 6],
  ]);
  expect(total).toBe(601 * 16_000);
});
