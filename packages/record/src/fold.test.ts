import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  authorAt,
  central,
  hashOf,
  inputOf,
  log,
  momentAt,
  openedCase,
  provincial,
  station,
  uuidOf,
  type CaseBuilder,
} from "./caseBuilder.fixture.ts";
import {
  byHash,
  caseBodies,
  foldCase,
  knowledge,
  orderEntries,
  withheldAmong,
  type CaseView,
  type FoldInput,
  type RequestView,
} from "./index.ts";

const sua = authorAt(station, "Sua");
const nurse = authorAt(station, "Nurse");
const huy = authorAt(central, "Huy");
const khue = authorAt(central, "Khuê");
const lan = authorAt(central, "Lan");
const thanh = authorAt(provincial, "Thành");

const summary = (text: string, replaces: string[] = []) => ({ text, replaces });
const photo = (name: string) => ({
  file: { hash: hashOf(name), size: 10, type: "image/jpeg" },
  role: "photo" as const,
});

function withRequest(urgency: "emergency" | "urgent" | "routine" = "urgent"): {
  builder: CaseBuilder;
  question: string;
  request: string;
  head: () => string;
  seen: () => RequestView;
} {
  const builder = openedCase(sua);
  const question = builder.write(sua, "questionAsked", { text: "Có chỉ định huyết thanh không?" });
  const request = builder.write(sua, "requestSent", {
    to: central,
    specialty: "toxicology",
    urgency,
    questions: [question],
  });
  const seen = (): RequestView => {
    const found = builder.view().requests.find((one) => one.hash === request);
    if (found === undefined) throw new Error("no such request");
    return found;
  };
  return { builder, question, request, head: () => seen().head, seen };
}

/** Random cases: any kind with a body of its kind or not, naming any earlier entries. */
const anyInputs: fc.Arbitrary<FoldInput[]> = fc
  .array(
    fc.record({
      kind: fc.oneof(fc.constantFrom(...Object.keys(caseBodies)), fc.constant("fromTheFuture")),
      author: fc.constantFrom(sua, nurse, huy, khue, thanh, undefined),
      after: fc.array(fc.nat(), { maxLength: 3 }),
      names: fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
      variant: fc.nat(9),
      received: fc.boolean(),
      bare: fc.nat(20).map((n) => n === 0),
    }),
    { maxLength: 25 },
  )
  .map((plans) => {
    const inputs: FoldInput[] = [];
    const pick = (n: number): string =>
      inputs[n % Math.max(1, inputs.length)]?.entry.hash ?? hashOf("not here");
    plans.forEach((plan, minute) => {
      const [a, b, c] = plan.names.map(pick);
      const body = bodyFor(plan.kind, [a ?? "", b ?? "", c ?? ""], plan.variant);
      const after = plan.after.map(pick);
      const seq = plan.received ? minute + 1 : undefined;
      inputs.push(
        inputOf({
          log,
          kind: plan.kind,
          body: plan.bare ? undefined : body,
          author: plan.author,
          after,
          minute,
          seq,
        }),
      );
    });
    return inputs;
  });

