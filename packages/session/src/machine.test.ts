import { readFileSync } from "node:fs";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import {
  Act,
  chairGraceMs,
  chairOf,
  doAct,
  findAttendee,
  maySpeak,
  mediaGrants,
  phases,
  places,
  plan,
  roles,
  server,
  Session,
  successorOf,
  table,
  type ActName,
  type Answer,
  type Attendee,
  type By,
  type Happening,
  type Phase,
  type Place,
  type Role,
} from "./index.ts";

const startMs = 1_800_000_000_000;
const hour = 3_600_000;
const acts = Object.keys(table) as ActName[];

/** A session as a list of acts, each of which has to be taken. */
const play = (...steps: readonly (readonly [By, Act, number?])[]): Session =>
  steps.reduce<Session>(
    (session, [by, act, atMs = startMs]) => {
      const answer = doAct(session, by, act, atMs);
      if (!answer.ok) throw new Error(`${act.act} by ${String(by)}: ${answer.why}`);
      return answer.session;
    },
    plan("sùa", ["case/1"], startMs),
  );
const invited = (who: string, role: Exclude<Role, "chair"> = "member"): readonly [By, Act] => [
  "sùa",
  { act: "invite", who, role, untilMs: role === "guest" ? startMs + 600_000 : null },
];
const arrives = (who: string, atMs = startMs): readonly [By, Act, number] => [
  who,
  { act: "arrive", who },
  atMs,
];
const admits = (who: string): readonly [By, Act] => ["sùa", { act: "admit", who }];
const begun: readonly (readonly [By, Act])[] = [
  ["sùa", { act: "arrive", who: "sùa" }],
  ["sùa", { act: "start" }],
];
const loses = (who: string, atMs = startMs): readonly [By, Act, number] => [
  server,
  { act: "lose", who },
  atMs,
];
const whyNot = (answer: Answer): string => (answer.ok ? "taken" : answer.why);

/** One of every act, done to `who` where it is done to somebody. */
const actOf = (name: ActName, who: string): Act => {
  switch (name) {
    case "invite":
      return { act: name, who, role: "member", untilMs: null };
    case "setRole":
      return { act: name, who, role: "presenter" };
    case "setLobby":
      return { act: name, on: true };
    case "setAgenda":
      return { act: name, agenda: ["case/2"] };
    case "takeItem":
      return { act: name, item: 0 };
    case "endSpotlight":
    case "muteAll":
    case "startRecording":
    case "stopRecording":
    case "start":
    case "end":
    case "tick":
      return { act: name };
    default:
      return { act: name, who };
  }
};

describe("the table", () => {
  test("M2 SPEC.md prints the table word by word", () => {
    const spec = readFileSync(new URL("../SPEC.md", import.meta.url), "utf8");
    const list = (names: readonly string[]): string => names.join(", ");
    for (const name of acts) {
      const { by, phases, from, never = [] } = table[name];
      const last = never.length === 0 ? "| |" : `| ${list(never)} |`;
      const stands = from === undefined ? "–" : list(from);
      expect(spec).toContain(`| ${name} | ${list(by)} | ${list(phases)} | ${stands} ${last}`);
    }
    const [section = ""] = spec.split("## The ladder");
    expect(section.match(/^\| \w+ \|/gm)).toHaveLength(acts.length + 1);
  });

  const person = (who: string, role: Role, place: Place): Attendee => ({
    who,
    role,
    place,
    sinceMs: startMs,
    insideSinceMs: place === "expected" || place === "lobby" ? null : startMs,
    muted: false,
    invitedUntilMs: role === "guest" ? startMs + hour : null,
  });
  const doers = [...roles, "self", "server", "stranger"] as const;
  const room = (phase: Phase, subject: Attendee | undefined): Session => ({
    ...plan("chair", ["case/1"], startMs),
    phase,
    titular: subject?.who ?? "chair",
    people: [
      ...roles.map((role) => person(role, role, "inside")),
      ...(subject === undefined ? [] : [subject]),
    ],
  });

  test("M2 every act × doer × place × phase is answered as the table says", () => {
    let seen = 0;
    for (const name of acts)
      for (const doer of doers)
        for (const phase of phases)
          for (const place of [...places, "absent"] as const) {
            const rule = table[name];
            const subject = place === "absent" ? undefined : person("subject", "member", place);
            const by = doer === "self" ? "subject" : doer === "server" ? server : doer;
            const answer = doAct(room(phase, subject), by, actOf(name, "subject"), startMs);
            const toSomebody = rule.from !== undefined;
            const self = doer === "self" && !toSomebody ? "member" : doer;
            // Somebody absent or removed does nothing, but may do to themselves what the row lets them.
            const may = rule.by.some((each) => each === self);
            const allowed =
              may && rule.phases.includes(phase) && (rule.from?.includes(place) ?? true);
            expect([name, doer, phase, place, answer.ok]).toEqual([
              name,
              doer,
              phase,
              place,
              allowed,
            ]);
            seen++;
          }
    expect(seen).toBe(acts.length * doers.length * phases.length * 7);
  });

  test("M2 what the table says is never done to a role is not", () => {
    for (const name of acts)
      for (const role of table[name].never ?? []) {
        const subject = role === "chair" ? "chair" : "subject";
        const there = role === "chair" ? undefined : person("subject", role, "inside");
        const by = table[name].by.includes("chair") ? "chair" : subject;
        const session = { ...room("open", there), titular: subject };
        expect([name, role, whyNot(doAct(session, by, actOf(name, subject), startMs))]).toEqual([
          name,
          role,
          "notOfThisRole",
        ]);
      }
  });

  test("M2 a secretary neither makes, changes nor removes a secretary", () => {
    const session = room("open", person("subject", "secretary", "inside"));
    for (const act of [
      actOf("remove", "subject"),
      actOf("setRole", "subject"),
      { act: "setRole", who: "member", role: "secretary" } as const,
      { act: "invite", who: "new", role: "secretary", untilMs: null } as const,
    ]) {
      expect(whyNot(doAct(session, "secretary", act, startMs))).toBe("notYours");
      expect(whyNot(doAct(session, "chair", act, startMs))).toBe("taken");
    }
  });
});

