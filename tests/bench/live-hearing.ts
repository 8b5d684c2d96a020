import { RoomServiceClient, TrackSource } from "livekit-server-sdk";
import { setTimeout as wait } from "node:timers/promises";
import type { Page } from "playwright-core";
import type { Bench, Figure } from "./harness/figure.ts";
import { median } from "./harness/visit.ts";
import { readEars, restartEars } from "./live/ears.ts";
import { engineKeys, joinOurs, openRig } from "./live/rig.ts";
import { until } from "./live/waiting.ts";

const times = 20;
const foundLimitMs = 20_000;

const saysDeaf = (page: Page): Promise<boolean> =>
  page.evaluate(
    () => (document.querySelector<HTMLElement>(".live-rung")?.dataset["deaf"] ?? "0") !== "0",
  );

const secondsSince = (startedMs: number): number => (performance.now() - startedMs) / 1_000;

/** The engine is told to send one endpoint no more of the other's voice: nobody's client has asked for it. */
export const bench: Bench = {
  name: "live-hearing",
  run: async ({ say }) => {
    const rig = await openRig();
    try {
      const chair = await rig.openOurs("xapg", false);
      const other = await rig.openOurs("khuelm", false);
      await joinOurs(chair.page);
      await joinOurs(other.page);
      await until(30_000, async () => (await readEars(other.page)).firstVoiceMs !== undefined);
      const rooms = new RoomServiceClient(rig.engine().url, engineKeys.key, engineKeys.secret);
      const [room] = await rooms.listRooms();
      const breakPair = async (): Promise<void> => {
        const people = await rooms.listParticipants(room?.name ?? "");
        const speaker = people.find(({ identity }) => identity.startsWith("12911/"));
        const listener = people.find(({ identity }) => identity.startsWith("01901/"));
        const voice = speaker?.tracks.find(({ source }) => source === TrackSource.MICROPHONE);
        if (voice === undefined || listener === undefined) throw new Error("nobody there");
        await rooms.updateSubscriptions(room?.name ?? "", listener.identity, [voice.sid], false);
      };
      const found: number[] = [];
      const repaired: number[] = [];
      for (let time = 0; time < times; time += 1) {
        await wait(4_000);
        await breakPair();
        const brokenMs = performance.now();
        const wasFound = await until(foundLimitMs, () => saysDeaf(chair.page));
        found.push(wasFound ? secondsSince(brokenMs) : Infinity);
        await restartEars(other.page);
        const heard = await until(
          foundLimitMs,
          async () => (await readEars(other.page)).firstVoiceMs !== undefined,
        );
        repaired.push(heard ? secondsSince(brokenMs) : Infinity);
        await until(foundLimitMs, async () => !(await saysDeaf(chair.page)));
        say(
          `${time + 1} of ${times}: found ${found.at(-1)?.toFixed(1)} s, heard ${repaired.at(-1)?.toFixed(1)} s`,
        );
      }
      return figuresOf(found, repaired);
    } finally {
      await rig.close();
    }
  },
};

const figuresOf = (found: readonly number[], repaired: readonly number[]): readonly Figure[] => [
  {
    id: "found-worst",
    value: Math.max(...found),
    unit: "s",
    goal: { atMost: 5 },
    note: "from the breaking until the chair's screen says who does not hear whom",
  },
  { id: "found-median", value: median(found), unit: "s" },
  {
    id: "repaired",
    value: repaired.filter((each) => Number.isFinite(each)).length,
    unit: `of ${times}`,
    goal: { atLeast: times },
  },
  {
    id: "repaired-worst",
    value: Math.max(...repaired.filter((each) => Number.isFinite(each))),
    unit: "s",
  },
];
