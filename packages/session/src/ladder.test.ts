import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  fitting,
  holdRung,
  rungNames,
  rungs,
  stableMs,
  startLadder,
  stepLadder,
  type Change,
  type Measure,
  type RungName,
} from "./index.ts";
import { drive, type Line, type Moment } from "./line.fixture.ts";

const good: Line = { kbps: 2_000, loss: 0, roundTripMs: 40 };
const weak: Line = { kbps: 64, loss: 0.1, roundTripMs: 600 };
const always = (line: Line) => (): Line => line;
const rungAt = (moments: readonly Moment[], second: number): RungName | undefined =>
  moments[second]?.ladder.rung;
const changes = (moments: readonly Moment[]): readonly Change[] =>
  moments.flatMap(({ change }) => (change === undefined ? [] : [change]));
const measure = (more: Partial<Measure> = {}): Measure => ({
  atMs: 0,
  availableKbps: 2_000,
  loss: 0,
  roundTripMs: 40,
  cpu: 0.3,
  silentMs: 0,
  ...more,
});

describe("the ladder", () => {
  test("L1 SPEC.md prints the rungs word by word, and each asks less of the line than the one above", () => {
    const spec = readFileSync(new URL("../SPEC.md", import.meta.url), "utf8");
    for (const name of rungNames) {
      const { needsKbps, mostLoss, mostRoundTripMs, video, stillEveryMs, voiceKbps } = rungs[name];
      const picture =
        video === undefined
          ? stillEveryMs === undefined
            ? "–"
            : `a still every ${stillEveryMs / 1_000} s`
          : `${video.height} lines, ${video.fps}/s, ${video.kbps} kbit/s`;
      const limit = Number.isFinite(mostRoundTripMs) ? `${mostRoundTripMs / 1_000} s` : "–";
      expect(spec).toContain(
        `| ${name} | ${needsKbps} | ${Math.round(mostLoss * 100)} % | ${limit} | ${picture} | ${voiceKbps ?? "–"} |`,
      );
    }
    const ordered = rungNames.map((name) => rungs[name]);
    for (const [index, rung] of ordered.entries()) {
      const below = ordered[index + 1];
      if (below === undefined) continue;
      expect(below.needsKbps).toBeLessThan(rung.needsKbps);
      expect(below.mostLoss).toBeGreaterThan(rung.mostLoss);
      expect(below.mostRoundTripMs).toBeGreaterThan(rung.mostRoundTripMs);
    }
  });

  test("L2 a join starts on the rung that fits", () => {
    for (const [line, rung] of [
      [good, "videoLarge"],
      [{ kbps: 500, loss: 0.02, roundTripMs: 200 }, "videoMedium"],
      [{ kbps: 160, loss: 0.1, roundTripMs: 600 }, "videoSmall"],
      [weak, "stills"],
      [{ kbps: 40, loss: 0.1, roundTripMs: 600 }, "voice"],
      [{ kbps: 20, loss: 0.1, roundTripMs: 600 }, "messages"],
      [null, "writing"],
    ] as const)
      expect([line, rungAt(drive(always(line), 1), 0)]).toEqual([line, rung]);
  });

  test("L3 a good line and a weak one stay where they began, for an hour", () => {
    for (const line of [good, weak]) expect(changes(drive(always(line), 3_600))).toEqual([]);
  });

  test("L3 L4 a line that falls from 2 Mbit/s to 64 kbit/s is on voice and stills within 3 s, and climbs back", () => {
    const moments = drive((second) => (second >= 60 && second < 180 ? weak : good), 400);
    expect(rungAt(moments, 59)).toBe("videoLarge");
    expect(rungAt(moments, 62)).toBe("stills");
    expect(rungAt(moments, 179)).toBe("stills");
    expect(rungAt(moments, 399)).toBe("videoLarge");
    const back = changes(moments).filter(({ why }) => why === "stable");
    expect(back.map(({ to }) => to)).toEqual(["videoSmall", "videoMedium", "videoLarge"]);
    expect(changes(moments)[0]?.why).toBe("bandwidth");
  });

  test("L4 a flapping line makes few changes: a climb that was taken back waits twice as long", () => {
    const moments = drive((second) => (second % 40 < 30 ? good : weak), 3_600);
    // 90 times up and down; each could be followed by a climb.
    expect(changes(moments).length).toBeLessThan(30);
    expect(moments.every(({ ladder }) => ladder.rung !== "writing")).toBe(true);
  });

  test("L5 each direction by itself: one that is bad does not pull the other down", () => {
    const up = drive(always(weak), 60);
    const down = drive(always(good), 60);
    expect([rungAt(up, 59), rungAt(down, 59)]).toEqual(["stills", "videoLarge"]);
  });

  test("L6 a dead line is writing within 3 s; where it returns voice is first, at once, and it climbs from there", () => {
    for (const cutS of [5, 60, 600]) {
      const moments = drive(
        (second) => (second >= 30 && second < 30 + cutS ? null : good),
        cutS + 200,
      );
      expect(rungAt(moments, 32)).toBe("writing");
      const back = moments[30 + cutS];
      expect(back?.change).toEqual({ from: "writing", to: "voice", why: "returned" });
      expect(moments.at(-1)?.ladder.rung).toBe("videoLarge");
    }
  });

  test("L7 a held rung stays whatever the line does; silence alone is stronger, and the hold outlives it", () => {
    const moments = drive(
      (second) => (second < 20 ? good : second < 60 ? weak : second < 80 ? null : weak),
      120,
      (ladder, second) => (second === 10 ? holdRung(ladder, "videoSmall").ladder : ladder),
    );
    expect([11, 50, 75, 119].map((second) => rungAt(moments, second))).toEqual([
      "videoSmall",
      "videoSmall",
      "writing",
      "videoSmall",
    ]);
    const free = holdRung(holdRung(startLadder(measure()), "voice").ladder, null);
    expect([free.ladder.rung, free.ladder.held]).toEqual(["voice", null]);
  });

  test("L8 a tired machine costs sizes of the picture, never the voice", () => {
    let { ladder } = { ladder: startLadder(measure()) };
    for (let second = 1; second < 300; second++)
      ({ ladder } = stepLadder(ladder, measure({ atMs: second * 1_000, cpu: 1 })));
    expect(ladder.rung).toBe("stills");
  });

  test("L9 each change says what is to blame", () => {
    for (const [more, why] of [
      [{ availableKbps: 300 }, "bandwidth"],
      [{ loss: 0.08 }, "loss"],
      [{ roundTripMs: 900 }, "roundTrip"],
      [{ cpu: 0.95 }, "cpu"],
      [{ silentMs: 2_000 }, "silence"],
    ] as const) {
      let { ladder } = { ladder: startLadder(measure()) };
      const said: Change[] = [];
      for (let second = 1; second < 4 && said.length === 0; second++) {
        const step = stepLadder(ladder, measure({ atMs: second * 1_000, ...more }));
        ({ ladder } = step);
        if (step.change !== undefined) said.push(step.change);
      }
      expect(said.map((change) => [change.from, change.why])).toEqual([["videoLarge", why]]);
    }
  });

  test("L10 one bad second is chance, and time that was slept through counts for nothing", () => {
    const start = startLadder(measure());
    const blip = stepLadder(start, measure({ atMs: 1_000, loss: 0.5 }));
    const after = stepLadder(blip.ladder, measure({ atMs: 2_000 }));
    expect([blip.change, after.change, after.ladder.worseSinceMs]).toEqual([
      undefined,
      undefined,
      null,
    ]);
    const low = startLadder(measure({ availableKbps: 500 }));
    const once = stepLadder(low, measure({ atMs: 1_000 })).ladder;
    expect(stepLadder(once, measure({ atMs: 3_600_000 })).change).toBeUndefined();
  });
});

