import { setTimeout as wait } from "node:timers/promises";
import type { Page } from "playwright-core";
import { live } from "../../apps/station/src/words/vi/live.ts";
import { pin, words } from "../e2e/harness/person.ts";
import type { Bench, BenchContext, Figure } from "./harness/figure.ts";
import { median } from "./harness/visit.ts";
import { readEars, restartEars } from "./live/ears.ts";
import { joinOurs, openRig, type Endpoint, type Rig } from "./live/rig.ts";
import { until } from "./live/waiting.ts";

/** `5x12,20x5,60x3`: seconds of a cut and how often. Ten minutes fit in no ten minutes: LIVE_CUTS=600x1 measures that alone. */
const cuts = (process.env["LIVE_CUTS"] ?? "5x12,20x5,60x3").split(",").flatMap((each) => {
  const [seconds = 5, times = 1] = each.split("x").map(Number);
  return Array.from({ length: times }, () => seconds);
});
const limitMs = 40_000;

interface Pair {
  readonly near: Endpoint;
  readonly far: Endpoint;
}

/** Seconds from now until this page hears somebody; Infinity: not within the limit. */
const voiceBack = async (page: Page): Promise<number> => {
  const fromMs = await restartEars(page);
  await until(limitMs, async () => (await readEars(page)).firstVoiceMs !== undefined);
  const { firstVoiceMs } = await readEars(page);
  return firstVoiceMs === undefined ? Infinity : (firstVoiceMs - fromMs) / 1_000;
};
/** Until both hear each other. */
const bothBack = async ({ near, far }: Pair): Promise<number> =>
  Math.max(...(await Promise.all([voiceBack(near.page), voiceBack(far.page)])));

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
const listed = (values: readonly number[]): string =>
  values.map((value) => value.toFixed(1)).join(", ");

/** The same cuts for both at the same time. */
const cut = async (pairs: readonly Pair[], say: BenchContext["say"]) => {
  const all: number[][] = pairs.map(() => []);
  let dark = 0;
  for (const [at, seconds] of cuts.entries()) {
    for (const { far } of pairs) far.line?.shape({ cut: true });
    await wait(seconds * 1_000 - 300);
    if (pairs[0] !== undefined && (await isDark(pairs[0].far.page))) dark += 1;
    for (const { far } of pairs) far.line?.shape({});
    const back = await Promise.all(pairs.map(bothBack));
    for (const [index, each] of back.entries()) all[index]?.push(each);
    say(`cut ${at + 1} of ${cuts.length}, ${seconds} s: ${listed(back)} s`);
    await wait(1_500);
  }
  return { all, dark };
};

/** The own picture does not move. */
const isDark = (page: Page): Promise<boolean> =>
  page.evaluate(async (name) => {
    const own = document.querySelector<HTMLVideoElement>(`video[aria-label="${name}"]`);
    const before = own?.currentTime ?? 0;
    await new Promise((resolve) => {
      setTimeout(resolve, 250);
    });
    return own === null || own.videoWidth === 0 || own.currentTime === before;
  }, live.you);

const killed = async (rig: Rig, pairs: readonly Pair[]): Promise<readonly number[]> => {
  await rig.killEngine();
  await wait(3_000);
  await rig.restartEngine();
  return Promise.all(pairs.map(bothBack));
};

const reloaded = async ({
  far,
}: Pair): Promise<{ readonly whole: number; readonly fromPin: number }> => {
  const startedMs = performance.now();
  await far.page.reload();
  await far.page.getByLabel(words.shell.secret, { exact: true }).fill(pin);
  const pressedMs = performance.now();
  await far.page.keyboard.press("Enter");
  await until(limitMs, async () => (await readEars(far.page)).firstVoiceMs !== undefined);
  const endMs = performance.now();
  return { whole: (endMs - startedMs) / 1_000, fromPin: (endMs - pressedMs) / 1_000 };
};

/** The longest time without a decoded voice while the app's server is away for 20 s, and for 10 s after. */
const withoutServer = async (rig: Rig, { near, far }: Pair): Promise<number> => {
  let longest = 0;
  const look = async (page: Page): Promise<void> => {
    const quietMs = await page.evaluate(
      () => performance.now() - (window.lientuyenEars.read().lastVoiceMs ?? 0),
    );
    longest = Math.max(longest, quietMs / 1_000);
  };
  const watchFor = async (ms: number): Promise<void> => {
    await until(ms, async () => {
      await Promise.all([look(near.page), look(far.page)]);
      return false;
    });
  };
  await rig.world.stopServer();
  await watchFor(20_000);
  await rig.world.startServer();
  await watchFor(10_000);
  return longest;
};

const figuresOf = (
  id: string,
  values: readonly number[],
  goal?: Figure["goal"],
): readonly Figure[] => [
  {
    id: `${id}-p95`,
    value: percentile(values, 0.95),
    unit: "s",
    ...(goal === undefined ? {} : { goal }),
    note: `cuts of ${cuts.join(", ")} s; voice both ways after ${listed(values)} s`,
  },
  { id: `${id}-median`, value: median(values), unit: "s" },
];

/** What ends calls elsewhere: a dead line, a dead engine, a reload, a dead server. */
export const bench: Bench = {
  name: "live-cuts",
  run: async ({ say }) => {
    const rig = await openRig();
    try {
      const ours: Pair = {
        near: await rig.openOurs("khuelm", false),
        far: await rig.openOurs("xapg", true),
      };
      const theirs: Pair = { near: await rig.openTheirs(false), far: await rig.openTheirs(true) };
      await joinOurs(ours.near.page);
      await joinOurs(ours.far.page);
      await rig.joinTheirs(theirs.near.page, "cuts", "near");
      await rig.joinTheirs(theirs.far.page, "cuts", "far");
      await Promise.all([ours, theirs].map(bothBack));
      await wait(8_000);
      const { all, dark } = await cut([ours, theirs], say);
      const [back = [], stockBack = []] = all;
      say("the engine is killed");
      const [engine = Infinity, stockEngine = Infinity] = await killed(rig, [ours, theirs]);
      say("the page is reloaded");
      const { whole, fromPin } = await reloaded(ours);
      say("the app's server is stopped");
      await bothBack(ours);
      const quiet = await withoutServer(rig, ours);
      return [
        ...figuresOf("voice-back", back, { atMost: 3 }),
        ...figuresOf("stock-voice-back", stockBack),
        { id: "own-camera-dark", value: dark, unit: "cuts", goal: { atMost: 0 } },
        {
          id: "engine-killed",
          value: engine,
          unit: "s",
          goal: { atMost: 5 },
          note: "from the engine's answering again until voice both ways",
        },
        { id: "stock-engine-killed", value: stockEngine, unit: "s" },
        {
          id: "reload",
          value: whole,
          unit: "s",
          goal: { atMost: 3 },
          note: `with the PIN typed by a machine; ${fromPin.toFixed(1)} s of it from the PIN on, of which its key takes about one`,
        },
        {
          id: "server-away",
          value: quiet,
          unit: "s",
          goal: { atMost: 2 },
          note: "longest time without a voice while the app's server is away for 20 s, and after",
        },
      ];
    } finally {
      await rig.close();
    }
  },
};