/** A body that fits its kind most of the time, built of the names of other entries. */
function bodyFor(
  kind: string,
  [a, b, c]: readonly [string, string, string],
  variant: number,
): unknown {
  const fields: Readonly<Record<string, unknown>> = {
    opened: { number: "N", facility: station, mode: "support" },
    patientAttached: { patient: "notYetKnown", ageYears: variant },
    requestSent: { to: central, specialty: "toxicology", urgency: "urgent", questions: [a] },
    requestWithdrawn: { request: a, reason: "r" },
    urgencyChanged: {
      request: a,
      urgency: variant > 5 ? "emergency" : "routine",
      reason: "r",
      worse: variant > 7,
    },
    allocated: { request: a, to: huy.person, expects: variant > 4 ? a : b },
    accepted: { request: a, expects: variant > 4 ? a : b },
    sentOn: {
      request: a,
      to: provincial,
      specialty: "surgery",
      reason: "r",
      expects: variant > 4 ? a : b,
    },
    declined: { request: a, reason: "r", expects: variant > 4 ? a : b },
    specialistAsked: { request: a, facility: provincial, specialty: "surgery", reason: "r" },
    seen: variant > 4 ? {} : { request: a },
    opinionGiven: {
      request: a,
      question: b,
      text: "t",
      confidence: "low",
      replaces: variant > 5 ? [c] : [],
    },
    recommendationMade: { request: a, text: "t", replaces: variant > 5 ? [c] : [] },
    decisionMade: {
      recommendation: a,
      decision: variant > 5 ? "accept" : "decline",
      replaces: variant > 7 ? [b] : [],
    },
    questionAsked: { text: "t" },
    note: { text: "t" },
    closed: {},
    reopened: { reason: "r" },
    fileAdded: {
      ...photo(a),
      ...(variant > 5 ? { originalOf: b } : {}),
      ...(variant > 7 ? { retakeOf: c } : {}),
    },
    correction: { target: a, reason: "r", body: bodyOfAny(variant) },
    textMerged: { kind: variant > 5 ? "summary" : "diagnosis", text: "m", replaces: [a, b] },
    conflictResolved: { chosen: a, over: [b], reason: "r" },
    withheld: { target: a, ground: "wrongPicture", effect: variant > 5 ? "hide" : "destroy" },
    diagnosis: { text: "t", certainty: "suspected", replaces: [a] },
  };
  return fields[kind] ?? { text: "t", replaces: variant > 3 ? [a, b] : [] };
}
const bodyOfAny = (variant: number): unknown =>
  variant > 5 ? { text: "đã sửa", replaces: [] } : { text: "đã sửa" };

const shuffled = <T>(items: readonly T[], order: readonly number[]): T[] =>
  items
    .map((item, i) => ({ item, key: order[i % Math.max(1, order.length)] ?? 0, i }))
    .sort((x, y) => x.key - y.key || y.i - x.i)
    .map(({ item }) => item);

describe("I12 a fold is total", () => {
  it("I12 property: any entries of any kinds fold, every one is on the timeline once", () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const view = foldCase(log, inputs);
        expect(view.entries.map((entry) => entry.hash).sort()).toEqual(
          [...new Set(inputs.map((input) => input.entry.hash))].sort(),
        );
      }),
      { numRuns: 300 },
    );
  });
  it("I12 bodies that are nothing of their kind, entries that name each other in a ring", () => {
    const plain = (kind: string, after: string[]) =>
      inputOf({
        log,
        kind,
        body: { x: [null] },
        author: undefined,
        after,
        minute: 0,
        seq: undefined,
      });
    const broken = Object.keys(caseBodies).map((kind) => plain(kind, []));
    expect(foldCase(log, broken).entries).toHaveLength(broken.length);
    const first = plain("note", []);
    const second = plain("note", [first.entry.hash]);
    const ring = {
      ...first,
      entry: { ...first.entry, header: { ...first.entry.header, after: [second.entry.hash] } },
    };
    expect(foldCase(log, [ring, second]).entries).toHaveLength(2);
  });
  it("I12 entries of another log are passed over", () => {
    const builder = openedCase(sua);
    expect(foldCase(`case/${uuidOf("another")}`, builder.inputs).entries).toEqual([]);
  });
});

describe("I13 the same set gives the same view, however it arrived", () => {
  it("I13 property: any order, any repeats, and first without receipts", () => {
    fc.assert(
      fc.property(anyInputs, fc.array(fc.nat(99), { minLength: 1 }), (inputs, order) => {
        const view = foldCase(log, inputs);
        const bare = inputs.map((input) => ({ ...input, receipt: undefined }));
        expect(foldCase(log, shuffled(inputs, order))).toEqual(view);
        expect(foldCase(log, shuffled([...inputs, ...bare, ...inputs], order))).toEqual(view);
      }),
      { numRuns: 300 },
    );
  });
});

