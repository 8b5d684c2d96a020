import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseStage, mostSmall, type Seen } from "./stage.ts";

const one = (who: string, more: Partial<Seen> = {}): Seen => ({
  who,
  camera: true,
  spokeMs: 0,
  ...more,
});
const lead = { me: "me", spotlight: null, floor: null };

describe("who is drawn", () => {
  test("alone: oneself; with another: the other large, oneself small", () => {
    expect(chooseStage([one("me")], lead, 8)).toEqual({ large: "me", small: [], rest: 0 });
    expect(chooseStage([one("me"), one("a")], lead, 8)).toEqual({
      large: "a",
      small: ["me"],
      rest: 0,
    });
  });

  test("large: whom the chair shows, else who has the floor, else who spoke last", () => {
    const seen = [one("me"), one("a"), one("b", { spokeMs: 5 }), one("c"), one("d")];
    expect(chooseStage(seen, lead, 8).large).toBe("b");
    expect(chooseStage(seen, { ...lead, floor: "c" }, 8).large).toBe("c");
    expect(chooseStage(seen, { ...lead, floor: "c", spotlight: "d" }, 8).large).toBe("d");
    expect(chooseStage(seen, { ...lead, spotlight: "me" }, 8).large).toBe("b");
    expect(chooseStage(seen, { ...lead, spotlight: "gone" }, 8).large).toBe("b");
  });

  test("at most eight small ones and as many pictures as the machine takes; everybody is counted once", () => {
    const arbitrary = fc.record({
      n: fc.integer({ min: 0, max: 200 }),
      most: fc.integer({ min: 1, max: 9 }),
      spoke: fc.array(fc.nat(100), { maxLength: 200 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ n, most, spoke }) => {
        const others = Array.from({ length: n }, (_, i) =>
          one(`p${i}`, { spokeMs: spoke[i] ?? 0, camera: i % 3 === 0 }),
        );
        const { large, small, rest } = chooseStage([one("me"), ...others], lead, most);
        const drawn = [large, ...small].filter((who) => who !== undefined);
        expect(new Set(drawn).size).toBe(drawn.length);
        expect(small.length).toBeLessThanOrEqual(mostSmall);
        expect(drawn.filter((who) => who !== "me").length).toBeLessThanOrEqual(most);
        expect(drawn).toContain("me");
        expect(drawn.length + rest).toBe(n + 1);
      }),
    );
  });

  test("who speaks comes to be seen, and no other small picture moves for it", () => {
    const many = Array.from({ length: 20 }, (_, i) => one(`p${String(i).padStart(2, "0")}`));
    const before = chooseStage([one("me"), ...many], lead, 9);
    const speaking = many.map((each) => (each.who === "p15" ? { ...each, spokeMs: 9 } : each));
    const after = chooseStage([one("me"), ...speaking], lead, 9);
    expect(before.small).not.toContain("p15");
    expect(after.large).toBe("p15");
    expect([...after.small]).toEqual([...after.small].sort());
  });
});
