/// <reference types="node" />
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  authorAt,
  CaseBuilder,
  central,
  DirectoryBuilder,
  hashOf,
  long,
  momentAt,
  now,
  openedCase,
  provincial,
  station,
  uuidOf,
} from "./caseBuilder.fixture.ts";
import {
  canDo,
  caseBodies,
  may,
  type Author,
  type CaseBody,
  type CaseFact,
  type CaseKind,
  type RequestState,
  type Role,
  type Verdict,
} from "./index.ts";

const letters: Readonly<Record<string, Role>> = {
  P: "physician",
  A: "physicianAssistant",
  N: "nurse",
  C: "coordinator",
  D: "departmentHead",
  F: "facilityHead",
  I: "itAdministrator",
};
const roles = Object.values(letters);
const stranger = "55555";
const places = { treating: station, asked: central, former: provincial, none: stranger } as const;
type Place = keyof typeof places;
const ended = "2026-01-01T00:00:00.000Z";

/** One person for each role at each facility, in office or not any more. */
const personOf = (place: Place, role: Role, standing: "now" | "ended" = "now"): Author =>
  authorAt(places[place], `${role} ${standing}`);
const directories = new DirectoryBuilder();
for (const [place, facility] of Object.entries(places)) {
  directories.facility(facility);
  for (const role of roles) {
    directories.person(personOf(place as Place, role), role);
    directories.person(personOf(place as Place, role, "ended"), role, ended);
  }
}
directories.contract(station, central);
directories.contract(station, provincial);
directories.contract(central, provincial, { specialties: ["surgery"] });
const directory = directories.view();
const sua = personOf("treating", "physician");
const huy = personOf("asked", "physician");
const lan = personOf("asked", "coordinator");

interface Scenario {
  readonly builder: CaseBuilder;
  readonly request: string;
  readonly head: string;
  readonly question: string;
  readonly recommendation: string;
  readonly note: (place: Place) => string;
}

/** A request that provincial had and sent on to central, with something of everybody in it. */
function scenario(
  state: "open" | "closed" = "open",
  urgency: "urgent" | "emergency" = "urgent",
): Scenario {
  const builder = openedCase(sua);
  const question = builder.write(sua, "questionAsked", { text: "?" });
  const sending = { to: provincial, specialty: "surgery", urgency, questions: [question] };
  const request = builder.write(sua, "requestSent", sending);
  const body = { request, to: central, specialty: "toxicology", reason: "r", expects: request };
  const thanh = personOf("former", "physician");
  const notes = new Map<string, string>();
  notes.set("former", builder.write(thanh, "note", { text: "n" }));
  const head = builder.write(thanh, "sentOn", body);
  notes.set("treating", builder.write(sua, "note", { text: "n" }));
  notes.set("asked", builder.write(huy, "note", { text: "n" }));
  const recommendation = builder.write(huy, "recommendationMade", {
    request,
    text: "t",
    replaces: [],
  });
  if (state === "closed") builder.write(sua, "closed", {});
  const note = (place: Place) => notes.get(place) ?? notes.get("treating") ?? "";
  return { builder, request, head, question, recommendation, note };
}