describe("the lobby and guests", () => {
  test("M6 with the lobby on one waits to be admitted; with it off, from the start on, nobody but guests waits", () => {
    const waiting = play(invited("pá"), invited("khách", "guest"), arrives("pá"), arrives("khách"));
    expect(waiting.people.map(({ place }) => place)).toEqual(["expected", "lobby", "lobby"]);
    const open = doAct(waiting, "sùa", { act: "setLobby", on: false }, startMs);
    expect(open.ok && findAttendee(open.session, "pá")?.place).toBe("lobby");
    const started = open.ok && doAct(open.session, "sùa", { act: "start" }, startMs);
    expect(started && started.ok && started.session.people.map(({ place }) => place)).toEqual([
      "expected",
      "inside",
      "lobby",
    ]);
  });

  test("M6 a guest's invitation begins before its end or not at all, and a guest who left waits again", () => {
    const session = play(...begun, invited("khách", "guest"));
    const late = doAct(session, "khách", { act: "arrive", who: "khách" }, startMs + 600_000);
    expect(whyNot(late)).toBe("invitationOver");
    const again = play(
      ...begun,
      invited("khách", "guest"),
      arrives("khách"),
      admits("khách"),
      ["khách", { act: "leave", who: "khách" }, startMs + 700_000],
      arrives("khách", startMs + 800_000),
    );
    expect(findAttendee(again, "khách")?.place).toBe("lobby");
    for (const [role, untilMs] of [
      ["guest", null],
      ["member", startMs],
    ] as const)
      expect(whyNot(doAct(session, "sùa", { act: "invite", who: "a", role, untilMs }, 0))).toBe(
        "guestNeedsAnEnd",
      );
  });

  test("M6 a dead link returns without being admitted anew, and keeps hand and floor", () => {
    const session = play(
      ...begun,
      invited("pá"),
      arrives("pá"),
      admits("pá"),
      ["sùa", { act: "giveFloor", who: "pá" }],
      loses("pá"),
    );
    const back = doAct(session, "pá", { act: "arrive", who: "pá" }, startMs + hour);
    expect(back).toMatchObject({ ok: true, happened: [{ what: "returned", who: "pá" }] });
    expect(back.ok && [findAttendee(back.session, "pá")?.place, back.session.floor]).toEqual([
      "inside",
      "pá",
    ]);
  });

  test("M7 who was removed comes in only by a new invitation", () => {
    const session = play(...begun, invited("pá"), arrives("pá"), admits("pá"), [
      "sùa",
      { act: "remove", who: "pá" },
    ]);
    expect(whyNot(doAct(session, "pá", { act: "arrive", who: "pá" }, startMs))).toBe("wrongPlace");
    expect(mediaGrants(session, "pá")).toBeUndefined();
    expect(whyNot(doAct(session, ...invited("pá"), startMs))).toBe("taken");
  });
});