describe("I14 order is by what the authors knew, ties by hash, never by a clock", () => {
  it("I14 property: an entry stands after all that it names", () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const place = new Map(orderEntries(inputs, byHash).map((one, i) => [one.entry.hash, i]));
        for (const { entry } of inputs)
          for (const before of entry.header.after)
            expect(place.get(before) ?? -1).toBeLessThan(place.get(entry.hash) ?? -1);
      }),
    );
  });
  it("I14 property: among two neighbours where neither knew the other, the smaller hash comes first", () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const ordered = orderEntries(inputs, byHash);
        const knew = knowledge(ordered);
        ordered.slice(1).forEach((later, i) => {
          const earlier = ordered[i];
          if (earlier === undefined || knew(later.entry.hash, earlier.entry.hash)) return;
          expect(earlier.entry.hash < later.entry.hash).toBe(true);
        });
      }),
    );
  });
  it("I14 a clock that is years off changes nothing", () => {
    const { builder, request } = withRequest();
    builder.write(huy, "accepted", { request, expects: request });
    const order = builder.view().entries.map((entry) => entry.hash);
    const shifted = builder.inputs.map((input, i) => {
      const header = { ...input.entry.header, at: momentAt(-i * 1_000_000) };
      return { ...input, entry: { ...input.entry, header } };
    });
    expect(foldCase(log, shifted).entries.map((entry) => entry.hash)).toEqual(order);
  });
  it("I14 heads are what nothing names; what is named and not here is missing", () => {
    const builder = openedCase(sua);
    const [opened] = builder.view().heads;
    const left = builder.write(sua, "note", { text: "a" }, { after: [opened ?? ""] });
    const right = builder.write(
      nurse,
      "note",
      { text: "b" },
      { after: [opened ?? "", hashOf("?")] },
    );
    expect(builder.view().heads).toEqual([left, right].sort());
    expect(builder.view().missing).toEqual([hashOf("?")]);
  });
});

describe("I15 no text is lost: a version stays until one of its own side replaces it", () => {
  it("I15 two that replace the same one diverge, and a merge ends it", () => {
    const builder = openedCase(sua);
    const first = builder.write(sua, "summary", summary("một"));
    const heads = builder.view().heads;
    const a = builder.write(sua, "summary", summary("hai", [first]), { after: heads });
    const b = builder.write(nurse, "summary", summary("ba", [first]), { after: heads });
    const diverged = builder.view().summary;
    expect(diverged.diverged).toBe(true);
    expect(diverged.heads.map((head) => head.hash).sort()).toEqual([a, b].sort());
    builder.write(sua, "textMerged", { kind: "summary", text: "hai và ba", replaces: [a, b] });
    const merged = builder.view().summary;
    expect(merged.diverged).toBe(false);
    expect(merged.heads[0]?.body.text).toBe("hai và ba");
  });
  it("I15 two first versions that replace nothing both stay", () => {
    const builder = openedCase(sua);
    builder.write(sua, "summary", summary("máy tính"));
    builder.write(nurse, "summary", summary("điện thoại"));
    expect(builder.view().summary.heads).toHaveLength(2);
  });
  it("I15 the other side's version, and another person's opinion, cannot be replaced", () => {
    const { builder, question, request } = withRequest();
    const ours = builder.write(sua, "summary", summary("của trạm"));
    builder.write(huy, "summary", summary("của viện", [ours]));
    expect(builder.view().summary.heads).toHaveLength(2);
    const opinion = { request, question, text: "Có", confidence: "high" as const };
    const first = builder.write(huy, "opinionGiven", { ...opinion, replaces: [] });
    builder.write(khue, "opinionGiven", {
      ...opinion,
      text: "Không",
      dissentsFrom: first,
      replaces: [first],
    });
    const [asked] = builder.view().requests[0]?.questions ?? [];
    expect(asked?.opinions).toHaveLength(2);
    builder.write(huy, "opinionGiven", { ...opinion, text: "Có, ngay", replaces: [first] });
    const texts = builder.view().requests[0]?.questions[0]?.opinions.map(({ body }) => body.text);
    expect(texts?.sort()).toEqual(["Có, ngay", "Không"]);
  });
  it("I15 a merge keeps what is not text: certainty, confidence, request", () => {
    const builder = openedCase(sua);
    const body = { text: "Rắn cắn", icd10: "T63.0", certainty: "confirmed" as const, replaces: [] };
    const a = builder.write(sua, "diagnosis", body);
    const b = builder.write(nurse, "diagnosis", { ...body, text: "Rắn lục cắn" });
    builder.write(sua, "textMerged", {
      kind: "diagnosis",
      text: "Rắn lục đuôi đỏ cắn",
      replaces: [a, b],
    });
    expect(builder.view().diagnosis.heads.map((head) => head.body)).toEqual([
      { ...body, text: "Rắn lục đuôi đỏ cắn", replaces: [a, b] },
    ]);
  });
});

