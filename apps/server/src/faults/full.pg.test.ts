import { afterAll, beforeAll, expect, test } from "vitest";
import { fill, press } from "../test/filling.ts";
import { openSmallDisk, type SmallDisk } from "../test/smallDisk.ts";

const nothingBroken = { lost: [], doubled: [], broken: [] };
let small: SmallDisk;

beforeAll(async () => {
  small = await openSmallDisk(160);
});
afterAll(() => small.close());

test("PostgreSQL that only reads: entries wait with their senders, reading goes on, and then everything", async () => {
  const pressed = await press({
    ...small,
    begin: () => small.setReadOnly(true),
    enough: async (rounds) => rounds >= 3,
    end: () => small.setReadOnly(false),
  });
  expect(pressed).toMatchObject({ ...nothingBroken, reads: { "200": 3 } });
  expect(Object.keys(pressed.answers).sort()).toEqual(["200", "503 unavailable"]);
  expect(Object.keys(pressed.uploads)).toEqual(["503 unavailable"]);
});

test("a disk without a byte left says so, loses nothing, lets read, and goes on once there is room", async ({
  skip,
}) => {
  const { folder } = small;
  if (folder === undefined) return skip("mounting a small disk takes root");
  let room: Awaited<ReturnType<typeof fill>> | undefined;
  const pressed = await press({
    ...small,
    begin: async () => {
      await small.beginSegment();
      room = await fill(folder);
    },
    enough: async (rounds) => rounds >= 10,
    end: async () => room?.empty(),
  });
  expect(pressed).toMatchObject({ ...nothingBroken, reads: { "200": 10 } });
  expect(Object.keys(pressed.answers).sort()).toEqual(["200", "503 unavailable"]);
  expect(Object.keys(pressed.uploads)).toEqual(["507 storage_full"]);
});
