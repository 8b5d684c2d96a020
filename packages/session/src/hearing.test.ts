import fc from "fast-check";
import { expect, describe, test } from "vitest";
import {
  lookAtHearing,
  noHearing,
  speechEnergy,
  takeReport,
  type Hearing,
  type Look,
  type Repair,
} from "./index.ts";

interface World {
  readonly people: readonly string[];
  /** Energy of the voice in this second. */
  readonly speaks: (who: string, second: number) => number;
  readonly hears: (listener: string, speaker: string, second: number) => boolean;
  /** Whose reports come in at all, and to whom each is meant to listen. */
  readonly reports?: (who: string, second: number) => boolean;
  readonly listens?: (listener: string, speaker: string) => boolean;
  readonly here?: (second: number) => ReadonlySet<string>;
  /** Told of each repair; may mend the pair. */
  readonly onRepair?: (repair: Look["repairs"][number], second: number) => void;
}
interface Told {
  readonly second: number;
  readonly what: string;
}

/** A report a second from each, in their order; a look after each second. */
const run = (world: World, seconds: number): readonly Told[] => {
  let hearing: Hearing = noHearing;
  const told: Told[] = [];
  for (let second = 0; second < seconds; second++) {
    for (const [index, who] of world.people.entries()) {
      if (world.reports?.(who, second) === false) continue;
      const others = world.people.filter(
        (other) => other !== who && world.listens?.(who, other) !== false,
      );
      const energyOf = (speaker: string): number =>
        world.hears(who, speaker, second) ? world.speaks(speaker, second) * 0.4 : 0;
      hearing = takeReport(hearing, {
        who,
        atMs: second * 1_000 + index,
        spoke: world.speaks(who, second),
        heard: Object.fromEntries(others.map((other) => [other, energyOf(other)])),
      });
    }
    const here = world.here?.(second) ?? new Set(world.people);
    const look = lookAtHearing(hearing, here, second * 1_000 + 500);
    ({ hearing } = look);
    for (const { listener, speaker } of look.found)
      told.push({ second, what: `${listener} does not hear ${speaker}` });
    for (const { listener, speaker } of look.mended)
      told.push({ second, what: `${listener} hears ${speaker}` });
    for (const repair of look.repairs) {
      told.push({ second, what: `${repair.repair} ${repair.listener} ${repair.speaker}` });
      world.onRepair?.(repair, second);
    }
  }
  return told;
};

const three = ["Mường Nhé", "Bạch Mai", "Điện Biên"];
const loud = speechEnergy;
const whats = (told: readonly Told[]): readonly string[] => told.map(({ what }) => what);