describe("I16 a correction is shown in the place of what it corrects", () => {
  const reading = (value: number) => ({
    readings: [{ sign: "weight", value }],
    measuredAt: momentAt(0),
  });
  it("I16 the corrected body stands, named; the entry itself stays what it was", () => {
    const builder = openedCase(sua);
    const target = builder.write(sua, "vitalSigns", reading(84));
    const correction = builder.write(nurse, "correction", {
      target,
      reason: "gõ nhầm",
      body: reading(8.4),
    });
    const [fact] = builder.view().vitalSigns;
    expect(fact?.body).toEqual(reading(8.4));
    expect(fact?.correctedBy).toBe(correction);
    expect(builder.view().entries.find((entry) => entry.hash === correction)?.understood).toBe(
      true,
    );
  });
  it("I16 of two corrections the one that knew the other stands; two that crossed are a conflict", () => {
    const builder = openedCase(sua);
    const target = builder.write(sua, "vitalSigns", reading(84));
    builder.write(sua, "correction", { target, reason: "1", body: reading(8.4) });
    const last = builder.write(sua, "correction", { target, reason: "2", body: reading(8.5) });
    expect(builder.view().vitalSigns[0]?.correctedBy).toBe(last);
    const crossed = builder.write(
      nurse,
      "correction",
      { target, reason: "3", body: reading(8.6) },
      { after: [target] },
    );
    const [conflict] = builder.view().conflicts;
    expect(conflict?.about).toBe("correction");
    expect([...(conflict?.entries ?? [])].sort()).toEqual([last, crossed].sort());
    builder.write(sua, "conflictResolved", { chosen: crossed, over: [last], reason: "cân lại" });
    expect(builder.view().conflicts).toEqual([]);
    expect(builder.view().vitalSigns[0]?.body).toEqual(reading(8.6));
  });
  it.each<[string, (builder: CaseBuilder, target: string) => string]>([
    [
      "a body that is not of the target's kind",
      (b, target) => b.write(sua, "correction", { target, reason: "r", body: { text: "x" } }),
    ],
    [
      "another facility's correction",
      (b, target) => b.write(huy, "correction", { target, reason: "r", body: reading(1) }),
    ],
    [
      "a correction of an act",
      (b) =>
        b.write(sua, "correction", {
          target: b.inputs[0]?.entry.hash ?? "",
          reason: "r",
          body: { number: "X", facility: station, mode: "support" },
        }),
    ],
  ])("I16 %s changes nothing and is shown as not understood", (_, write) => {
    const builder = openedCase(sua);
    const target = builder.write(sua, "vitalSigns", reading(84));
    const hash = write(builder, target);
    expect(builder.view().vitalSigns[0]?.body).toEqual(reading(84));
    expect(builder.view().number).toBe("12913-K7M2-9TXC");
    expect(builder.view().entries.find((entry) => entry.hash === hash)?.understood).toBe(false);
  });
  it("I24a consent to being recorded is the last word on it, and of words that crossed a no", () => {
    const at = momentAt(0);
    const word = (given: boolean) => ({ given, by: "patient", how: "spoken", at }) as const;
    const builder = openedCase(sua);
    expect(builder.view().recordingConsent).toBeUndefined();
    const no = builder.write(sua, "recordingConsent", word(false));
    const yes = builder.write(sua, "recordingConsent", word(true), { after: [no] });
    expect(builder.view().recordingConsent?.body.given).toBe(true);
    // Each crosses the first yes; whichever way their hashes fall, one of them is a no.
    for (const given of [true, false, true])
      builder.write(sua, "recordingConsent", word(given), { after: [no] });
    expect(builder.view().recordingConsent?.body.given).toBe(false);
    builder.write(sua, "recordingConsent", word(true));
    expect(builder.view().recordingConsent?.body.given).toBe(true);
    expect(yes).not.toBe(no);
  });
  it("I16 a correction moves nothing: request, question, file and what it replaces stay", () => {
    const builder = openedCase(sua);
    const target = builder.write(sua, "fileAdded", photo("chân"));
    builder.write(sua, "correction", { target, reason: "r", body: photo("tay") });
    expect(builder.view().files[0]?.file.hash).toBe(hashOf("chân"));
    builder.write(sua, "correction", {
      target,
      reason: "r",
      body: { ...photo("chân"), caption: "Chân phải" },
    });
    expect(builder.view().files[0]?.body.caption).toBe("Chân phải");
  });
});

