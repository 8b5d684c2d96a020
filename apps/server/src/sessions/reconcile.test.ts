import { doAct, plan, server, type Act, type By, type Session } from "@lientuyen/session";
import { describe, expect, test } from "vitest";
import type { Present } from "./media.ts";
import { lostAfterMs, neverCameAfterMs, reconcile, watch, type Absences } from "./reconcile.ts";

const play = (...steps: readonly (readonly [By, Act])[]): Session =>
  steps.reduce<Session>(
    (session, [by, act]) => {
      const answer = doAct(session, by, act, 0);
      if (!answer.ok) throw new Error(`${act.act}: ${answer.why}`);
      return answer.session;
    },
    plan("sua", ["case/1"], 0),
  );
const open: readonly (readonly [By, Act])[] = [
  ["sua", { act: "arrive", who: "sua" }],
  ["sua", { act: "setLobby", on: false }],
  ["sua", { act: "start" }],
  ["sua", { act: "invite", who: "huy", role: "member", untilMs: null }],
  ["sua", { act: "invite", who: "nghe", role: "listener", untilMs: null }],
  ["huy", { act: "arrive", who: "huy" }],
  ["nghe", { act: "arrive", who: "nghe" }],
];
const present = (who: string, more: Partial<Present> = {}): Present => ({
  who,
  mayPublish: true,
  microphones: [],
  ...more,
});

describe("the room is as the session says", () => {
  test("who is no part of it, was removed, left or still waits is sent out", () => {
    const session = play(
      ...open,
      ["sua", { act: "remove", who: "huy" }],
      ["sua", { act: "invite", who: "cho", role: "guest", untilMs: 1 }],
      ["cho", { act: "arrive", who: "cho" }],
    );
    const orders = reconcile(
      session,
      ["sua", "huy", "cho", "ai do"].map((who) => present(who)),
    );
    expect(orders.map(({ order, who }) => `${order} ${who}`)).toEqual([
      "dismiss huy",
      "dismiss cho",
      "dismiss ai do",
    ]);
  });

  test("a listener publishes only with the floor, and a muted one is silent", () => {
    const microphones = [
      { track: "TR_1", muted: false },
      { track: "TR_2", muted: true },
    ];
    const session = play(...open, ["sua", { act: "mute", who: "huy" }]);
    expect(reconcile(session, [present("nghe"), present("huy", { microphones })])).toEqual([
      { order: "permit", who: "nghe", publish: false },
      { order: "mute", who: "huy", track: "TR_1" },
    ]);
    const floor = play(...open, ["sua", { act: "giveFloor", who: "nghe" }]);
    expect(reconcile(floor, [present("nghe", { mayPublish: false })])).toEqual([
      { order: "permit", who: "nghe", publish: true },
    ]);
  });

  test("what is right already is left alone", () => {
    expect(
      reconcile(play(...open), [present("sua"), present("nghe", { mayPublish: false })]),
    ).toEqual([]);
  });
});

describe("dead links", () => {
  /** Who is in the room in each second; gives the acts with their seconds. */
  const over = (
    session: Session,
    inRoom: (second: number) => readonly string[],
    seconds: number,
  ) => {
    let absences: Absences = new Map();
    const acts: string[] = [];
    for (let second = 0; second < seconds; second++) {
      const names = inRoom(second).map((who) => present(who));
      const watched = watch(session, names, absences, second * 1_000);
      ({ absences } = watched);
      for (const { act, who } of watched.acts) acts.push(`${second} ${act} ${who}`);
    }
    return acts;
  };

  test("who has been in the room and is not any more is lost after 10 s, a blink is nothing", () => {
    const all = ["sua", "huy", "nghe"];
    const acts = over(
      play(...open),
      (second) => (second === 5 ? ["sua"] : second < 20 ? all : ["sua", "nghe"]),
      31,
    );
    expect(acts).toEqual([
      `${19 + lostAfterMs / 1_000} lose huy`,
      `${20 + lostAfterMs / 1_000} lose huy`,
    ]);
  });

  test("who has only just arrived is given longer to connect", () => {
    const acts = over(play(...open), () => ["sua", "nghe"], neverCameAfterMs / 1_000 + 1);
    expect(acts).toEqual([`${neverCameAfterMs / 1_000} lose huy`]);
  });

  test("a lost one who is in the room again has returned; nobody else is touched", () => {
    const session = play(...open, [server, { act: "lose", who: "huy" }]);
    expect(over(session, () => ["sua", "huy", "nghe"], 1)).toEqual(["0 arrive huy"]);
    expect(over(session, () => ["sua", "nghe"], 60)).toEqual([]);
  });
});
