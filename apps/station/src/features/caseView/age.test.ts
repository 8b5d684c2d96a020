import { describe, expect, it } from "vitest";
import { ageAt } from "./age.ts";

const at = Date.parse("2026-11-22T15:00:00.000Z");

describe("age", () => {
  it.each([
    [{ known: "day", day: "1992-03-15" } as const, { unit: "years", n: 34 }],
    [{ known: "day", day: "2025-05-22" } as const, { unit: "months", n: 18 }],
    [{ known: "day", day: "2025-05-23" } as const, { unit: "months", n: 17 }],
    [{ known: "day", day: "2026-11-15" } as const, { unit: "days", n: 7 }],
    [{ known: "day", day: "2027-01-01" } as const, { unit: "days", n: 0 }],
    [{ known: "year", year: 1965 } as const, { unit: "years", n: 61 }],
    [
      { known: "ageMonths", ageMonths: 17, at: "2026-10-01T00:00:00.000Z" } as const,
      { unit: "months", n: 18 },
    ],
  ])("%j", (birth, age) => {
    expect(ageAt(birth, at)).toEqual(age);
  });
});