const text = { text: "t", replaces: [] };
/** A body of each kind that nothing speaks against but who writes it, and when. */
const bodies: {
  readonly [K in CaseKind]: (
    s: Scenario,
    place: Place,
    urgency: "urgent" | "emergency",
  ) => CaseBody<K>;
} = {
  opened: (_, place) => ({ number: "N", facility: places[place], mode: "support" }),
  patientAttached: () => ({ patient: "notYetKnown" }),
  recordingConsent: () => ({
    given: true,
    by: "patient",
    how: "spoken",
    at: "2026-01-01T00:00:00.000Z",
  }),
  consentRecorded: () => ({
    ground: "emergency",
    told: "nobody",
    how: "notPossible",
    at: momentAt(0),
  }),
  historyTaken: () => text,
  allergiesAndMedicines: () => ({ noKnownAllergies: true, replaces: [] }),
  vitalSigns: () => ({ readings: [{ sign: "pulse", value: 80 }], measuredAt: momentAt(0) }),
  examination: () => text,
  diagnosis: () => ({ ...text, certainty: "suspected" }),
  summary: () => text,
  note: () => ({ text: "t" }),
  fileAdded: () => ({ file: { hash: hashOf("f"), size: 1, type: "image/jpeg" }, role: "photo" }),
  questionAsked: () => ({ text: "t" }),
  requestSent: (s, _, urgency) => ({
    to: central,
    specialty: "surgery",
    urgency,
    questions: [s.question],
  }),
  requestWithdrawn: (s) => ({ request: s.request, reason: "r" }),
  urgencyChanged: (s) => ({ request: s.request, urgency: "urgent", reason: "r" }),
  contractNamed: (s) => ({ request: s.request, contract: `${station}-${central}` }),
  allocated: (s) => ({ request: s.request, to: huy.person, expects: s.head }),
  accepted: (s) => ({ request: s.request, expects: s.head }),
  sentOn: (s) => ({
    request: s.request,
    to: provincial,
    specialty: "surgery",
    reason: "r",
    expects: s.head,
  }),
  declined: (s) => ({ request: s.request, reason: "r", expects: s.head }),
  specialistAsked: (s) => ({
    request: s.request,
    facility: provincial,
    specialty: "surgery",
    reason: "r",
  }),
  seen: () => ({}),
  messageSent: () => ({ text: "t" }),
  informationAsked: (s) => ({ request: s.request, text: "t" }),
  opinionGiven: (s) => ({ request: s.request, question: s.question, confidence: "low", ...text }),
  recommendationMade: (s) => ({ request: s.request, ...text }),
  decisionMade: (s) => ({ recommendation: s.recommendation, decision: "accept", replaces: [] }),
  handedOver: () => ({ to: { kind: "facility", facility: provincial }, note: "n" }),
  sessionNoted: () => ({ session: uuidOf("live"), what: "joined" }),
  agreedByTelephone: () => ({ with: "BS trực", at: momentAt(0), text: "t" }),
  outcomeTold: () => ({ result: "improved", at: momentAt(0) }),
  closed: () => ({}),
  reopened: () => ({ reason: "r" }),
  correction: (s, place) => ({ target: s.note(place), reason: "r", body: { text: "t2" } }),
  textMerged: (s) => ({
    kind: "summary",
    text: "t",
    replaces: [s.note("treating"), s.note("asked")],
  }),
  conflictResolved: (s) => ({ chosen: s.note("treating"), over: [s.note("asked")], reason: "r" }),
  withheld: (s, place) => ({ target: s.note(place), ground: "wrongPicture", effect: "hide" }),
};
const factOf = (
  kind: CaseKind,
  s: Scenario,
  place: Place,
  urgency: "urgent" | "emergency" = "urgent",
): CaseFact => ({ kind, body: bodies[kind](s, place, urgency) }) as CaseFact;

/** The table of SPEC.md, read from there. */
interface Line {
  readonly treating: readonly Role[];
  readonly inEmergency: readonly Role[];
  readonly asked: readonly Role[];
  readonly onArrival: boolean;
  readonly any: boolean;
}
const spec = readFileSync(new URL("../SPEC.md", import.meta.url), "utf8");
const rolesIn = (cell: string): Role[] => cell.split("").flatMap((letter) => letters[letter] ?? []);
const table = new Map<string, Line>(
  [
    ...spec.matchAll(
      /^\| (\w+) \| ([^|]+) \| ([^|]+) \| (as written|on arrival) \| (open|any) \|$/gm,
    ),
  ].map(([, kind = "", treating = "", asked = "", judged, state]) => {
    const [usual = "", emergency = ""] = treating.split(",");
    return [
      kind,
      {
        treating: rolesIn(usual),
        inEmergency: rolesIn(emergency.replace("in an emergency", "")),
        asked: rolesIn(asked),
        onArrival: judged === "on arrival",
        any: state === "any",
      },
    ];
  }),
);
const lineOf = (kind: CaseKind): Line => {
  const line = table.get(kind);
  if (line === undefined) throw new Error(`SPEC.md has no row for ${kind}`);
  return line;
};
const kinds = Object.keys(caseBodies) as CaseKind[];
const refused = (why: string) => ({ verdict: "no", why });

