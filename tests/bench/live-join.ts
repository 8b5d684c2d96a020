import type { Page } from "playwright-core";
import type { Bench, BenchContext, Figure } from "./harness/figure.ts";
import { median, runsNote } from "./harness/visit.ts";
import { thinLine } from "./live/badLine.ts";
import { readEars } from "./live/ears.ts";
import { joinOurs, leaveOurs, openRig, type Endpoint, type Rig } from "./live/rig.ts";
import { until } from "./live/waiting.ts";

const times = 3;
/** Everybody of the two facilities who may join the case's call. */
const others = ["khuelm", "nhulm", "hangpt", "huydq", "tramnb", "lanvt"] as const;
const limitMs = 40_000;

interface Joined {
  readonly voiceS: number;
  readonly frameS: number;
}

/** Infinity: not within the limit. */
const untilHeard = async (page: Page, pressedMs: number): Promise<Joined> => {
  const seconds = (atMs: number | undefined): number =>
    atMs === undefined ? Infinity : (atMs - pressedMs) / 1_000;
  await until(limitMs, async () => (await readEars(page)).firstVoiceMs !== undefined);
  await until(8_000, async () => (await readEars(page)).firstFrameMs !== undefined);
  const { firstVoiceMs, firstFrameMs } = await readEars(page);
  return { voiceS: seconds(firstVoiceMs), frameS: seconds(firstFrameMs) };
};

const ours = async (far: Endpoint): Promise<readonly Joined[]> => {
  const all: Joined[] = [];
  for (let run = 0; run < times; run += 1) {
    all.push(await untilHeard(far.page, await joinOurs(far.page)));
    await leaveOurs(far.page);
  }
  return all;
};

const theirs = async (rig: Rig, far: Endpoint, room: string): Promise<readonly Joined[]> => {
  const all: Joined[] = [];
  for (let run = 0; run < times; run += 1) {
    all.push(await untilHeard(far.page, await rig.joinTheirs(far.page, room, `far${run}`)));
    far.line?.shape({});
    await far.page.reload();
    far.line?.shape(room === "thin" ? thinLine : {});
  }
  return all;
};

const figuresOf = (id: string, joined: readonly Joined[], atMost?: number): readonly Figure[] => {
  const voices = joined.map(({ voiceS }) => voiceS);
  const frames = joined.map(({ frameS }) => frameS);
  const frame = median(frames);
  return [
    {
      id: `${id}-voice`,
      value: median(voices),
      unit: "s",
      ...(atMost === undefined ? {} : { goal: { atMost } }),
      note: runsNote(voices),
    },
    ...(Number.isFinite(frame)
      ? [{ id: `${id}-frame`, value: frame, unit: "s", note: runsNote(frames) }]
      : []),
  ];
};

const measureOurs = async (rig: Rig, { say }: BenchContext): Promise<readonly Figure[]> => {
  const figures: Figure[] = [];
  const far = await rig.openOurs("xapg", true);
  for (const [at, account] of others.entries()) {
    const { page } = await rig.openOurs(account, false);
    await joinOurs(page);
    const count = at + 2;
    if (count !== 2 && count !== 3 && count !== others.length + 1) continue;
    say(`${count} endpoints`);
    far.line?.shape({});
    figures.push(...figuresOf(`good-${count}`, await ours(far)));
    far.line?.shape(thinLine);
    figures.push(...figuresOf(`thin-${count}`, await ours(far), count === 2 ? 5 : undefined));
    far.line?.shape({});
  }
  return figures;
};

const measureTheirs = async (rig: Rig, { say }: BenchContext): Promise<readonly Figure[]> => {
  say("LiveKit's own client");
  const near = await rig.openTheirs(false);
  const far = await rig.openTheirs(true);
  const figures: Figure[] = [];
  for (const room of ["good", "thin"]) {
    await rig.joinTheirs(near.page, room, "near");
    await until(limitMs, async () => (await readEars(near.page)).samples >= 0);
    far.line?.shape(room === "thin" ? thinLine : {});
    figures.push(...figuresOf(`stock-${room}-2`, await theirs(rig, far, room)));
    far.line?.shape({});
    await near.page.reload();
  }
  return figures;
};

/** From the press of "join" to the first voice and the first moving picture of somebody who is in. */
export const bench: Bench = {
  name: "live-join",
  run: async (context) => {
    const figures: Figure[] = [];
    for (const measure of [measureOurs, measureTheirs]) {
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