describe("the chair", () => {
  const three = [
    ...begun,
    invited("thư ký", "secretary"),
    invited("pá"),
    invited("nghe", "listener"),
    arrives("pá", startMs + 1),
    admits("pá"),
    arrives("thư ký", startMs + 2),
    arrives("nghe", startMs + 3),
    admits("nghe"),
  ] as const;

  test("M5 a chair who left is stood in for at once, by the secretary before a member who was there first", () => {
    const session = play(...three);
    const answer = doAct(session, "sùa", { act: "leave", who: "sùa" }, startMs);
    expect(answer.ok && answer.happened).toEqual([
      { what: "left", who: "sùa" },
      { what: "chairPassed", from: "sùa", to: "thư ký", why: "chairLeft" },
    ] satisfies Happening[]);
    expect(answer.ok && answer.session.phase).toBe("open");
  });

  test("M5 a lost chair is stood in for after 20 s, not before, and takes the chair back on returning", () => {
    const lost = play(...three, loses("sùa", startMs + 1_000));
    const at = (ms: number) => doAct(lost, server, { act: "tick" }, startMs + 1_000 + ms);
    const early = at(chairGraceMs - 1);
    expect(early.ok && chairOf(early.session).who).toBe("sùa");
    const late = at(chairGraceMs);
    if (!late.ok) throw new Error(late.why);
    expect(chairOf(late.session).who).toBe("thư ký");
    const back = doAct(late.session, "sùa", { act: "arrive", who: "sùa" }, startMs + hour);
    if (!back.ok) throw new Error(back.why);
    expect(chairOf(back.session).who).toBe("thư ký");
    const taken = doAct(back.session, "sùa", { act: "takeBack", who: "sùa" }, startMs + hour);
    expect(taken.ok && chairOf(taken.session).who).toBe("sùa");
    const other = doAct(back.session, "pá", { act: "takeBack", who: "pá" }, startMs + hour);
    expect(whyNot(other)).toBe("notYours");
  });

  test("M5 with nobody inside who can chair, the first who comes in takes it", () => {
    const alone = play(...begun, invited("nghe", "listener"), invited("pá"), loses("sùa"), [
      "pá",
      { act: "arrive", who: "pá" },
      startMs + hour,
    ]);
    expect(chairOf(alone).who).toBe("sùa");
    const answer = doAct(alone, "sùa", { act: "admit", who: "pá" }, startMs + hour);
    expect(answer.ok && chairOf(answer.session).who).toBe("pá");
  });

  test("M3 only the chair ends a session; everybody leaving does not", () => {
    const session = play(...three);
    for (const by of ["thư ký", "pá", "nghe", "ai đó", server] as const)
      expect(whyNot(doAct(session, by, { act: "end" }, startMs))).toBe("notYours");
    const empty = play(
      ...three,
      ...["sùa", "thư ký", "pá", "nghe"].map((who) => [who, { act: "leave", who }] as const),
      [server, { act: "tick" }, startMs + 1_000 * hour] as const,
    );
    expect(empty.phase).toBe("open");
    const back = doAct(empty, "pá", { act: "arrive", who: "pá" }, startMs + 1_001 * hour);
    expect(back.ok && chairOf(back.session).who).toBe("pá");
    const ended = play(...three, ["sùa", { act: "end" }]);
    expect(whyNot(doAct(ended, "pá", { act: "arrive", who: "pá" }, startMs))).toBe("wrongPhase");
    expect(mediaGrants(ended, "sùa")).toBeUndefined();
  });

  test("M9 nobody is unmuted by another; a listener is heard only with the floor and muted after it", () => {
    const session = play(...three, ["sùa", { act: "mute", who: "pá" }]);
    expect(whyNot(doAct(session, "sùa", { act: "unmute", who: "pá" }, startMs))).toBe("notYours");
    expect(whyNot(doAct(session, "nghe", { act: "unmute", who: "nghe" }, startMs))).toBe("noFloor");
    expect(mediaGrants(session, "nghe")).toEqual({ publish: false });
    const floor = play(
      ...three,
      ["nghe", { act: "raiseHand", who: "nghe" }],
      ["sùa", { act: "giveFloor", who: "nghe" }],
      ["nghe", { act: "unmute", who: "nghe" }],
    );
    expect([floor.hands, floor.floor, mediaGrants(floor, "nghe")]).toEqual([
      [],
      "nghe",
      { publish: true },
    ]);
    const given = doAct(floor, "sùa", { act: "giveFloor", who: "pá" }, startMs);
    expect(given.ok && findAttendee(given.session, "nghe")?.muted).toBe(true);
  });

  test("M8 the agenda moves with what is being spoken about", () => {
    const session = play(
      ...begun,
      ["sùa", { act: "setAgenda", agenda: ["case/1", "case/2", "case/3"] }],
      ["sùa", { act: "takeItem", item: 1 }],
      ["sùa", { act: "setAgenda", agenda: ["case/3", "case/2"] }],
    );
    expect(session.item).toBe(1);
    expect(whyNot(doAct(session, "sùa", { act: "takeItem", item: 2 }, startMs))).toBe("noSuchItem");
  });
});

