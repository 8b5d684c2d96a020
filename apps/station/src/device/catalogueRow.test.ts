import { createHash } from "node:crypto";
import { foldDirectory, type CaseFact, type DirectoryView } from "@lientuyen/record";
import { describe, expect, test } from "vitest";
import {
  caseFor,
  coordinator,
  specialist,
  stationDoctor,
} from "../features/caseView/caseFor.test-builder.ts";
import {
  CatalogueRow,
  caseRowOf,
  catalogueRowOf,
  catalogueRowVersion,
  sameUntilMs,
  type RowReader,
} from "./catalogueRow.ts";
import { PatientRow, patientRowVersion } from "./cataloguing.ts";
import { searchFor } from "./search.ts";

const nobody: DirectoryView = foldDirectory([]);
const minute = 60_000;
const day = 24 * 60 * minute;
const opened: CaseFact = {
  kind: "opened",
  body: { number: "12913-K7M2-9TXC", facility: "12913", mode: "support" },
};
const told = "2026-11-22T15:40:00.000Z";

const reader = ({
  nowMs = Date.parse(told) + 60 * minute,
  ...over
}: Partial<RowReader> = {}): RowReader => ({
  nowMs,
  now: new Date(nowMs).toISOString(),
  unsent: 0,
  lookedAt: undefined,
  facility: "12913",
  describePatient: (sex, ageMonths) => `${sex} ${ageMonths}`,
  ...over,
});

const asked = (urgency: "emergency" | "urgent" | "routine" = "urgent") => {
  const one = caseFor();
  one.write(stationDoctor, opened);
  const question = one.write(stationDoctor, {
    kind: "questionAsked",
    body: { text: "Có dùng huyết thanh không?" },
  });
  const request = one.write(stationDoctor, {
    kind: "requestSent",
    body: {
      to: "01901",
      specialty: "toxicology",
      urgency,
      questions: [question],
      contract: "HD-1",
    },
  });
  const row = (over?: Partial<RowReader>) =>
    caseRowOf(catalogueRowOf(one.view(), nobody, "12913"), reader(over));
  const recommend = () =>
    one.write(specialist, {
      kind: "recommendationMade",
      body: { request, text: "Bất động chi", replaces: [] },
    });
  return { ...one, question, request, row, recommend };
};

describe("what the station has to do", () => {
  test("nothing while it waits for the other side", () => {
    expect(asked().row().waitsForMe).toBe("no");
  });

  test("a recommendation waits for a decision, and no longer once it is made", () => {
    const one = asked();
    const recommendation = one.recommend();
    expect(one.row().waitsForMe).toBe("answer");
    one.write(stationDoctor, {
      kind: "decisionMade",
      body: { recommendation, decision: "accept", replaces: [] },
    });
    expect(one.row().waitsForMe).toBe("no");
  });

  test("asked back: until something of ours follows", () => {
    const one = asked();
    one.write(specialist, {
      kind: "informationAsked",
      body: { request: one.request, text: "Chụp thêm V3R" },
    });
    expect(one.row().waitsForMe).toBe("informationAsked");
    one.write(stationDoctor, { kind: "messageSent", body: { text: "Đã gửi" } });
    expect(one.row().waitsForMe).toBe("no");
  });

  test("an opinion alone waits until it was looked at", () => {
    const one = asked();
    one.write(specialist, {
      kind: "opinionGiven",
      body: {
        request: one.request,
        question: one.question,
        text: "Có",
        confidence: "high",
        replaces: [],
      },
    });
    expect(one.row()).toMatchObject({ waitsForMe: "answer", isNew: true });
    expect(one.row({ lookedAt: 1 })).toMatchObject({ waitsForMe: "no", isNew: false });
  });

  test("the outcome is asked for when it is due, by urgency, and no longer once it was told", () => {
    const one = asked("urgent");
    const recommendation = one.recommend();
    one.write(stationDoctor, {
      kind: "decisionMade",
      body: { recommendation, decision: "accept", replaces: [] },
    });
    expect(one.row({ nowMs: Date.parse(told) + 6 * day }).waitsForMe).toBe("no");
    expect(one.row({ nowMs: Date.parse(told) + 8 * day }).waitsForMe).toBe("outcomeDue");
    one.write(stationDoctor, { kind: "outcomeTold", body: { result: "improved", at: told } });
    expect(one.row({ nowMs: Date.parse(told) + 8 * day }).waitsForMe).toBe("no");
  });

  test("two versions of one text that replace the same one wait to be merged", () => {
    const one = asked();
    const first = one.write(stationDoctor, {
      kind: "summary",
      body: { text: "một", replaces: [] },
    });
    const other = one.write(stationDoctor, {
      kind: "summary",
      body: { text: "hai", replaces: [first] },
    });
    one.write(
      coordinator,
      { kind: "summary", body: { text: "ba", replaces: [first] } },
      { after: [first] },
    );
    expect(other).not.toBe(first);
    expect(one.row().waitsForMe).toBe("diverged");
  });

  test("nobody but the requesting facility has to act on it", () => {
    const one = asked();
    one.recommend();
    const theirs = caseRowOf(catalogueRowOf(one.view(), nobody, "01901"), reader());
    expect(theirs.waitsForMe).toBe("no");
  });
});