/** What SPEC.md's table says, worked out apart from the code. */
function expected(
  kind: CaseKind,
  place: Place,
  role: Role,
  standing: "now" | "ended",
  closed: boolean,
  emergency: boolean,
): object {
  const line = lineOf(kind);
  if (kind === "opened") return refused("wrong_state");
  if (place === "none") return refused("strangers_case");
  const lenient = !line.onArrival || (emergency && line.inEmergency.length > 0);
  if (place === "former" && !lenient) return refused("strangers_case");
  const ours = [...line.treating, ...(emergency ? line.inEmergency : [])];
  const allowed = place === "treating" ? ours : line.asked;
  if (!allowed.includes(role)) return refused("role_forbids");
  if (standing === "ended" && !lenient) return refused("role_forbids");
  if (closed && !line.any && !lenient) return refused("wrong_state");
  const marks = [
    ...(standing === "ended" ? ["roleEnded"] : []),
    ...(place === "former" ? ["accessEnded"] : []),
    ...(closed && !line.any ? ["caseClosed"] : []),
  ];
  return { verdict: "yes", marks };
}

const scenes = {
  open: scenario("open"),
  closed: scenario("closed"),
  emergency: scenario("open", "emergency"),
  closedEmergency: scenario("closed", "emergency"),
};
const sceneAt = (closed: boolean, emergency: boolean): Scenario => {
  if (emergency) return closed ? scenes.closedEmergency : scenes.emergency;
  return closed ? scenes.closed : scenes.open;
};

describe("I25 may answers as the tables of SPEC.md say", () => {
  it("I25 the table has a row for each kind and no other", () => {
    expect([...table.keys()].sort()).toEqual([...kinds].sort());
  });
  it.each(kinds)("I25 %s: every part, role, standing, state and urgency", (kind) => {
    for (const closed of [false, true])
      for (const emergency of [false, true]) {
        const scene = sceneAt(closed, emergency);
        const view = scene.builder.view();
        for (const place of ["treating", "asked", "former", "none"] as const)
          for (const role of roles)
            for (const standing of ["now", "ended"] as const) {
              const actor = personOf(place, role, standing);
              const fact = factOf(kind, scene, place, emergency ? "emergency" : "urgent");
              const told = may(actor, fact, view, directory, now);
              const said = expected(kind, place, role, standing, closed, emergency);
              // What the two sides may resolve or answer when they are gone is looked at below.
              if (kind === "conflictResolved" && place === "former") continue;
              expect({ place, role, standing, closed, emergency, told }).toEqual({
                place,
                role,
                standing,
                closed,
                emergency,
                told: said,
              });
            }
      }
  });
  it("I25 before the case is opened: opened alone, at one's own facility, by who records", () => {
    const empty = new CaseBuilder().view();
    for (const kind of kinds)
      for (const role of roles) {
        const told = may(
          personOf("treating", role),
          factOf(kind, scenes.open, "treating"),
          empty,
          directory,
          now,
        );
        const records = lineOf("opened").treating.includes(role);
        const opening = records ? { verdict: "yes", marks: [] } : refused("role_forbids");
        expect([kind, told]).toEqual([kind, kind === "opened" ? opening : refused("unknown_log")]);
      }
    expect(may(sua, factOf("opened", scenes.open, "asked"), empty, directory, now)).toEqual(
      refused("bad_body"),
    );
  });
  it("I25 who has no role anywhere writes nothing", () => {
    const nobody = authorAt(station, "nobody");
    const view = scenes.open.builder.view();
    for (const kind of kinds)
      expect(may(nobody, factOf(kind, scenes.open, "treating"), view, directory, now).verdict).toBe(
        "no",
      );
  });
});

