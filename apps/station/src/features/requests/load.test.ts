import { describe, expect, it } from "vitest";
import type { CaseRow, RequestRow } from "../../device/device.ts";
import { specialist, twoFacilities } from "../caseView/caseFor.test-builder.ts";
import { loads } from "./load.ts";
import { requestGroups } from "./requestGroups.ts";

const nowMs = Date.parse("2026-11-22T16:00:00.000Z");
const rowWith = (log: string, over: Partial<RequestRow>): CaseRow => {
  const request: RequestRow = {
    hash: log,
    to: "01901",
    specialty: "toxicology",
    urgency: "urgent",
    worse: false,
    state: "sent",
    sentAt: "2026-11-22T15:00:00.000Z",
    dueAtMs: nowMs + 1,
    allocatedTo: undefined,
    acceptedBy: undefined,
    openQuestions: 1,
    ...over,
  };
  return {
    log,
    number: log,
    facility: "12913",
    patientName: undefined,
    patientLine: "",
    sex: undefined,
    birthYear: undefined,
    ageMonths: undefined,
    state: "open",
    diagnosis: undefined,
    summaryLine: undefined,
    openedAt: "",
    changedAt: "",
    request,
    requests: [request],
    isNew: false,
    unsent: 0,
    isAway: false,
    waitsForMe: "no",
  };
};
const rows = [
  rowWith("free", {}),
  rowWith("late", { allocatedTo: specialist.person, dueAtMs: nowMs - 1 }),
  rowWith("taken", { acceptedBy: specialist.person, state: "accepted", urgency: "emergency" }),
  rowWith("answered", { acceptedBy: specialist.person, state: "answered" }),
  rowWith("elsewhere", { to: "12901" }),
];

describe("the coordinator's view", () => {
  it("sorts into waiting, given out and done, and counts what is late", () => {
    const groups = requestGroups(rows, "01901", nowMs);
    expect(groups.waiting.map((w) => w.row.log)).toEqual(["free"]);
    expect(groups.given.map((w) => w.row.log)).toEqual(["taken", "late"]);
    expect(groups.done.map((w) => w.row.log)).toEqual(["answered"]);
    expect(groups.late).toBe(1);
  });
  it("says who can take it and how much they have", () => {
    expect(loads(twoFacilities, rows, "01901", "toxicology", nowMs)).toMatchObject([
      { person: { name: "Huy" }, open: 2, emergencies: 1, late: 1, fits: true },
    ]);
  });
  it("offers nobody whose role has ended", () => {
    const before = Date.parse("2023-01-01T00:00:00.000Z");
    expect(loads(twoFacilities, rows, "01901", "toxicology", before)).toEqual([]);
  });
});
