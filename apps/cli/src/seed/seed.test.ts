import { bodyOf, Identity } from "@lientuyen/record";
import { specialties } from "@lientuyen/terms";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { contracts, facilities, people } from "./network.ts";
import { drawPicture } from "./pictures.ts";
import { seedCases } from "./seed.ts";

const accounts = new Set(people.map(({ account }) => account));
const codes = new Set(facilities.map(({ code }) => code));
const known = new Set(specialties.map(({ code }) => code));

describe("the demo network", () => {
  test("names only facilities, people and specialties that exist", () => {
    expect(people.every(({ facility }) => codes.has(facility))).toBe(true);
    expect(contracts.flatMap(({ between }) => between).every((code) => codes.has(code))).toBe(true);
    const named = [
      ...people.flatMap(({ roles }) => roles.flatMap(({ specialty }) => specialty ?? [])),
      ...facilities.flatMap(({ duty }) => duty.flatMap(({ specialty }) => specialty ?? [])),
      ...seedCases.flatMap(({ request }) => request?.specialty ?? []),
    ];
    expect(named.filter((code) => !known.has(code))).toEqual([]);
  });

  test("Mù Cả and Tà Tổng have no contract with the central hospital", () => {
    const central = contracts
      .filter(({ between }) => between.includes("01901"))
      .map(({ between }) => between[0]);
    expect(central.sort()).toEqual(["12901", "12911", "12914"]);
  });

  test("every case is told by people who exist, of patients who could, and ends before now", () => {
    for (const told of seedCases) {
      expect([told, ...(told.then ?? [])].filter(({ by }) => !accounts.has(by))).toEqual([]);
      if ("name" in told.patient) expect(v.is(Identity, told.patient)).toBe(true);
      const lasts = (told.then ?? []).reduce((sum, step) => sum + step.after, 0);
      expect(lasts).toBeLessThan(told.openedMinutesAgo);
    }
    expect(seedCases.length).toBeGreaterThanOrEqual(25);
  });

  test("no number of the seed is one of the stories' own", () => {
    const own = ["012092004417", "2120112345678", "012194003321", "120455667"];
    const text = JSON.stringify(seedCases);
    expect(own.filter((number) => text.includes(number))).toEqual([]);
  });

  test("pictures are the same each time", async () => {
    const [first, second] = await Promise.all([drawPicture("skin", "a"), drawPicture("skin", "a")]);
    expect(first.content).toEqual(second.content);
    expect(first.content.length).toBeLessThan(60_000);
    expect(bodyOf("note", { text: "x" }).ok).toBe(true);
  });
});
