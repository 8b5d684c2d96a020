import { describe, expect, it } from "vitest";
import { countdown, waited } from "./countdown.ts";

const at = Date.parse("2026-11-22T15:00:00.000Z");

describe("countdown", () => {
  it("counts down to the second", () => {
    expect(countdown(at + 522_000, at)).toEqual({
      state: "left",
      days: 0,
      hours: 0,
      minutes: 8,
      seconds: 42,
    });
  });
  it("is not late at the very moment", () => {
    expect(countdown(at, at).state).toBe("left");
  });
  it("says how late it is", () => {
    expect(countdown(at, at + 90_061_000)).toEqual({
      state: "late",
      days: 1,
      hours: 1,
      minutes: 1,
    });
  });
});

describe("waited", () => {
  const sentAt = new Date(at).toISOString();
  it("goes from 0 to 1 and stays there", () => {
    expect(waited(sentAt, at + 1000, at)).toBe(0);
    expect(waited(sentAt, at + 1000, at + 500)).toBe(0.5);
    expect(waited(sentAt, at + 1000, at + 5000)).toBe(1);
  });
  it("is full where the deadline lies before the sending", () => {
    expect(waited(sentAt, at, at)).toBe(1);
  });
});