describe("I17 what is withheld has no effect, and its header stays", () => {
  it("I17 the body is gone from the view, the place on the timeline is not; what it replaced is back", () => {
    const builder = openedCase(sua);
    const first = builder.write(sua, "summary", summary("đúng"));
    const wrong = builder.write(sua, "summary", summary("nhầm bệnh nhân", [first]));
    const by = builder.write(nurse, "withheld", {
      target: wrong,
      ground: "wrongPatient",
      effect: "hide",
    });
    const view = builder.view();
    expect(view.summary.heads.map((head) => head.body.text)).toEqual(["đúng"]);
    const entry = view.entries.find((one) => one.hash === wrong);
    expect(entry).toMatchObject({
      body: undefined,
      understood: true,
      withheld: { by, ground: "wrongPatient" },
    });
    expect(JSON.stringify(view)).not.toContain("nhầm bệnh nhân");
  });
  it("I17 it reaches the target's corrections and a picture's full original", () => {
    const builder = openedCase(sua);
    const small = builder.write(sua, "fileAdded", photo("nhỏ"));
    const original = builder.write(sua, "fileAdded", { ...photo("lớn"), originalOf: small });
    const mend = builder.write(sua, "correction", {
      target: small,
      reason: "r",
      body: { ...photo("nhỏ"), caption: "c" },
    });
    expect(builder.view().files[0]?.original?.hash).toBe(original);
    builder.write(sua, "withheld", { target: small, ground: "wrongPicture", effect: "destroy" });
    expect(builder.view().files).toEqual([]);
    expect([...withheldAmong(builder.inputs).keys()].sort()).toEqual(
      [small, original, mend].sort(),
    );
  });
  it("I17 the view is the same before and after the bodies are really gone", () => {
    const builder = openedCase(sua);
    const target = builder.write(sua, "note", { text: "nhầm" });
    builder.write(sua, "withheld", { target, ground: "wrongPatient", effect: "destroy" });
    const emptied = builder.inputs.map((input) =>
      input.entry.hash === target
        ? { ...input, entry: { ...input.entry, body: undefined, bodyText: undefined } }
        : input,
    );
    expect(foldCase(log, emptied)).toEqual(builder.view());
  });
  it("I17 another facility's withholding, or one of a withholding, does nothing", () => {
    const { builder } = withRequest();
    const target = builder.write(sua, "note", { text: "của trạm" });
    const stranger = builder.write(huy, "withheld", {
      target,
      ground: "wrongPicture",
      effect: "hide",
    });
    builder.write(huy, "withheld", { target: stranger, ground: "wrongPicture", effect: "hide" });
    expect(builder.view().notes).toHaveLength(1);
    expect(builder.view().entries.every((entry) => entry.withheld === undefined)).toBe(true);
  });
});