const names = ["sùa", "a", "b", "c", "d"] as const;
const anyName = fc.constantFrom(...names);
/** Coming and being let in as often as all else together, or everybody would stand outside. */
const anyActName = fc.oneof(
  fc.constantFrom(...acts),
  fc.constantFrom<ActName>("invite", "arrive", "arrive", "admit", "admit", "start"),
);
const anyAct: fc.Arbitrary<Act> = fc
  .tuple(anyActName, anyName, fc.constantFrom(...roles), fc.boolean(), fc.nat(3))
  .map(([name, who, role, on, item]) => {
    const given = role === "chair" ? "member" : role;
    switch (name) {
      case "invite":
        return { act: name, who, role: given, untilMs: given === "guest" ? startMs + hour : null };
      case "setRole":
        return { act: name, who, role: given };
      case "setLobby":
        return { act: name, on };
      case "takeItem":
        return { act: name, item };
      case "takeBack": // mostly of who was the chair at first: another's claim is rare
        return { act: name, who: item === 0 ? who : "sùa" };
      default:
        return actOf(name, who);
    }
  });
/** Often by who may, else nothing would ever happen. */
const anyStep = fc.record({
  act: anyAct,
  by: fc.oneof(
    { weight: 3, arbitrary: fc.constant("right" as const) },
    { weight: 1, arbitrary: fc.constantFrom<By>(...names, server) },
  ),
  passedMs: fc.constantFrom(0, 0, 500, 9_000, 21_000),
});

const rightDoer = (session: Session, act: Act): By => {
  const { by } = table[act.act];
  if (by.includes("server")) return server;
  if (by.includes("self") && "who" in act) return act.who;
  return chairOf(session).who;
};

/** What has to hold after every act, whoever did it. */
const check = (session: Session, nowMs: number): void => {
  const chairs = session.people.filter(({ role }) => role === "chair");
  expect(chairs).toHaveLength(1);
  const [chair] = chairs;
  expect(chair?.place).not.toBe("removed");
  if (session.phase === "open" && chair !== undefined && chair.place !== "inside") {
    const waited = chair.place !== "left" && nowMs - chair.sinceMs < chairGraceMs;
    expect(waited || successorOf(session) === undefined).toBe(true);
  }
  expect(new Set(session.hands).size).toBe(session.hands.length);
  for (const who of [...session.hands, session.floor, session.spotlight])
    if (who !== null) expect(["inside", "lost"]).toContain(findAttendee(session, who)?.place);
  for (const each of session.people) {
    if (!maySpeak(session, each)) expect(each.muted).toBe(true);
    const granted = mediaGrants(session, each.who) !== undefined;
    expect(granted).toBe(
      session.phase !== "ended" && (each.place === "inside" || each.place === "lost"),
    );
  }
  const text: unknown = JSON.parse(JSON.stringify(session));
  expect(v.parse(Session, text)).toEqual(session);
};