/** A request brought to each state. */
const atState: { readonly [S in RequestState]: (s: Scenario) => void } = {
  sent: () => undefined,
  sentOn: (s) => act(s, "sentOn", { to: central, specialty: "surgery", reason: "r" }),
  allocated: (s) => act(s, "allocated", { to: huy.person }),
  accepted: (s) => act(s, "accepted", {}),
  answering: (s) =>
    void s.builder.write(huy, "recommendationMade", { request: s.request, ...text }),
  answered: (s) =>
    void s.builder.write(huy, "opinionGiven", {
      request: s.request,
      question: s.question,
      confidence: "low",
      ...text,
    }),
  declined: (s) => act(s, "declined", { reason: "r" }),
  withdrawn: (s) =>
    void s.builder.write(sua, "requestWithdrawn", { request: s.request, reason: "r" }),
};
const headOf = (s: Scenario) => s.builder.view().requests[0]?.head ?? "";
const act = (s: Scenario, kind: CaseKind, rest: object): void =>
  void s.builder.writeRaw(huy, kind, { request: s.request, expects: headOf(s), ...rest });
function requestAt(state: RequestState): Scenario {
  const builder = openedCase(sua);
  const question = builder.write(sua, "questionAsked", { text: "?" });
  const sending = {
    to: central,
    specialty: "toxicology",
    urgency: "urgent" as const,
    questions: [question],
  };
  const request = builder.write(sua, "requestSent", sending);
  // Another request keeps central in the case whatever becomes of the first.
  builder.write(sua, "requestSent", { ...sending, questions: [] });
  const made: Scenario = {
    builder,
    request,
    head: request,
    question,
    recommendation: "",
    note: () => "",
  };
  atState[state](made);
  return { ...made, head: headOf(made) };
}
const stateTable = [...spec.matchAll(/^\| (\w+) \| (yes|no) \| (yes|no) \|$/gm)].map(
  ([, state, exclusive, specialist]) => [state as RequestState, exclusive, specialist] as const,
);

describe("I25 acts on a request by its state", () => {
  it("I25 every state has its row", () => {
    expect(stateTable.map(([state]) => state).sort()).toEqual(Object.keys(atState).sort());
  });
  it.each(stateTable)(
    "I25 a request that is %s: exclusive acts %s, asking a specialist %s",
    (state, exclusive, specialist) => {
      const scene = requestAt(state);
      const view = scene.builder.view();
      expect(view.requests[0]?.state).toBe(state);
      const head = personOf("asked", "departmentHead");
      for (const kind of ["allocated", "accepted", "sentOn", "declined"] as const) {
        const told = may(head, factOf(kind, scene, "asked"), view, directory, now);
        expect([kind, told.verdict]).toEqual([kind, exclusive]);
        expect([kind, canDo(head, kind, view, directory, now, scene.request)]).toEqual([
          kind,
          exclusive === "yes",
        ]);
        const why = told.verdict === "no" ? told.why : "wrong_state";
        expect(state === "declined" ? "wrong_state" : why).toBe("wrong_state");
      }
      const told = may(head, factOf("specialistAsked", scene, "asked"), view, directory, now);
      expect(told.verdict).toBe(specialist);
    },
  );
});

const ask = (actor: Author, fact: CaseFact, scene: Scenario = scenes.open, at = now): Verdict =>
  may(actor, fact, scene.builder.view(), directory, at);

