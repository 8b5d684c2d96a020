import { describe, expect, test } from "vitest";
import { mostPictures, startDecoding, stepDecoding, type Load } from "./decoding.ts";

/** A machine that decodes `can` pictures well, and drops frames above that. */
const machine = (can: number) => {
  let now = startDecoding;
  let reached = 0;
  return (looks: number): readonly [number, number] => {
    for (let look = 0; look < looks; look += 1) {
      const load: Load = {
        decoding: (now.most / can) * 0.45,
        dropped: now.most > can ? 0.4 : 0,
        lateMs: 0,
      };
      now = stepDecoding(now, load, now.most);
      reached = now.most;
    }
    return [now.most, reached];
  };
};

describe("how many pictures are decoded", () => {
  test("a strong machine shows all of them, for ever", () => {
    expect(machine(40)(500)[0]).toBe(mostPictures);
  });

  test("a weak one is down to what it can within a few looks, and never below one", () => {
    for (const can of [1, 2, 4, 6]) {
      const run = machine(can);
      expect(run(12)[0]).toBeLessThanOrEqual(can);
      expect(run(1)[0]).toBeGreaterThanOrEqual(1);
    }
  });

  test("one hard look is chance", () => {
    const hard = { decoding: 0.1, dropped: 0.5, lateMs: 0 };
    const easy = { decoding: 0.1, dropped: 0, lateMs: 0 };
    const once = stepDecoding(startDecoding, hard, 9);
    expect(once.most).toBe(mostPictures);
    expect(stepDecoding(stepDecoding(once, easy, 9), hard, 9).most).toBe(mostPictures);
    expect(stepDecoding(once, hard, 9).most).toBe(6);
  });

  test("a page that is late is hard too, whatever the decoder says", () => {
    const late = { decoding: 0, dropped: 0, lateMs: 900 };
    expect(stepDecoding(stepDecoding(startDecoding, late, 3), late, 3).most).toBe(2);
  });

  test("ease gives them back one by one, but not while fewer are shown than may be", () => {
    const easy = { decoding: 0.1, dropped: 0, lateMs: 0 };
    let few = { ...startDecoding, most: 2 };
    for (let look = 0; look < 15; look += 1) few = stepDecoding(few, easy, 1);
    expect(few.most).toBe(2);
    for (let look = 0; look < 15; look += 1) few = stepDecoding(few, easy, 2);
    expect(few.most).toBe(3);
  });
});
