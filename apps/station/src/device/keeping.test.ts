import { foldDirectory } from "@lientuyen/record";
import { describe, expect, test } from "vitest";
import {
  caseFor,
  coordinator,
  specialist,
  stationDoctor,
} from "../features/caseView/caseFor.test-builder.ts";
import { catalogueRowOf } from "./catalogueRow.ts";
import { isKept, type Keeper } from "./keeping.ts";

const dayMs = 86_400_000;
const startedMs = Date.parse("2026-11-22T15:40:00.000Z");
const station = stationDoctor.facility;
const hospital = specialist.facility;
const colleague = { ...specialist, person: "00000000-0000-7000-8000-000000000009" };

const asked = () => {
  const one = caseFor();
  one.write(stationDoctor, {
    kind: "opened",
    body: { number: "12913-K7M2-9TXC", facility: station, mode: "support" },
  });
  const question = one.write(stationDoctor, { kind: "questionAsked", body: { text: "?" } });
  const request = one.write(stationDoctor, {
    kind: "requestSent",
    body: {
      to: hospital,
      specialty: "toxicology",
      urgency: "urgent",
      questions: [question],
      contract: "HD-1",
    },
  });
  const answer = () =>
    one.write(specialist, {
      kind: "opinionGiven",
      body: { request, question, text: "Có", confidence: "high", replaces: [] },
    });
  const close = () => one.write(stationDoctor, { kind: "closed", body: {} });
  const keptBy = (facility: string, over: Partial<Keeper>) =>
    isKept(catalogueRowOf(one.view(), foldDirectory([]), facility), {
      nowMs: startedMs,
      facility,
      isStation: facility === station,
      people: new Set(),
      coordinates: false,
      ...over,
    });
  const after = (facility: string, days: number, over: Partial<Keeper> = {}) =>
    keptBy(facility, { nowMs: startedMs + days * dayMs, ...over });
  return { ...one, request, answer, close, after };
};

describe("a station's device", () => {
  test("keeps an open case for ever and a closed one for 90 days after what happened last", () => {
    const one = asked();
    expect(one.after(station, 4_000)).toBe(true);
    one.close();
    expect([one.after(station, 90), one.after(station, 91)]).toEqual([true, false]);
    one.write(
      stationDoctor,
      { kind: "note", body: { text: "Gọi lại" } },
      { at: new Date(startedMs + 80 * dayMs).toISOString() },
    );
    expect([one.after(station, 169), one.after(station, 171)]).toEqual([true, false]);
  });

  test("keeps everything while the server's time lies before the case", () => {
    const one = asked();
    one.close();
    expect(one.after(station, -9_000)).toBe(true);
  });

  test("by the server's time of receipt, whatever the author's clock said", () => {
    const one = asked();
    one.write(
      stationDoctor,
      { kind: "closed", body: {} },
      { at: "2019-01-01T00:00:00.000Z", receivedAt: new Date(startedMs).toISOString() },
    );
    expect(one.after(station, 89)).toBe(true);
  });
});

describe("a hospital's device", () => {
  const mine = { people: new Set([specialist.person]) };
  const others = { people: new Set([colleague.person]) };

  test("keeps a request that nobody has taken, for everybody who may take it", () => {
    expect(asked().after(hospital, 400, others)).toBe(true);
  });

  test("keeps what was allocated to somebody enrolled on it, or taken by them; of others' no more than a day", () => {
    const one = asked();
    one.write(coordinator, {
      kind: "allocated",
      body: { request: one.request, to: specialist.person, expects: one.request },
    });
    expect(one.after(hospital, 400, mine)).toBe(true);
    expect([one.after(hospital, 0.9, others), one.after(hospital, 2, others)]).toEqual([
      true,
      false,
    ]);
  });

  test("keeps every open request where one of its people coordinates, and not for that when it is answered", () => {
    const one = asked();
    one.write(specialist, {
      kind: "accepted",
      body: { request: one.request, expects: one.request },
    });
    const list = { ...others, coordinates: true };
    expect([one.after(hospital, 400, list), one.after(hospital, 400, others)]).toEqual([
      true,
      false,
    ]);
    one.answer();
    expect(one.after(hospital, 2, list)).toBe(false);
  });

  test("keeps what its people answered or only opened for 90 days, though the station never closes it", () => {
    const one = asked();
    one.answer();
    one.write(colleague, { kind: "seen", body: { request: one.request } });
    for (const who of [mine, others])
      expect([one.after(hospital, 89, who), one.after(hospital, 91, who)]).toEqual([true, false]);
    expect(one.after(hospital, 2, { people: new Set([coordinator.person]) })).toBe(false);
  });

  test("keeps its own open case for those who wrote in it", () => {
    const one = caseFor();
    one.write(specialist, {
      kind: "opened",
      body: { number: "01901-K7M2-9TXC", facility: hospital, mode: "support" },
    });
    const row = catalogueRowOf(one.view(), foldDirectory([]), hospital);
    const keeper = { facility: hospital, isStation: false, coordinates: false };
    const nowMs = startedMs + 400 * dayMs;
    expect(isKept(row, { ...keeper, ...mine, nowMs })).toBe(true);
    expect(isKept(row, { ...keeper, ...others, nowMs })).toBe(false);
  });
});