describe("who hears whom", () => {
  test("H1 a pair that breaks is found within 5 s, and nobody else is named", () => {
    const told = run(
      {
        people: three,
        speaks: () => loud,
        hears: (listener, speaker, second) =>
          second < 10 || listener !== "Mường Nhé" || speaker !== "Bạch Mai",
      },
      16,
    );
    expect(told[0]?.what).toBe("Mường Nhé does not hear Bạch Mai");
    expect(told[0]?.second).toBeLessThan(15);
    expect(whats(told).every((what) => /Mường Nhé.* Bạch Mai$/.test(what))).toBe(true);
  });

  test("H2 silence, a muted speaker, missing reports and whom one is not meant to hear say nothing", () => {
    const deaf = { people: three, hears: () => false };
    expect(run({ ...deaf, speaks: () => 0 }, 30)).toEqual([]);
    expect(run({ ...deaf, speaks: () => loud / 10 }, 30)).toEqual([]);
    expect(run({ ...deaf, speaks: () => loud, reports: (who) => who === "Bạch Mai" }, 30)).toEqual(
      [],
    );
    expect(run({ ...deaf, speaks: () => loud, listens: () => false }, 30)).toEqual([]);
    expect(run({ ...deaf, speaks: () => loud, here: () => new Set(["Bạch Mai"]) }, 30)).toEqual([]);
  });

  test("H3 repairs go from the mildest on, with pauses that double round by round, for ever", () => {
    const told = run(
      {
        people: three,
        speaks: (who) => (who === "Bạch Mai" ? loud : 0),
        hears: (listener) => listener !== "Mường Nhé",
      },
      400,
    );
    const repairs = told.filter(({ what }) => what.endsWith("Mường Nhé Bạch Mai"));
    const first: readonly Repair[] = ["resubscribe", "listenerTransport", "speakerTransport"];
    expect(repairs.slice(0, 6).map(({ what }) => what.split(" ")[0])).toEqual([...first, ...first]);
    const pauses = repairs
      .slice(1)
      .map(({ second }, index) => second - (repairs[index]?.second ?? 0));
    expect(pauses.slice(0, 7)).toEqual([4, 4, 8, 8, 8, 16, 16]);
    expect(Math.max(...pauses)).toBe(60);
  });

  test("H4 a speaker whom half do not hear is repaired at the speaker, once for all of them", () => {
    const told = run(
      {
        people: [...three, "Sơn La"],
        speaks: (who) => (who === "Bạch Mai" ? loud : 0),
        hears: () => false,
      },
      6,
    );
    expect(whats(told).filter((what) => what.includes("hear"))).toHaveLength(3);
    expect(whats(told).filter((what) => what.startsWith("republish"))).toHaveLength(1);
    expect(whats(told).some((what) => what.startsWith("resubscribe"))).toBe(false);
  });

  test("H5 once heard again it is said, and repaired no more", () => {
    let mended = false;
    const told = run(
      {
        people: three,
        speaks: () => loud,
        hears: (listener, speaker) => mended || listener !== "Mường Nhé" || speaker !== "Bạch Mai",
        onRepair: ({ repair }) => (mended ||= repair === "listenerTransport"),
      },
      60,
    );
    expect(whats(told).map((what) => what.split(" ")[0])).toEqual([
      "Mường",
      "resubscribe",
      "listenerTransport",
      "Mường",
    ]);
    expect(told.at(-1)?.what).toBe("Mường Nhé hears Bạch Mai");
  });

  test("H6 who went is forgotten, and is judged anew on coming back", () => {
    const told = run(
      {
        people: three,
        speaks: () => loud,
        hears: (listener, speaker) => listener !== "Mường Nhé" || speaker !== "Bạch Mai",
        here: (second) => new Set(second >= 10 && second < 20 ? three.slice(1) : three),
      },
      26,
    );
    const found = told.filter(({ what }) => what === "Mường Nhé does not hear Bạch Mai");
    expect(found.map(({ second }) => second < 10)).toEqual([true, false]);
  });

  test("H1 H5 twenty of twenty random breaks among random people are found within 5 s and mended", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 12 }),
        fc.nat(11),
        fc.nat(11),
        fc.integer({ min: 5, max: 20 }),
        fc.integer({ min: 1, max: 3 }),
        (count, one, other, breaksAt, needed) => {
          const people = Array.from({ length: count }, (_, index) => `p${index}`);
          const listener = `p${one % count}`;
          const speaker = `p${other % count}`;
          fc.pre(listener !== speaker);
          let repairs = 0;
          const told = run(
            {
              people,
              // Speech has pauses: one second of three is silent.
              speaks: (_, second) => (second % 3 === 0 ? 0 : loud),
              hears: (l, s, second) =>
                l !== listener || s !== speaker || second < breaksAt || repairs >= needed,
              onRepair: () => repairs++,
            },
            breaksAt + 30,
          );
          const [found] = told;
          expect(found?.what).toBe(`${listener} does not hear ${speaker}`);
          expect((found?.second ?? 0) - breaksAt).toBeLessThan(5);
          expect(told.at(-1)?.what).toBe(`${listener} hears ${speaker}`);
        },
      ),
      { numRuns: 100 },
    );
  });
});