describe("I26 facts are never refused because the rules have changed since", () => {
  const facts = kinds.filter((kind) => kind !== "opened" && table.get(kind)?.onArrival === false);
  it.each(facts)(
    "I26 %s by who might then: role ended, case closed, even both, is a yes with marks",
    (kind) => {
      for (const place of ["treating", "asked"] as const)
        for (const role of place === "treating" ? lineOf(kind).treating : lineOf(kind).asked) {
          const told = ask(
            personOf(place, role, "ended"),
            factOf(kind, scenes.closed, place),
            scenes.closed,
          );
          expect(told.verdict).toBe("yes");
          expect(told.verdict === "yes" && told.marks).toContain("roleEnded");
        }
    },
  );
  it("I26 an answer after the request was sent on is taken and marked", () => {
    const thanh = personOf("former", "physician");
    expect(ask(thanh, factOf("opinionGiven", scenes.open, "former"))).toEqual({
      verdict: "yes",
      marks: ["accessEnded"],
    });
  });
  it("I26 who is treating and was asked answers as well", () => {
    const scene = scenario();
    scene.builder.write(sua, "handedOver", {
      to: { kind: "facility", facility: central },
      note: "n",
    });
    expect(ask(huy, factOf("opinionGiven", scene, "asked"), scene)).toEqual({
      verdict: "yes",
      marks: [],
    });
    expect(ask(huy, factOf("decisionMade", scene, "asked"), scene)).toEqual({
      verdict: "yes",
      marks: [],
    });
  });
});

describe("I27 a contract in force on that day, or an emergency", () => {
  const sending = (
    urgency: "emergency" | "urgent" | "routine",
    to: string,
    specialty = "surgery",
  ): CaseFact => ({
    kind: "requestSent",
    body: { to, specialty, urgency, questions: [] },
  });
  it("I27 with one yes, without one no, an emergency yes with its mark", () => {
    expect(ask(sua, sending("routine", central))).toEqual({ verdict: "yes", marks: [] });
    for (const urgency of ["routine", "urgent"] as const)
      expect(ask(sua, sending(urgency, stranger))).toEqual(refused("no_contract"));
    expect(ask(sua, sending("emergency", stranger))).toEqual({
      verdict: "yes",
      marks: ["noContract"],
    });
    expect(ask(sua, sending("emergency", "99999"))).toEqual(refused("unknown_facility"));
  });
  it("I27 before its first day and from its last on there is none; for another specialty neither", () => {
    const local = new DirectoryBuilder();
    for (const facility of [station, central]) local.facility(facility);
    local.person(sua, "physician");
    local.contract(station, central, {
      from: momentAt(0),
      until: momentAt(10),
      specialties: ["surgery"],
    });
    const view = scenes.open.builder.view();
    const at = (minute: number, specialty = "surgery") =>
      may(sua, sending("urgent", central, specialty), view, local.view(), momentAt(minute)).verdict;
    expect([at(-1), at(0), at(9), at(10), at(5, "oncology")]).toEqual([
      "no",
      "yes",
      "yes",
      "no",
      "no",
    ]);
    local.write(central, "contractEnded", {
      contract: `${station}-${central}`,
      from: momentAt(5),
      reason: "r",
    });
    expect([at(4), at(5)]).toEqual(["yes", "no"]);
  });
  it.each([
    [station, central],
    [central, station],
  ])("I27 a contract that only %s wrote is none", (one, other) => {
    const local = new DirectoryBuilder();
    for (const facility of [station, central]) local.facility(facility);
    local.person(sua, "physician");
    local.write(one, "contractAgreed", { contract: "c", with: other, from: long });
    const view = scenes.open.builder.view();
    const told = may(sua, sending("urgent", central), view, local.view(), now);
    expect(told).toEqual(refused("no_contract"));
  });
  it("I27 sent on by the sender's contract, or within the facility; elsewhere not", () => {
    const on = (to: string, specialty: string): CaseFact => ({
      kind: "sentOn",
      body: { request: scenes.open.request, to, specialty, reason: "r", expects: scenes.open.head },
    });
    expect(ask(lan, on(provincial, "surgery")).verdict).toBe("yes");
    expect(ask(lan, on(central, "cardiology")).verdict).toBe("yes");
    expect(ask(lan, on(stranger, "surgery"))).toEqual(refused("no_contract"));
  });
  it("I27 the contract named later is one that both directories know", () => {
    const naming = (contract: string): CaseFact => ({
      kind: "contractNamed",
      body: { request: scenes.emergency.request, contract },
    });
    expect(ask(lan, naming(`${station}-${central}`), scenes.emergency).verdict).toBe("yes");
    expect(ask(lan, naming("made up"), scenes.emergency)).toEqual(refused("no_contract"));
  });
});

