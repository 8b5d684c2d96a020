import { expect, test } from "vitest";
import { gapsOf } from "./gaps.ts";
import { samplesIn, type Mark } from "./mark.ts";

const came = (atMs: number, ...tracks: string[]): Mark => ({ mark: "in", atMs, tracks });
const begins = (track: string, atMs: number): Mark => ({ mark: "track", atMs, track, who: track });
const ends = (track: string, atMs: number): Mark => ({ mark: "trackEnd", atMs, track });
const alive = (atMs: number): Mark => ({ mark: "alive", atMs });
const said = (
  track: string,
  atMs: number,
  ms: number,
  mark: "sound" | "quiet" = "sound",
): Mark => ({
  mark,
  atMs,
  track,
  samples: samplesIn(ms),
});

test("a run from beginning to end has no gap, silence and an empty room neither", () => {
  const run = [
    came(0),
    alive(500),
    begins("a", 500),
    said("a", 500, 500),
    said("a", 1_000, 500, "quiet"),
    ends("a", 1_500),
    alive(2_000),
    { mark: "out", atMs: 2_000 } as const,
  ];
  expect(gapsOf([run], 0, 2_000)).toEqual([]);
});

test("what lies before, between and after the runs is everybody's gap; a voice that is back later has its own besides", () => {
  const runs = [
    [came(300), begins("a", 300), said("a", 300, 700)],
    [came(1_500, "a"), begins("a", 1_500), said("a", 1_650, 350)],
  ];
  expect(gapsOf(runs, 0, 2_400)).toEqual([
    { fromMs: 0, toMs: 300, who: null },
    { fromMs: 1_000, toMs: 1_500, who: null },
    { fromMs: 1_500, toMs: 1_650, who: "a" },
    { fromMs: 2_000, toMs: 2_400, who: null },
  ]);
});

test("who went while nobody recorded misses nothing afterwards", () => {
  const runs = [
    [came(0), begins("a", 0), said("a", 0, 1_000)],
    [came(1_500), alive(2_500), { mark: "out", atMs: 3_000 } as const],
  ];
  expect(gapsOf(runs, 0, 3_000)).toEqual([{ fromMs: 1_000, toMs: 1_500, who: null }]);
});

test("where nothing was recorded at all, all of it is a gap", () => {
  expect(gapsOf([], 1_000, 3_000)).toEqual([{ fromMs: 0, toMs: 2_000, who: null }]);
});

test("a broken connection is a gap of the run that goes on", () => {
  const run = [
    came(0),
    alive(1_000),
    { mark: "out", atMs: 1_000 } as const,
    came(1_800),
    alive(3_000),
  ];
  expect(gapsOf([run], 0, 3_000)).toEqual([{ fromMs: 1_000, toMs: 1_800, who: null }]);
});