describe("random acts by random people", () => {
  /** Gives the acts that were taken at least once. */
  const playAll = (seed: number): ReadonlySet<string> => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60, size: "max" }), (steps) => {
        let session = play(arrives("sùa"), invited("a"), arrives("a"), admits("a"), invited("b"));
        let nowMs = startMs;
        for (const [index, { act, by, passedMs }] of steps.entries()) {
          nowMs += passedMs;
          // Most plays would be over before anything had happened.
          if (act.act === "end" && index < 40) continue;
          const doer = by === "right" ? rightDoer(session, act) : by;
          const before = JSON.stringify(session);
          const wasChair = chairOf(session).who;
          const mutedBefore = new Map(session.people.map(({ who, muted }) => [who, muted]));
          const answer = doAct(session, doer, v.parse(Act, act), nowMs);
          expect(JSON.stringify(session)).toBe(before);
          if (!answer.ok) continue;
          reached.add(act.act);
          if (answer.session.phase === "ended") expect([act.act, doer]).toEqual(["end", wasChair]);
          for (const { who, muted } of answer.session.people)
            if (mutedBefore.get(who) === true && !muted && act.act !== "invite")
              expect([act.act, doer]).toEqual(["unmute", who]);
          ({ session } = answer);
          check(session, nowMs);
        }
      }),
      { numRuns: 300, seed },
    );
    return reached;
  };

  test("M1 M3 M4 M5 M8 M9 M10 M11 hold after every act", () => {
    // A play in which an act is never taken shows nothing about it: so one whose course is known.
    expect([...playAll(3)].sort()).toEqual([...acts].sort());
    playAll(Math.floor(Math.random() * 0x7fff_ffff));
  });

  test("M6 nobody is inside who was not admitted, or let in by an open door, since the last invitation", () => {
    let others = 0;
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60, size: "max" }), (steps) => {
        let session = plan("sùa", ["case/1"], startMs);
        let nowMs = startMs;
        const welcome = new Set<string>();
        for (const { act, by, passedMs } of steps) {
          nowMs += passedMs;
          const doer = by === "right" ? rightDoer(session, act) : by;
          const answer = doAct(session, doer, act, nowMs);
          if (!answer.ok) continue;
          const before = session;
          ({ session } = answer);
          if (act.act === "invite" || act.act === "remove") welcome.delete(act.who);
          if (act.act === "admit") welcome.add(act.who);
          for (const { who, role, place } of session.people) {
            const was = findAttendee(before, who);
            const guides = [was?.role, role].some(
              (each) => each === "chair" || each === "secretary",
            );
            const openDoor = !session.lobby && session.phase === "open" && role !== "guest";
            if (guides || openDoor) welcome.add(who);
            if (place === "inside" && !guides) others++;
            if (place === "inside") expect([who, welcome.has(who)]).toEqual([who, true]);
            if (role === "guest" && place === "left") welcome.delete(who);
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(others).toBeGreaterThan(0);
  });
});

describe("recording", () => {
  test("M12 it is off until somebody who guides turns it on, and off again with the next act or the end", () => {
    const open = play(...begun, invited("pá"), arrives("pá"), admits("pá"));
    expect(open.recording).toBeNull();
    expect(whyNot(doAct(open, "pá", { act: "startRecording" }, startMs))).toBe("notYours");
    const on = doAct(open, "sùa", { act: "startRecording" }, startMs + 5);
    if (!on.ok) throw new Error(on.why);
    expect(on.session.recording).toEqual({ sinceMs: startMs + 5, by: "sùa" });
    expect(on.happened).toEqual([{ what: "recordingStarted", by: "sùa" }]);
    // Twice is once, by whoever was first and since then.
    const again = doAct(on.session, "sùa", { act: "startRecording" }, startMs + 9);
    expect(again.ok && [again.session.recording?.sinceMs, again.happened]).toEqual([
      startMs + 5,
      [],
    ]);
    const off = doAct(on.session, server, { act: "stopRecording" }, startMs + 9);
    expect(off.ok && [off.session.recording, off.happened]).toEqual([
      null,
      [{ what: "recordingStopped", by: "" }],
    ]);
    const over = doAct(on.session, "sùa", { act: "end" }, startMs + 9);
    expect(over.ok && [over.session.recording, over.happened]).toEqual([
      null,
      [
        { what: "recordingStopped", by: "sùa" },
        { what: "ended", by: "sùa" },
      ],
    ]);
  });

  test("M12 who goes, is lost or hands the chair over leaves it as it is", () => {
    const open = play(...begun, invited("pá"), arrives("pá"), admits("pá"), [
      "sùa",
      { act: "startRecording" },
    ]);
    for (const [by, act] of [
      ["sùa", { act: "leave", who: "sùa" }],
      [server, { act: "lose", who: "sùa" }],
      ["sùa", { act: "handOver", who: "pá" }],
    ] as const) {
      const answer = doAct(open, by, act, startMs + hour);
      expect(answer.ok && answer.session.recording).toEqual(open.recording);
    }
  });
});
