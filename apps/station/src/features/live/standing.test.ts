import { doAct, plan, type Act, type Session } from "@lientuyen/session";
import { describe, expect, test } from "vitest";
import { actsAbout, mayAct, type State } from "./standing.ts";

const [chair, member, listener] = ["12911/a", "01901/b", "01901/c"];
const run = (state: Session, ...acts: readonly (readonly [string, Act])[]): State => {
  const end = acts.reduce((now, [by, act]) => {
    const answer = doAct(now, by, act, 1);
    if (!answer.ok) throw new Error(`${act.act}: ${answer.why}`);
    return answer.session;
  }, state);
  return {
    ...end,
    people: end.people.map((each) => ({ ...each })),
    agenda: [...end.agenda],
    hands: [...end.hands],
  };
};
const invited = (who: string, role: "member" | "listener") =>
  [
    [chair, { act: "invite", who, role, untilMs: null }],
    [who, { act: "arrive", who }],
  ] as const;
const met = run(
  plan(chair, [], 0),
  [chair, { act: "arrive", who: chair }],
  [chair, { act: "start" }],
  ...invited(member, "member"),
  ...invited(listener, "listener"),
  [chair, { act: "admit", who: listener }],
  [listener, { act: "raiseHand", who: listener }],
);
const namesAbout = (me: string, who: string): readonly string[] =>
  met.people
    .filter((each) => each.who === who)
    .flatMap((each) => actsAbout(met, me, each, 1))
    .map((act) => (act.act === "setRole" ? act.role : act.act));

describe("what stands on the screen to be done about somebody", () => {
  test("the chair admits and sends out who waits, and nobody else sees such a button", () => {
    expect(namesAbout(chair, member)).toEqual([
      "admit",
      "remove",
      "secretary",
      "presenter",
      "listener",
    ]);
    expect(namesAbout(listener, member)).toEqual([]);
    expect(namesAbout(chair, chair)).toEqual([]);
  });

  test("a listener with a raised hand gets the floor, is never made chair, and is muted already", () => {
    const about = namesAbout(chair, listener);
    expect(about).toEqual(
      expect.arrayContaining(["giveFloor", "lowerHand", "spotlight", "remove"]),
    );
    expect(about).not.toContain("handOver");
    expect(about).not.toContain("mute");
    expect(about).not.toContain("endFloor");
  });

  test("what is asked of the session's rules is answered by them", () => {
    expect(mayAct(met, chair, { act: "end" }, 1)).toBe(true);
    expect(mayAct(met, listener, { act: "end" }, 1)).toBe(false);
  });
});
