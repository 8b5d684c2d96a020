import type { DirectoryView, FacilityView } from "@lientuyen/record";
import { expect, test } from "vitest";
import { reachable } from "./reach.ts";

const at = "2026-11-22T15:40:00.000Z";
const from = "2026-01-01T00:00:00.000Z";
const contract = (withCode: string) => ({ contract: "HD-1", with: withCode, from });
const facility = (
  code: string,
  level: FacilityView["level"],
  contracts: FacilityView["contracts"] = [],
): FacilityView => ({
  code,
  name: code,
  shortName: code,
  level,
  phone: undefined,
  contracts,
  duty: [],
  devices: [],
  versions: [],
});
const person = (id: string, at_: string, specialty: string) => ({
  person: id,
  facility: at_,
  name: id,
  title: "BS.",
  certificateNumber: undefined,
  phone: undefined,
  account: id,
  roles: [{ role: "physician" as const, specialty, from, until: undefined }],
});

const directory: DirectoryView = {
  facilities: new Map([
    ["12913", facility("12913", "commune", [contract("12901")])],
    ["12912", facility("12912", "commune")],
    ["12901", facility("12901", "provincial", [contract("12913")])],
    ["01901", facility("01901", "central")],
  ]),
  people: new Map([["Huy", person("Huy", "01901", "toxicology")]]),
  keys: new Map(),
  released: new Set(),
};

test("a contract in force comes first; without one only an emergency goes", () => {
  expect(
    reachable(directory, "12913", "toxicology", "urgent", at).map((row) => [
      row.code,
      row.contract,
      row.open,
    ]),
  ).toEqual([
    ["12901", "HD-1", true],
    ["01901", undefined, false],
  ]);
  expect(
    reachable(directory, "12913", "toxicology", "emergency", at).every((row) => row.open),
  ).toBe(true);
});
test("who has the specialty there is named", () => {
  expect(
    reachable(directory, "12913", "toxicology", "emergency", at).map((row) => row.specialists),
  ).toEqual([[], ["BS. Huy"]]);
});
test("a contract that has not begun does not count", () => {
  expect(
    reachable(directory, "12913", "toxicology", "routine", "2025-06-01T00:00:00.000Z")[0]?.contract,
  ).toBeUndefined();
});
test("a contract's own time to answer goes along, as the receiving side has it", () => {
  const quick = { ...contract("12913"), answerWithinMinutes: { urgent: 30 } };
  const facilities = new Map(directory.facilities).set(
    "12901",
    facility("12901", "provincial", [quick]),
  );
  const rows = reachable({ ...directory, facilities }, "12913", "toxicology", "urgent", at);
  expect(rows.map((row) => row.answerWithinMinutes)).toEqual([{ urgent: 30 }, undefined]);
});
