/// <reference types="node" />
import { makeCheckpoint, parseCheckpoint, type Checkpoint } from "@lientuyen/record";
import { expect, it } from "vitest";
import { signerOf, makeKeyPair, webPrimitives } from "./primitives.ts";
import { createServerDouble } from "./testing/serverDouble.ts";
import { newCase, openStation, seededBytes, until } from "./testing/station.ts";

const { subtle } = globalThis.crypto;
const world = { subtle, primitives: webPrimitives(subtle), random: seededBytes(23) };

const start = async () => {
  const server = await createServerDouble(subtle, world.primitives, world.random);
  await server.certifyCheckpoints();
  const station = await openStation(world, server);
  const log = newCase(world);
  await station.fact(log, "opened", { number: "T1", facility: "12913", mode: "support" });
  await station.note(log);
  await station.until((state) => state.unsentEntries === 0);
  return { server, station, log, kept: () => station.disk.history() };
};
const sizeOf = (checkpoint: Checkpoint | undefined) =>
  parseCheckpoint(checkpoint?.text ?? "")?.size;

/** Begins anew, which asks at once. */
const again = async ({ server, station }: Awaited<ReturnType<typeof start>>) => {
  const before = server.checkpointsAsked();
  await station.restart();
  await until(() => server.checkpointsAsked() > before);
  await station.until((state) => state.caughtUp);
};

it("S23 the newest checkpoint that continues the kept one is kept, through restarts", async () => {
  const scene = await start();
  const { server, station, log, kept } = scene;
  await again(scene);
  await until(() => sizeOf(kept()?.last) === server.feed.length);
  await station.note(log);
  await station.until((state) => state.unsentEntries === 0);
  await again(scene);
  await until(() => sizeOf(kept()?.last) === server.feed.length);
  expect(kept()?.contradictions).toEqual([]);
  expect(station.sync().state()).toMatchObject({ historyChanged: false, faults: 0 });
  await station.sync().close();
});

it("S23 however often the feed wakes, one question in some minutes", async () => {
  const scene = await start();
  await again(scene);
  const asked = scene.server.checkpointsAsked();
  const feeds = () => scene.server.requests.filter((name) => name === "feed").length;
  const read = feeds();
  for (let n = 0; n < 5; n += 1) {
    scene.server.wake();
    await until(() => feeds() > read + n);
  }
  expect(scene.server.checkpointsAsked()).toBe(asked);
  await scene.station.sync().close();
});

it("S23 what no key of the pinned root signed is not believed", async () => {
  const scene = await start();
  await again(scene);
  await until(() => scene.kept() !== undefined);
  const before = scene.kept();
  const pair = await makeKeyPair(subtle, false);
  const stranger = await signerOf(subtle, pair.privateKey, pair.publicKey);
  const at = "2026-11-22T15:40:00.000Z";
  const facts = { at, epoch: 1, root: new Uint8Array(32), size: 1 };
  const forged = await makeCheckpoint(world.primitives, stranger, facts);
  Object.assign(scene.server.network, {
    getCheckpoint: async () => ({ result: "ok", checkpoint: forged }),
  });
  await scene.station.restart();
  await scene.station.until((state) => state.faults > 0);
  expect(scene.kept()).toEqual(before);
  expect(scene.station.sync().state().historyChanged).toBe(false);
  await scene.station.sync().close();
});

it.each([
  ["a tree without its newest leaf", (all: readonly string[]) => all.slice(0, -1)],
  [
    "a tree with another leaf",
    (all: readonly string[]) => ["A".repeat(43), ...all.slice(1), "A".repeat(43)],
  ],
  [
    "a tree of the same size with another leaf",
    (all: readonly string[]) => ["A".repeat(43), ...all.slice(1)],
  ],
])("S24 %s is a contradiction, kept with both checkpoints", async (_, forge) => {
  const scene = await start();
  await again(scene);
  await until(() => sizeOf(scene.kept()?.last) === scene.server.feed.length);
  const before = scene.kept()?.last;
  const { leaves } = scene.server;
  scene.server.leaves = () => forge(leaves());
  await scene.station.restart();
  await scene.station.until((state) => state.historyChanged);
  expect(scene.kept()?.last).toEqual(before);
  expect(scene.kept()?.contradictions.map(({ kept }) => kept)).toEqual([before]);
  // The same once more adds nothing; and a server that shows the old history again takes nothing away.
  await again(scene);
  scene.server.leaves = leaves;
  await again(scene);
  expect(scene.kept()?.contradictions.length).toBe(1);
  expect(scene.station.sync().state().historyChanged).toBe(true);
  // Care goes on.
  await scene.station.note(scene.log);
  await scene.station.until((state) => state.unsentEntries === 0);
  await scene.station.sync().close();
});

it("S25 after a restore the shorter history raises nothing, and the older checkpoint stays", async () => {
  const scene = await start();
  await again(scene);
  await until(() => sizeOf(scene.kept()?.last) === scene.server.feed.length);
  const before = scene.kept()?.last;
  scene.server.restore(scene.server.feed.length - 2);
  await scene.station.until((state) => state.caughtUp && state.unsentEntries === 0);
  await again(scene);
  await until(() => parseCheckpoint(scene.kept()?.last.text ?? "")?.epoch === 2);
  expect(scene.kept()).toMatchObject({ earlier: [before], contradictions: [] });
  expect(scene.station.sync().state().historyChanged).toBe(false);
  await scene.station.sync().close();
});
