import { describe, expect, test } from "vitest";
import { judgeAll, judgeRow } from "./judged.ts";

describe("a typed vital sign", () => {
  test("110/70 is two readings", () => {
    expect(judgeRow("bloodPressure", "110/70", 400, [])).toEqual({
      readings: [
        { sign: "systolic", value: 110 },
        { sign: "diastolic", value: 70 },
      ],
      fault: undefined,
    });
  });
  test("comma and dot are the same", () => {
    expect(judgeRow("temperature", "37,1", 400, []).readings).toEqual([
      { sign: "temperature", value: 37.1 },
    ]);
    expect(judgeRow("temperature", "37.1", 400, []).readings).toEqual([
      { sign: "temperature", value: 37.1 },
    ]);
  });
  test("84 kg for a child of 18 months is asked, with 8.4 offered", () => {
    expect(judgeRow("weight", "84", 18, []).fault).toMatchObject({ what: "ask", suggestion: 8.4 });
  });
  test("and taken, marked as confirmed, when the author says so", () => {
    expect(judgeRow("weight", "84", 18, ["weight=84"])).toEqual({
      readings: [{ sign: "weight", value: 84, confirmed: true }],
      fault: undefined,
    });
  });
  test("impossible is refused whatever was confirmed", () => {
    expect(judgeRow("spo2", "140", 400, ["spo2=140"]).fault).toMatchObject({
      what: "impossible",
      low: 20,
      high: 100,
    });
  });
  test("blood pressure the wrong way round", () => {
    expect(judgeRow("bloodPressure", "70/110", 400, []).fault).toEqual({ what: "pairTurned" });
    expect(judgeRow("bloodPressure", "110", 400, []).fault).toEqual({ what: "pairExpected" });
    expect(judgeRow("pulse", "110/70", 400, []).fault).toEqual({ what: "notANumber" });
  });
  test("the first fault in the form's order is named", () => {
    expect(judgeAll({ pulse: "104", temperature: "abc", spo2: "400" }, 400, []).first).toBe(
      "temperature",
    );
    expect(judgeAll({}, undefined, [])).toMatchObject({ readings: [], first: undefined });
  });
});