describe("I28 acts on a request are for who has it, on the head that it has", () => {
  const { request, head } = scenes.open;
  it("I28 another head is head_moved, and names nobody's state", () => {
    expect(ask(huy, { kind: "accepted", body: { request, expects: request } })).toEqual(
      refused("head_moved"),
    );
  });
  it("I28 a facility that was only asked in does not take the request", () => {
    const scene = scenario();
    scene.builder.write(huy, "specialistAsked", {
      request: scene.request,
      facility: stranger,
      specialty: "surgery",
      reason: "r",
    });
    const guest = personOf("none", "physician");
    expect(ask(guest, factOf("accepted", scene, "none"), scene)).toEqual(refused("strangers_case"));
    expect(ask(guest, factOf("opinionGiven", scene, "none"), scene).verdict).toBe("yes");
  });
  it.each([
    ["a nurse", personOf("asked", "nurse").person],
    ["somebody elsewhere", sua.person],
    ["nobody", uuidOf("nobody at all")],
    ["who has left", personOf("asked", "physician", "ended").person],
  ])("I28 allocating to %s is unknown_person", (_, to) => {
    expect(ask(lan, { kind: "allocated", body: { request, to, expects: head } })).toEqual(
      refused("unknown_person"),
    );
  });
});

describe("I29 what a body names must be known here", () => {
  const gone = hashOf("not here");
  const { question, request } = scenes.open;
  const facts: readonly [string, Author, CaseFact, string][] = [
    ["a request", huy, { kind: "accepted", body: { request: gone, expects: gone } }, "retry_later"],
    [
      "a request to answer",
      huy,
      { kind: "opinionGiven", body: { request: gone, question, confidence: "low", ...text } },
      "retry_later",
    ],
    [
      "a question",
      huy,
      { kind: "opinionGiven", body: { request, question: gone, confidence: "low", ...text } },
      "retry_later",
    ],
    [
      "a question of a request",
      sua,
      {
        kind: "requestSent",
        body: { to: central, specialty: "surgery", urgency: "urgent", questions: [gone] },
      },
      "retry_later",
    ],
    [
      "a recommendation",
      sua,
      { kind: "decisionMade", body: { recommendation: gone, decision: "accept", replaces: [] } },
      "retry_later",
    ],
    [
      "something else as a recommendation",
      sua,
      {
        kind: "decisionMade",
        body: { recommendation: question, decision: "accept", replaces: [] },
      },
      "bad_body",
    ],
    [
      "a version to merge",
      sua,
      { kind: "textMerged", body: { kind: "summary", text: "t", replaces: [gone, question] } },
      "retry_later",
    ],
    [
      "what to correct",
      sua,
      { kind: "correction", body: { target: gone, reason: "r", body: {} } },
      "retry_later",
    ],
    [
      "what to withhold",
      sua,
      { kind: "withheld", body: { target: gone, ground: "wrongPicture", effect: "hide" } },
      "retry_later",
    ],
    [
      "a facility to hand over to",
      sua,
      { kind: "handedOver", body: { to: { kind: "facility", facility: "99999" }, note: "n" } },
      "unknown_facility",
    ],
    [
      "a person to hand over to",
      sua,
      { kind: "handedOver", body: { to: { kind: "person", person: huy.person }, note: "n" } },
      "unknown_person",
    ],
    [
      "a specialist's facility",
      huy,
      {
        kind: "specialistAsked",
        body: { request, facility: "99999", specialty: "surgery", reason: "r" },
      },
      "unknown_facility",
    ],
    [
      "a specialist",
      huy,
      {
        kind: "specialistAsked",
        body: {
          request,
          facility: provincial,
          specialty: "surgery",
          person: huy.person,
          reason: "r",
        },
      },
      "unknown_person",
    ],
  ];
  it.each(facts)("I29 %s", (_, actor, fact, why) => {
    expect(ask(actor, fact)).toEqual(refused(why));
  });
});

