import { describe, expect, it } from "vitest";
import {
  snakebite,
  specialist,
  stationDoctor,
  twoFacilities,
} from "../caseView/caseFor.test-builder.ts";
import { momentsIn } from "../caseView/moments.ts";
import { isAct, lanes, timelineRows } from "./timeline.ts";

const { day } = momentsIn("vi");

describe("timeline", () => {
  it("says who, where and on which device, by the official time", () => {
    const rows = timelineRows(snakebite().case.view(), twoFacilities, day);
    expect(rows.map((r) => r.number)).toEqual([1, 2, 3, 4]);
    expect(rows[3]).toMatchObject({
      facility: "12913",
      device: "PC",
      statedAt: undefined,
      marks: [],
    });
    expect(rows[3]?.receivedAt).toBe("2026-11-22T15:44:00.000Z");
  });
  it("sets the stated time beside the official one where they differ, or the clock is doubtful", () => {
    const late = timelineRows(
      snakebite({ receivedAt: "2026-11-22T17:44:00.000Z" }).case.view(),
      twoFacilities,
      day,
    );
    expect(late[3]?.statedAt).toBe("2026-11-22T15:44:00.000Z");
    const doubtful = timelineRows(
      snakebite({ marks: ["clockDoubtful"] }).case.view(),
      twoFacilities,
      day,
    );
    expect(doubtful[3]?.statedAt).toBe("2026-11-22T15:44:00.000Z");
  });
  it("says what has not been received", () => {
    const rows = timelineRows(snakebite({ received: false }).case.view(), twoFacilities, day);
    expect(rows[3]).toMatchObject({ receivedAt: undefined, statedAt: "2026-11-22T15:44:00.000Z" });
  });
  it("begins a day where Vietnam's calendar does", () => {
    // 16:59Z is 23:59, 17:00Z is midnight in Vietnam.
    const rows = timelineRows(
      snakebite({ receivedAt: "2026-11-22T17:00:00.000Z" }).case.view(),
      twoFacilities,
      day,
    );
    expect(rows.map((r) => r.newDay)).toEqual([true, false, false, true]);
  });
  it("gives each facility a lane, the case's own first", () => {
    const { case: built, request } = snakebite();
    built.write(specialist, { kind: "seen", body: { request } });
    expect([...lanes(built.view())]).toEqual([
      ["12913", 0],
      ["01901", 1],
    ]);
    expect(stationDoctor.facility).toBe("12913");
  });
  it("knows acts from facts", () => {
    expect(isAct("decisionMade")).toBe(true);
    expect(isAct("vitalSigns")).toBe(false);
  });
});
