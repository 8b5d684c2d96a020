import { describe, expect, it } from "vitest";
import type { CaseRow, RequestRow } from "../../device/device.ts";
import { happened, knownAtUnlock, seenIn, waitingCount } from "./happened.ts";

const request = (over: Partial<RequestRow> = {}): RequestRow => ({
  hash: "r",
  to: "01901",
  specialty: "toxicology",
  urgency: "urgent",
  worse: false,
  state: "sent",
  sentAt: "2026-11-22T15:00:00.000Z",
  dueAtMs: 0,
  allocatedTo: undefined,
  acceptedBy: undefined,
  openQuestions: 1,
  ...over,
});
const row = (over: Partial<CaseRow> = {}): CaseRow => ({
  log: "case/a",
  number: "A",
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
  request: undefined,
  requests: [],
  isNew: false,
  unsent: 0,
  isAway: false,
  waitsForMe: "no",
  ...over,
});
const news = (
  before: readonly CaseRow[],
  after: readonly CaseRow[],
  facility = "01901",
  [beforeMs, nowMs] = [0, 0],
) => happened(seenIn(before, facility, beforeMs), after, facility, nowMs).map((h) => h.what);

describe("what happened", () => {
  it("a new request, an emergency by its own name", () => {
    expect(news([], [row({ requests: [request()] })])).toEqual(["request"]);
    expect(news([], [row({ requests: [request({ urgency: "emergency" })] })])).toEqual([
      "emergency",
    ]);
  });
  it("nothing twice, and nothing of another facility's", () => {
    const rows = [row({ requests: [request()] })];
    expect(news(rows, rows)).toEqual([]);
    expect(news([], rows, "12901")).toEqual([]);
  });
  it("worse now, once", () => {
    const worse = [row({ requests: [request({ worse: true })] })];
    expect(news([row({ requests: [request()] })], worse)).toEqual(["worse"]);
    expect(news(worse, worse)).toEqual([]);
  });
  it("an answer, and a question back, for the side that asked", () => {
    expect(news([row()], [row({ waitsForMe: "answer" })], "12913")).toEqual(["answer"]);
    expect(news([row()], [row({ waitsForMe: "informationAsked" })], "12913")).toEqual([
      "askedBack",
    ]);
    expect(news([row()], [row({ waitsForMe: "outcomeDue" })], "12913")).toEqual([]);
  });
  it("a deadline that passes, once, for the side that asked and as long as nobody answered", () => {
    const rows = [row({ requests: [request({ dueAtMs: 1_000 })] })];
    expect(news(rows, rows, "12913", [500, 1_500])).toEqual(["overdue"]);
    expect(news(rows, rows, "12913", [1_500, 2_500])).toEqual([]);
    expect(news(rows, rows, "01901", [500, 1_500])).toEqual([]);
    for (const over of [{ state: "answered" }, { askedIn: true }] as const) {
      const settled = [row({ requests: [request({ dueAtMs: 1_000, ...over })] })];
      expect(news(settled, settled, "12913", [500, 1_500])).toEqual([]);
    }
  });
  it("an emergency that ran late behind the lock, at the unlock; nothing else of what was there", () => {
    const late = (urgency: "emergency" | "urgent") => [
      row({ requests: [request({ dueAtMs: 1_000, urgency })] }),
    ];
    const atUnlock = (rows: readonly CaseRow[]) =>
      happened(knownAtUnlock(rows, "12913", 1_500), rows, "12913", 1_500).map((h) => h.what);
    expect(atUnlock(late("emergency"))).toEqual(["overdue"]);
    expect(atUnlock(late("urgent"))).toEqual([]);
    expect(atUnlock([row({ waitsForMe: "answer" })])).toEqual([]);
  });
  it("counts in the tab's title what waits", () => {
    expect(waitingCount([row({ isNew: true }), row({ waitsForMe: "answer" }), row()])).toBe(2);
  });
});
