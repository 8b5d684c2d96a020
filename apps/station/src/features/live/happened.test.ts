import { doAct, plan, type Act, type Session } from "@lientuyen/session";
import { describe, expect, test } from "vitest";
import { guestName, notesOf } from "./happened.ts";

const session = "0199c0de-0000-7000-8000-000000000001";
const [chair, member, guest] = ["12911/a", "01901/b", "guest/x1/Lò Thị Vân"];

const run = (state: Session, ...acts: readonly (readonly [string, Act])[]): Session =>
  acts.reduce((now, [by, act], index) => {
    const answer = doAct(now, by, act, index + 1);
    if (!answer.ok) throw new Error(`${act.act}: ${answer.why}`);
    return answer.session;
  }, state);
const sent = (state: Session) => ({
  session,
  log: "case/x",
  state: {
    ...state,
    people: state.people.map((each) => ({ ...each })),
    agenda: [...state.agenda],
    hands: [...state.hands],
  },
});

const met = run(
  plan(chair, ["case/x"], 0),
  [chair, { act: "arrive", who: chair }],
  [chair, { act: "start" }],
  [chair, { act: "setLobby", on: false }],
  [chair, { act: "invite", who: member, role: "member", untilMs: null }],
  [member, { act: "arrive", who: member }],
  [chair, { act: "invite", who: guest, role: "guest", untilMs: 1_000 }],
  [guest, { act: "arrive", who: guest }],
);

describe("what a device notes of a session that changed", () => {
  test("the one whose role it is notes it, nobody else", () => {
    const after = run(met, [chair, { act: "handOver", who: member }]);
    const changed = (who: string, role: string) => [{ what: "roleChanged", session, who, role }];
    expect(notesOf(sent(met), sent(after), member)).toEqual(changed(member, "chair"));
    expect(notesOf(sent(met), sent(after), chair)).toEqual(changed(chair, "member"));
    expect(notesOf(sent(met), sent(after), "01901/c")).toEqual([]);
    expect(notesOf(sent(after), sent(after), member)).toEqual([]);
  });

  test("the chair notes guests by their names, once each time", () => {
    const inside = run(met, [chair, { act: "admit", who: guest }]);
    const gone = run(inside, [guest, { act: "leave", who: guest }]);
    const note = (what: string) => [{ what, session, guest: "Lò Thị Vân" }];
    expect(notesOf(sent(met), sent(inside), chair)).toEqual(note("joined"));
    expect(notesOf(sent(met), sent(inside), member)).toEqual([]);
    expect(notesOf(sent(inside), sent(gone), chair)).toEqual(note("left"));
    const back = run(
      gone,
      [guest, { act: "arrive", who: guest }],
      [chair, { act: "admit", who: guest }],
    );
    expect(notesOf(sent(gone), sent(back), chair)).toEqual(note("returned"));
  });

  test("a guest's name may hold any sign", () => {
    expect(guestName("guest/x1/Lò A/B")).toBe("Lò A/B");
    expect(guestName(chair)).toBeUndefined();
  });
});