describe("I30 one mends and withholds what one's own facility wrote", () => {
  const correction = (target: string, body: unknown): CaseFact => ({
    kind: "correction",
    body: { target, reason: "r", body },
  });
  it("I30 corrections: of words, of the same facility, that fit", () => {
    const { note, request, recommendation } = scenes.open;
    expect(ask(sua, correction(note("asked"), { text: "t" }))).toEqual(refused("role_forbids"));
    expect(ask(sua, correction(request, {}))).toEqual(refused("wrong_state"));
    expect(ask(sua, correction(note("treating"), { words: "t" }))).toEqual(refused("bad_body"));
    expect(ask(huy, correction(recommendation, { request: hashOf("other"), ...text }))).toEqual(
      refused("bad_body"),
    );
    expect(
      ask(personOf("asked", "nurse"), correction(recommendation, { request, ...text })),
    ).toEqual(refused("role_forbids"));
  });
  const withholding = (target: string, rest: Partial<CaseBody<"withheld">>): CaseFact => ({
    kind: "withheld",
    body: { target, ground: "wrongPatient", effect: "hide", ...rest },
  });
  it("I30 hiding a slip is anybody's who records; destroying is the facility head's", () => {
    const target = scenes.open.note("treating");
    const nurse = personOf("treating", "nurse");
    const head = personOf("treating", "facilityHead");
    expect(ask(nurse, withholding(target, {})).verdict).toBe("yes");
    for (const rest of [
      { effect: "destroy" },
      { ground: "personsRight" },
      { ground: "retentionEnded" },
    ] as const) {
      expect(ask(nurse, withholding(target, rest))).toEqual(refused("role_forbids"));
      expect(ask(head, withholding(target, rest)).verdict).toBe("yes");
    }
    expect(ask(head, withholding(scenes.open.note("asked"), {}))).toEqual(refused("role_forbids"));
    const opened = scenes.open.builder.inputs[0]?.entry.hash ?? "";
    expect(ask(nurse, withholding(opened, {}))).toEqual(refused("wrong_state"));
  });
  it("I30 a conflict is resolved by the side that decides", () => {
    const scene = scenario();
    const decide = (decision: "accept" | "decline") =>
      scene.builder.write(sua, "decisionMade", {
        recommendation: scene.recommendation,
        decision,
        replaces: [],
      });
    const [chosen, over] = [decide("accept"), decide("decline")];
    const ours: CaseFact = {
      kind: "conflictResolved",
      body: { chosen, over: [over], reason: "r" },
    };
    expect(ask(sua, ours, scene).verdict).toBe("yes");
    expect(ask(huy, ours, scene)).toEqual(refused("role_forbids"));
    const theirs: CaseFact = {
      kind: "conflictResolved",
      body: { chosen: scene.head, over: [scene.recommendation], reason: "r" },
    };
    expect(ask(lan, theirs, scene).verdict).toBe("yes");
    expect(ask(sua, theirs, scene)).toEqual(refused("role_forbids"));
  });
});

describe("I31 canDo offers only what may would take without a mark", () => {
  it("I31 property: for every kind, part, role, standing and state", () => {
    const place = fc.constantFrom<Place[]>("treating", "asked", "former", "none");
    const standing = fc.constantFrom("now" as const, "ended" as const);
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        place,
        fc.constantFrom(...roles),
        standing,
        fc.boolean(),
        fc.boolean(),
        (kind, part, role, held, closed, emergency) => {
          const scene = sceneAt(closed, emergency);
          const view = scene.builder.view();
          const actor = personOf(part, role, held);
          // A screen offers sending to a nurse because it might be an emergency.
          const urgency = kind === "requestSent" ? "emergency" : "urgent";
          const told = may(actor, factOf(kind, scene, part, urgency), view, directory, now);
          const clean = told.verdict === "yes" && told.marks.length === 0;
          if (kind === "conflictResolved" && part === "former") return;
          const about = kind === "correction" || kind === "withheld" ? scene.note(part) : undefined;
          expect(canDo(actor, kind, view, directory, now, about)).toBe(clean);
        },
      ),
      { numRuns: 1500 },
    );
  });
});
