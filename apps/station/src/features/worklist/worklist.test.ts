import { describe, expect, it } from "vitest";
import type { CaseRow, RequestRow } from "../../device/device.ts";
import { filterWork, nextCase, workRows } from "./worklist.ts";

const request = (over: Partial<RequestRow>): RequestRow => ({
  hash: "h",
  to: "01901",
  specialty: "toxicology",
  urgency: "routine",
  worse: false,
  state: "sent",
  sentAt: "2026-11-22T15:00:00.000Z",
  dueAtMs: 1000,
  allocatedTo: undefined,
  acceptedBy: undefined,
  openQuestions: 1,
  ...over,
});

const row = (
  log: string,
  requests: readonly RequestRow[],
  over: Partial<CaseRow> = {},
): CaseRow => ({
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
  openedAt: "2026-11-22T15:00:00.000Z",
  changedAt: "2026-11-22T15:00:00.000Z",
  request: requests[0],
  requests,
  isNew: false,
  unsent: 0,
  isAway: false,
  waitsForMe: "no",
  ...over,
});

const logs = (rows: readonly { readonly row: CaseRow }[]) => rows.map((w) => w.row.log);

describe("worklist", () => {
  const rows = [
    row("routine", [request({ hash: "a", dueAtMs: 1 })]),
    row("urgent late", [request({ hash: "b", urgency: "urgent", dueAtMs: 5 })]),
    row("urgent later", [request({ hash: "c", urgency: "urgent", dueAtMs: 9, allocatedTo: "me" })]),
    row("emergency", [
      request({ hash: "d", urgency: "emergency", dueAtMs: 100, specialty: "cardiology" }),
    ]),
    row("routine, worse now", [
      request({ hash: "e", worse: true, dueAtMs: 999, acceptedBy: "me" }),
    ]),
    row("elsewhere", [request({ hash: "f", to: "12901" })]),
    row("answered", [request({ hash: "g", state: "answered" })]),
    row("closed", [request({ hash: "i" })], { state: "closed" }),
  ];
  const work = workRows(rows, "01901");
  const worker = { person: "me", facility: "01901", specialties: ["cardiology"] };

  it("puts what got worse first, then urgency, then what is due first", () => {
    expect(logs(work)).toEqual([
      "routine, worse now",
      "emergency",
      "urgent late",
      "urgent later",
      "routine",
    ]);
  });
  it("shows mine: allocated to me or accepted by me", () => {
    expect(logs(filterWork(work, "mine", worker))).toEqual(["routine, worse now", "urgent later"]);
  });
  it("shows my specialty's together with mine", () => {
    expect(logs(filterWork(work, "specialty", worker))).toEqual([
      "routine, worse now",
      "emergency",
      "urgent later",
    ]);
  });
  it("goes on to the next case and round to the first", () => {
    expect(nextCase(work, "emergency")).toBe("urgent late");
    expect(nextCase(work, "routine")).toBe("routine, worse now");
    expect(nextCase(work, "not in it")).toBe("routine, worse now");
    expect(nextCase(work.slice(0, 1), "routine, worse now")).toBeUndefined();
    expect(nextCase([], "x")).toBeUndefined();
  });
});
