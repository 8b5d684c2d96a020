import { setTimeout as wait } from "node:timers/promises";
import type { Page } from "playwright-core";
import type { Bench, BenchContext, Figure } from "./harness/figure.ts";
import { thinLine, type LineShape } from "./live/badLine.ts";
import { readEars } from "./live/ears.ts";
import { joinOurs, openRig, rungsOf, watchStills, type Endpoint, type Rig } from "./live/rig.ts";
import { until } from "./live/waiting.ts";

const lossy: LineShape = { ...thinLine, loss: 0.1 };
const wide: LineShape = { kbps: 2_000, delayMs: 40 };
const settleMs = 25_000;
const weighMs = 40_000;
const fallMs = 15_000;

const secondsSince = (startedMs: number): number => (performance.now() - startedMs) / 1_000;

/** Share of a time's samples that were made up, in percent. */
const concealedIn = async (page: Page, ms: number): Promise<number> => {
  const before = await readEars(page);
  await wait(ms);
  const after = await readEars(page);
  const samples = after.samples - before.samples;
  // Nothing heard at all is all of it missing.
  return samples === 0 ? 100 : ((after.concealed - before.concealed) / samples) * 100;
};
const bothConceal = (near: Endpoint, far: Endpoint, ms: number): Promise<readonly number[]> =>
  Promise.all([concealedIn(near.page, ms), concealedIn(far.page, ms)]);

const hasPicture = async (page: Page): Promise<boolean> => {
  const { frames } = await readEars(page);
  await wait(1_500);
  return (await readEars(page)).frames > frames + 5;
};

const percent = (id: string, value: number, goal?: Figure["goal"], note?: string): Figure => ({
  id,
  value,
  unit: "%",
  ...(goal === undefined ? {} : { goal }),
  ...(note === undefined ? {} : { note }),
});

const ours = async (rig: Rig, { say }: BenchContext): Promise<readonly Figure[]> => {
  const near = await rig.openOurs("khuelm", false);
  const far = await rig.openOurs("xapg", true);
  await joinOurs(near.page);
  far.line?.shape(lossy);
  await joinOurs(far.page);
  await until(40_000, async () => (await readEars(far.page)).firstVoiceMs !== undefined);
  await wait(settleMs);
  say(`on the thin line: ${await rungsOf(far.page)}`);
  await Promise.all([near, far].map(({ page }) => watchStills(page)));
  const [atNear = 100, atFar = 100] = await bothConceal(near, far, weighMs);
  const gaps = await Promise.all(
    [near, far].map(({ page }) => page.evaluate(() => window.lientuyenStills())),
  );
  say(`after it: ${await rungsOf(far.page)}`);

  far.line?.shape(wide);
  const widenedMs = performance.now();
  const climbed = await until(75_000, () => hasPicture(near.page));
  const climbS = secondsSince(widenedMs);
  await until(30_000, () => hasPicture(far.page));
  say(`on a wide line: ${await rungsOf(far.page)}`);

  far.line?.shape(lossy);
  const fellMs = performance.now();
  const gave = async (): Promise<boolean> => !(await rungsOf(far.page)).includes("video");
  const fell = await until(30_000, gave);
  const fallS = secondsSince(fellMs);
  await wait(Math.max(0, 5_000 - (performance.now() - fellMs)));
  const [fallNear = 100, fallFar = 100] = await bothConceal(near, far, fallMs);
  say(`fallen: ${await rungsOf(far.page)}`);
  return [
    percent(
      "concealed-to-hospital",
      atNear,
      { atMost: 3 },
      "what the station says, as it is heard",
    ),
    percent("concealed-to-station", atFar, { atMost: 3 }),
    ...gaps.map(({ longestMs, count }, at): Figure => ({
      id: at === 0 ? "stills-to-hospital" : "stills-to-station",
      value: longestMs / 1_000,
      unit: "s",
      goal: { atMost: 5 },
      note: `longest time without a new one; ${count} came in ${weighMs / 1_000} s`,
    })),
    {
      id: "climb",
      value: climbed ? climbS : Infinity,
      unit: "s",
      note: "64 kbit/s to 2 Mbit/s, until the picture moves",
    },
    {
      id: "fall",
      value: fell ? fallS : Infinity,
      unit: "s",
      goal: { atMost: 5 },
      note: "2 Mbit/s to 64 kbit/s, until no picture is sent or asked for",
    },
    percent("concealed-after-fall-to-hospital", fallNear, { atMost: 3 }, "from 5 s after the fall"),
    percent("concealed-after-fall-to-station", fallFar, { atMost: 3 }),
  ];
};

/** A picture from so little on: a call begun over 200 kbit/s. */
const fromLittle = async (rig: Rig): Promise<readonly Figure[]> => {
  const near = await rig.openOurs("khuelm", false);
  const far = await rig.openOurs("xapg", true);
  await joinOurs(near.page);
  far.line?.shape({ kbps: 200, delayMs: 150 });
  const startedMs = performance.now();
  await joinOurs(far.page);
  const came = await until(60_000, () => hasPicture(near.page));
  return [
    {
      id: "picture-at-200",
      value: came ? secondsSince(startedMs) : Infinity,
      unit: "s",
      note: "a line of 200 kbit/s and 300 ms (150 and a quarter to spare): from the press until the hospital sees a moving picture",
    },
  ];
};

const theirs = async (rig: Rig, { say }: BenchContext): Promise<readonly Figure[]> => {
  say("LiveKit's own client");
  const near = await rig.openTheirs(false);
  const far = await rig.openTheirs(true);
  await rig.joinTheirs(near.page, "weak", "near");
  far.line?.shape(wide);
  await rig.joinTheirs(far.page, "weak", "far");
  await until(40_000, () => hasPicture(near.page));
  far.line?.shape(lossy);
  await wait(settleMs);
  const [atNear = 100, atFar = 100] = await bothConceal(near, far, weighMs);
  return [
    percent(
      "stock-concealed-to-hospital",
      atNear,
      undefined,
      "joined over 2 Mbit/s, then 25 s on the thin line",
    ),
    percent("stock-concealed-to-station", atFar),
  ];
};

/** 64 kbit/s each way, a tenth of all packets lost, 600 ms there and back. */
export const bench: Bench = {
  name: "live-weak",
  run: async (context) => {
    const figures: Figure[] = [];
    for (const measure of [ours, fromLittle, theirs]) {
      const rig = await openRig();
      try {
        figures.push(...(await measure(rig, context)));
      } finally {
        await rig.close();
      }
    }
    return figures;
  },
};
