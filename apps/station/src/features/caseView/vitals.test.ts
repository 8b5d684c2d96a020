import { judgeReading } from "@lientuyen/terms";
import { describe, expect, it } from "vitest";
import { caseFor, stationDoctor } from "./caseFor.test-builder.ts";
import { pointsOf, readReading, vitalTable } from "./vitals.ts";

const measured = () => {
  const built = caseFor();
  built.write(stationDoctor, {
    kind: "opened",
    body: { number: "1", facility: "12913", mode: "support" },
  });
  const signs = (readings: readonly (readonly [string, number])[], measuredAt: string) =>
    built.write(stationDoctor, {
      kind: "vitalSigns",
      body: { readings: readings.map(([sign, value]) => ({ sign, value })), measuredAt },
    });
  signs(
    [
      ["spo2", 97],
      ["pulse", 104],
    ],
    "2026-11-22T16:00:00.000Z",
  );
  signs([["pulse", 96]], "2026-11-22T15:30:00.000Z");
  return vitalTable(built.view().vitalSigns);
};

describe("vital signs", () => {
  it("stand in the order of measuring, signs in the order of the form", () => {
    const table = measured();
    expect(table.times.map((t) => t.body.measuredAt.slice(11, 16))).toEqual(["15:30", "16:00"]);
    expect(table.rows).toEqual([
      { sign: "pulse", values: [96, 104] },
      { sign: "spo2", values: [undefined, 97] },
    ]);
  });
  it("are drawn where there is something to draw", () => {
    expect(pointsOf(measured(), "pulse").map((p) => p.value)).toEqual([96, 104]);
    expect(pointsOf(measured(), "spo2")).toHaveLength(1);
    expect(pointsOf(measured(), "weight")).toEqual([]);
  });
  it("are judged as typed: comma or dot, odd, impossible, unreadable", () => {
    const read = (typed: string) =>
      readReading(typed, (value) => judgeReading("temperature", value, 400));
    expect(read("37,1")).toEqual({ read: "usual", value: 37.1 });
    expect(read("41.8")).toEqual({ read: "odd", value: 41.8 });
    expect(read("371")).toMatchObject({ read: "impossible" });
    expect(read("nóng")).toEqual({ read: "unreadable" });
    expect(read(" ")).toEqual({ read: "empty" });
  });
});