describe("clocks", () => {
  test("an answer is due by urgency from when the server received it", () => {
    const due = (urgency: "emergency" | "urgent" | "routine") => {
      const request = asked(urgency).row().request;
      return request === undefined ? 0 : request.dueAtMs - Date.parse(request.sentAt);
    };
    expect([due("emergency"), due("urgent"), due("routine")]).toEqual([
      10 * minute,
      60 * minute,
      24 * 60 * minute,
    ]);
  });

  test("made more urgent: the shorter time runs from then", () => {
    const one = asked("routine");
    const at = "2026-11-22T18:00:00.000Z";
    one.write(
      stationDoctor,
      {
        kind: "urgencyChanged",
        body: { request: one.request, urgency: "emergency", reason: "xấu đi", worse: true },
      },
      { at },
    );
    expect(one.row().request).toMatchObject({ worse: true, dueAtMs: Date.parse(at) + 10 * minute });
  });

  test("worse again at the same urgency gives nobody more time", () => {
    const one = asked("emergency");
    const before = one.row().request?.dueAtMs;
    one.write(
      stationDoctor,
      {
        kind: "urgencyChanged",
        body: { request: one.request, urgency: "emergency", reason: "co giật", worse: true },
      },
      { at: "2026-11-22T18:00:00.000Z" },
    );
    expect(one.row().request).toMatchObject({ worse: true, dueAtMs: before });
  });
});

describe("the patient", () => {
  const attach = (identity: Extract<CaseFact, { kind: "patientAttached" }>["body"]) => {
    const one = caseFor();
    one.write(stationDoctor, opened);
    one.write(stationDoctor, { kind: "patientAttached", body: identity });
    return catalogueRowOf(one.view(), nobody, "12913");
  };
  const log = "00000000-0000-7000-8000-00000000aaaa";

  test("a small child's age is in months, and grows", () => {
    const birth = { known: "ageMonths", ageMonths: 18, at: told } as const;
    const row = attach({
      patient: "known",
      log,
      identity: { name: "Chang Thị Na", sex: "female", birth },
    });
    expect(caseRowOf(row, reader())).toMatchObject({ ageMonths: 18, patientLine: "female 18" });
    expect(caseRowOf(row, reader({ nowMs: Date.parse(told) + 62 * day })).ageMonths).toBe(20);
  });

  test("not yet known: the description stands in the line", () => {
    const row = attach({
      patient: "notYetKnown",
      description: "Nam, áo đỏ, bị rắn cắn",
      sex: "male",
      ageYears: 30,
    });
    expect(caseRowOf(row, reader())).toMatchObject({
      patientName: undefined,
      patientLine: "Nam, áo đỏ, bị rắn cắn",
      ageMonths: 360,
    });
  });

  test("is found by name without marks, composed or not, by number and by case number", () => {
    const row = attach({
      patient: "known",
      log,
      identity: { name: "Đỗ Văn Giàng", sex: "male", personalNumber: "012092004417" },
    });
    for (const query of [
      "do",
      "Đỗ",
      "Đỗ".normalize("NFD"),
      "giang van",
      "4417",
      "k7m2",
      "12913-K7M2",
    ])
      expect(searchFor(query)(row.words), query).toBe(true);
    for (const query of ["ang", "do lan", "9999"])
      expect(searchFor(query)(row.words), query).toBe(false);
  });
});

test("what is new counts what others wrote, their bare looking not", () => {
  const one = asked();
  one.write(specialist, { kind: "seen", body: { request: one.request } });
  expect(one.row().isNew).toBe(false);
  one.recommend();
  expect(one.row().isNew).toBe(true);
  expect(one.row({ lookedAt: 1 }).isNew).toBe(false);
});

describe("a specialist who was asked in", () => {
  const askedIn = (person?: string) => {
    const one = asked();
    const entry = one.write(coordinator, {
      kind: "specialistAsked",
      body: {
        request: one.request,
        facility: specialist.facility,
        specialty: "cardiology",
        reason: "Nguy cơ tim",
        ...(person === undefined ? {} : { person }),
      },
    });
    const answer = () =>
      one.write(specialist, {
        kind: "opinionGiven",
        body: {
          request: one.request,
          question: one.question,
          text: "Có",
          confidence: "high",
          replaces: [],
        },
      });
    const rowThere = () => one.row().requests.find(({ hash }) => hash === entry);
    return { ...one, answer, rowThere };
  };

  test("has it in the list, and no longer after answering", () => {
    const one = askedIn();
    expect(one.rowThere()).toMatchObject({ to: "01901", specialty: "cardiology", state: "sent" });
    one.answer();
    expect(one.rowThere()?.state).toBe("answered");
  });

  test("who was named has it as theirs until that very person answers", () => {
    const one = askedIn(coordinator.person);
    one.answer();
    expect(one.rowThere()).toMatchObject({ state: "allocated", allocatedTo: coordinator.person });
  });

  test("the row of the case stays that of the request itself", () => {
    expect(askedIn().row().request?.askedIn).toBeUndefined();
  });
});

test("rows are trusted by the version of their shape: whoever changes a shape counts it up", () => {
  const shapeOf = (schema: object) =>
    createHash("sha256").update(JSON.stringify(schema)).digest("hex").slice(0, 12);
  expect({ version: catalogueRowVersion, shape: shapeOf(CatalogueRow) }).toEqual({
    version: 2,
    shape: "5a116471d945",
  });
  expect({ version: patientRowVersion, shape: shapeOf(PatientRow) }).toEqual({
    version: 1,
    shape: "bf0c523a2d18",
  });
});

test("a row looks the same until the next day, or until its outcome comes due", () => {
  const row = catalogueRowOf(asked().view(), nobody, "12913");
  const nowMs = Date.parse("2026-11-25T10:00:00.000Z");
  const tomorrow = Date.parse("2026-11-26T00:00:00.000Z");
  expect(sameUntilMs(row, nowMs)).toBe(tomorrow);
  expect(sameUntilMs({ ...row, outcomeDueAtMs: nowMs + 5 }, nowMs)).toBe(nowMs + 5);
  expect(sameUntilMs({ ...row, outcomeDueAtMs: nowMs - 5 }, nowMs)).toBe(tomorrow);
});