describe("I18 of exclusive acts that expect the same head, the first received wins", () => {
  it("I18 the second accept is a conflict until a person resolves it, and the first has it", () => {
    const { builder, request, seen } = withRequest();
    const heads = builder.view().heads;
    const first = builder.write(khue, "accepted", { request, expects: request }, { after: heads });
    const second = builder.write(huy, "accepted", { request, expects: request }, { after: heads });
    expect(seen().acceptedBy).toEqual(khue);
    expect(builder.view().conflicts).toEqual([{ about: "exclusive", entries: [first, second] }]);
    builder.write(lan, "conflictResolved", { chosen: first, over: [second], reason: "đến trước" });
    expect(builder.view().conflicts).toEqual([]);
    expect(seen().acceptedBy).toEqual(khue);
  });
  it("I18 it is the receipt that decides, not the order of the fold", () => {
    for (let notes = 0; notes < 8; notes++) {
      const { builder, request, seen } = withRequest();
      for (let i = 0; i < notes; i++) builder.write(sua, "note", { text: `${i}` });
      const heads = builder.view().heads;
      builder.write(khue, "accepted", { request, expects: request }, { after: heads });
      builder.write(huy, "accepted", { request, expects: request }, { after: heads });
      expect(seen().acceptedBy).toEqual(khue);
    }
  });
  it("I18 one that is not received yet loses against one that is", () => {
    const { builder, request, seen } = withRequest();
    const heads = builder.view().heads;
    builder.write(
      huy,
      "declined",
      { request, reason: "r", expects: request },
      { after: heads, received: false },
    );
    builder.write(khue, "accepted", { request, expects: request }, { after: heads });
    expect(seen().state).toBe("accepted");
  });
  it("I18 an act on a head that has moved on does nothing", () => {
    const { builder, request, seen } = withRequest();
    builder.write(khue, "accepted", { request, expects: request });
    builder.write(lan, "declined", { request, reason: "r", expects: hashOf("elsewhere") });
    expect(seen().state).toBe("accepted");
  });
});

describe("I19 the state of a request follows from its acts and answers", () => {
  it("I19 sent, allocated, accepted, answering, answered; withdrawn over all of it", () => {
    const { builder, question, request, head, seen } = withRequest();
    const second = builder.write(sua, "questionAsked", { text: "Chuyển ngay không?" });
    expect(seen().state).toBe("sent");
    expect(
      seen()
        .questions.map((one) => one.question.hash)
        .sort(),
    ).toEqual([question, second].sort());
    builder.write(lan, "allocated", { request, to: huy.person, expects: head() });
    expect(seen()).toMatchObject({ state: "allocated", allocatedTo: huy.person });
    builder.write(huy, "accepted", { request, expects: head() });
    expect(seen()).toMatchObject({ state: "accepted", acceptedBy: huy });
    const opinion = { request, text: "Có", confidence: "high" as const, replaces: [] };
    builder.write(huy, "opinionGiven", { ...opinion, question });
    expect(seen().state).toBe("answering");
    builder.write(huy, "opinionGiven", { ...opinion, question: second });
    expect(seen().state).toBe("answered");
    const withdrawn = builder.write(sua, "requestWithdrawn", { request, reason: "đã chuyển" });
    expect(seen()).toMatchObject({ state: "withdrawn", head: withdrawn });
    expect(seen().steps.map((step) => step.state)).toEqual([
      "sent",
      "allocated",
      "accepted",
      "answering",
      "answered",
      "withdrawn",
    ]);
  });
  it("I19 sent on it stands at the new facility, and only what is said there counts", () => {
    const { builder, question, request, head, seen } = withRequest();
    const opinion = { request, question, text: "Có", confidence: "low" as const, replaces: [] };
    builder.write(huy, "opinionGiven", opinion);
    expect(seen().state).toBe("answered");
    builder.write(lan, "sentOn", {
      request,
      to: provincial,
      specialty: "surgery",
      reason: "gần hơn",
      expects: head(),
    });
    expect(seen()).toMatchObject({
      state: "sentOn",
      to: provincial,
      specialty: "surgery",
      formerTo: [central],
    });
    builder.write(thanh, "accepted", { request, expects: head() });
    expect(seen().state).toBe("accepted");
    builder.write(thanh, "opinionGiven", opinion);
    expect(seen().state).toBe("answered");
    expect(seen().questions[0]?.opinions).toHaveLength(2);
  });
  it("I19 declined is the end of it", () => {
    const { builder, request, head, seen } = withRequest();
    builder.write(lan, "declined", { request, reason: "không có chuyên khoa", expects: head() });
    builder.write(huy, "accepted", { request, expects: head() });
    expect(seen().state).toBe("declined");
    expect(seen().steps.at(-1)).toMatchObject({
      state: "declined",
      reason: "không có chuyên khoa",
    });
  });
  it("I19 a specialist asked in answers too; who opened it is seen", () => {
    const { builder, question, request, seen } = withRequest();
    builder.write(huy, "specialistAsked", {
      request,
      facility: provincial,
      specialty: "surgery",
      reason: "r",
    });
    builder.write(thanh, "seen", { request });
    builder.write(thanh, "opinionGiven", {
      request,
      question,
      text: "t",
      confidence: "low",
      replaces: [],
    });
    expect(seen().state).toBe("answered");
    expect(seen().seenBy.map((source) => source.author)).toEqual([thanh]);
  });
  it("I19 the contract of an emergency is named later", () => {
    const { builder, request, seen } = withRequest("emergency");
    expect(seen().contract).toBeUndefined();
    builder.write(lan, "contractNamed", { request, contract: "12913-01901" });
    expect(seen().contract).toBe("12913-01901");
  });
});