/** The same for a while, then something else: by single random measures nothing would ever be stable. */
const anyWhile = fc.record({
  seconds: fc.integer({ min: 1, max: 45 }),
  stepMs: fc.constantFrom(300, 1_000, 1_000, 2_000, 60_000),
  availableKbps: fc.constantFrom(0, 20, 60, 170, 600, 3_000),
  loss: fc.constantFrom(0, 0, 0.02, 0.12, 0.3, 1),
  roundTripMs: fc.constantFrom(20, 20, 700, 3_000),
  cpu: fc.constantFrom(0.2, 0.2, 0.8, 1),
  silentMs: fc.constantFrom(0, 0, 0, 0, 5_000),
});
const anyHold = fc.constantFrom<RungName | null | undefined>(
  undefined,
  undefined,
  undefined,
  null,
  ...rungNames,
);
const place = (name: RungName): number => rungNames.indexOf(name);

test("L3 L4 L6 L7 hold over any measures: up by one rung, after 20 s in which every measure carried it", () => {
  let climbs = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(anyWhile, anyHold), { maxLength: 20, size: "max" }), (plays) => {
      let ladder = startLadder(measure());
      let atMs = 0;
      let enoughSinceMs: number | null = null;
      let worseSinceMs: number | null = null;
      for (const [{ seconds, stepMs, ...measured }, hold] of plays) {
        if (hold !== undefined) {
          ({ ladder } = holdRung(ladder, hold));
          enoughSinceMs = null;
          worseSinceMs = null;
        }
        for (let passedMs = 0; passedMs < seconds * 1_000; passedMs += stepMs) {
          atMs += stepMs;
          const given: Measure = { atMs, ...measured };
          const before = ladder;
          const { change, ladder: after } = stepLadder(before, given);
          ladder = after;
          expect(change === undefined).toBe(before.rung === after.rung);
          if (given.silentMs > 0) expect(after.rung).toBe("writing");
          else if (after.held !== null) expect(after.rung).toBe(after.held);
          const next = rungNames[place(before.rung) - 1] ?? before.rung;
          const carried = given.silentMs === 0 && place(fitting(given)) <= place(next);
          const since: number = stepMs > 5_000 ? atMs : (enoughSinceMs ?? atMs);
          enoughSinceMs = carried ? since : null;
          const worse = given.silentMs === 0 && place(fitting(given)) > place(before.rung);
          const stays = worse && change === undefined && after.held === null && stepMs <= 5_000;
          worseSinceMs = stays ? (worseSinceMs ?? atMs) : null;
          // With a second before the first measure and one until the next: within 3 s.
          if (worseSinceMs !== null) expect(atMs - worseSinceMs).toBeLessThan(1_000);
          if (change?.why === "stable") {
            climbs++;
            expect(after.rung).toBe(next);
            expect(atMs - since).toBeGreaterThanOrEqual(stableMs);
          } else if (change !== undefined && change.why !== "returned")
            expect(place(after.rung)).toBeGreaterThan(place(before.rung));
          if (change !== undefined) enoughSinceMs = null;
        }
      }
    }),
    { numRuns: 200 },
  );
  expect(climbs).toBeGreaterThan(0);
});