describe("I20 urgencies that crossed: the most urgent counts", () => {
  it("I20 worse now, while the other side calls it routine", () => {
    const { builder, request, seen } = withRequest();
    const heads = builder.view().heads;
    builder.write(
      sua,
      "urgencyChanged",
      { request, urgency: "emergency", reason: "tụt huyết áp", worse: true },
      { after: heads },
    );
    builder.write(
      lan,
      "urgencyChanged",
      { request, urgency: "routine", reason: "ổn" },
      { after: heads },
    );
    expect(seen()).toMatchObject({ urgency: "emergency", worse: true });
    builder.write(huy, "urgencyChanged", { request, urgency: "urgent", reason: "đã xem cả hai" });
    expect(seen()).toMatchObject({ urgency: "urgent", worse: false });
  });
});

describe("I21 decisions and closings that crossed are a conflict until a person resolves it", () => {
  function withRecommendation() {
    const made = withRequest();
    const recommendation = made.builder.write(huy, "recommendationMade", {
      request: made.request,
      text: "Chuyển ngay",
      replaces: [],
    });
    return { ...made, recommendation };
  }
  it("I21 accept and decline at once", () => {
    const { builder, recommendation, seen } = withRecommendation();
    const heads = builder.view().heads;
    const yes = builder.write(
      sua,
      "decisionMade",
      { recommendation, decision: "accept", replaces: [] },
      { after: heads },
    );
    const no = builder.write(
      nurse,
      "decisionMade",
      { recommendation, decision: "decline", reason: "không có xe", replaces: [] },
      { after: heads },
    );
    expect(builder.view().conflicts).toMatchObject([{ about: "decision" }]);
    builder.write(sua, "conflictResolved", { chosen: no, over: [yes], reason: "không có xe" });
    expect(builder.view().conflicts).toEqual([]);
    expect(seen().recommendations[0]?.decisions.map((one) => one.hash)).toEqual([no]);
  });
  it("I21 a later decision that replaces the earlier is no conflict, nor are two that say the same", () => {
    const { builder, recommendation, seen } = withRecommendation();
    const heads = builder.view().heads;
    const first = builder.write(
      sua,
      "decisionMade",
      { recommendation, decision: "accept", replaces: [] },
      { after: heads },
    );
    const same = builder.write(
      nurse,
      "decisionMade",
      { recommendation, decision: "accept", replaces: [] },
      { after: heads },
    );
    expect(builder.view().conflicts).toEqual([]);
    builder.write(sua, "decisionMade", {
      recommendation,
      decision: "change",
      text: "sáng mai",
      reason: "xa",
      replaces: [first, same],
    });
    expect(seen().recommendations[0]?.decisions.map(({ body }) => body.decision)).toEqual([
      "change",
    ]);
  });
  it("I21 closing and reopening at once leave it open", () => {
    const builder = openedCase(sua);
    builder.write(sua, "closed", {});
    const heads = builder.view().heads;
    expect(builder.view().state).toBe("closed");
    builder.write(nurse, "closed", { reason: "ra viện" }, { after: heads });
    expect(builder.view()).toMatchObject({ state: "closed", conflicts: [] });
    const reopened = builder.write(sua, "reopened", { reason: "sốt lại" }, { after: heads });
    const again = builder.view();
    expect(again.state).toBe("open");
    expect(again.conflicts).toMatchObject([{ about: "closing" }]);
    const over = again.conflicts[0]?.entries.filter((hash) => hash !== reopened) ?? [];
    builder.write(sua, "conflictResolved", { chosen: reopened, over, reason: "còn sốt" });
    expect(builder.view()).toMatchObject({ state: "open", conflicts: [] });
  });
});

describe("I22 what this version does not know is kept and shown as such", () => {
  it("I22 an unknown kind stands on the timeline with its body, and its followers fold", () => {
    const builder = openedCase(sua);
    const strange = builder.writeRaw(sua, "fromTheFuture", { anything: [1] });
    builder.write(sua, "note", { text: "sau đó" });
    const entry = builder.view().entries.find((one) => one.hash === strange);
    expect(entry).toMatchObject({
      kind: "fromTheFuture",
      understood: false,
      body: { anything: [1] },
    });
    expect(builder.view().notes).toHaveLength(1);
  });
});

describe("I23 the patient is the one attached last by who knew of the others", () => {
  const identity = (name: string) => ({ name, sex: "female" as const });
  const known = (name: string) => ({
    patient: "known" as const,
    log: uuidOf(name),
    identity: identity(name),
  });
  const patientOf = (view: CaseView) =>
    view.patient.state === "known" ? view.patient.identity.name : view.patient.state;
  it("I23 not yet known, then known; a known one stands over a crossing not-yet-known", () => {
    const builder = openedCase(sua);
    expect(patientOf(builder.view())).toBe("none");
    builder.write(sua, "patientAttached", { patient: "notYetKnown", ageYears: 30 });
    expect(patientOf(builder.view())).toBe("notYetKnown");
    const heads = builder.view().heads;
    builder.write(sua, "patientAttached", known("Mỷ"), { after: heads });
    builder.write(nurse, "patientAttached", { patient: "notYetKnown" }, { after: heads });
    expect(patientOf(builder.view())).toBe("Mỷ");
    expect(builder.view().conflicts).toEqual([]);
  });
  it("I23 two known ones that crossed are a conflict", () => {
    const builder = openedCase(sua);
    const heads = builder.view().heads;
    builder.write(sua, "patientAttached", known("Na"), { after: heads });
    builder.write(nurse, "patientAttached", known("Dợ"), { after: heads });
    expect(builder.view().conflicts).toMatchObject([{ about: "patient" }]);
    builder.write(sua, "patientAttached", known("Na"));
    expect(builder.view().conflicts).toEqual([]);
  });
});

describe("I24 a picture is shown once: with its full original, its better take", () => {
  it("I24 the original hangs on the small one; the blurred one names its re-take", () => {
    const builder = openedCase(sua);
    const blurred = builder.write(sua, "fileAdded", photo("mờ"));
    const sharp = builder.write(sua, "fileAdded", { ...photo("rõ"), retakeOf: blurred });
    const original = builder.write(sua, "fileAdded", { ...photo("gốc"), originalOf: sharp });
    expect(
      builder.view().files.map((file) => [file.hash, file.retakenBy, file.original?.hash]),
    ).toEqual([
      [blurred, sharp, undefined],
      [sharp, undefined, original],
    ]);
  });
});
