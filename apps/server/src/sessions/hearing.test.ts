import { doAct, plan, type Act, type Session } from "@lientuyen/session";
import { expect, test } from "vitest";
import { openHearingDesk } from "./hearing.ts";

const [chair, far, third] = ["12911/a", "01901/b", "12901/c"] as const;

const met = (): Session => {
  const acts: readonly (readonly [string, Act])[] = [
    [chair, { act: "arrive", who: chair }],
    [chair, { act: "setLobby", on: false }],
    [chair, { act: "start" }],
    ...[far, third].flatMap((who): (readonly [string, Act])[] => [
      [chair, { act: "invite", who, role: "member", untilMs: null }],
      [who, { act: "arrive", who }],
    ]),
  ];
  return acts.reduce(
    (state, [by, act]) => {
      const answer = doAct(state, by, act, 0);
      if (!answer.ok) throw new Error(`${act.act}: ${answer.why}`);
      return answer.session;
    },
    plan(chair, ["case/1"], 0),
  );
};

const speech = 0.05;
/** `far` does not hear the chair until it is done what it is told. */
const play = (seconds: number, mendedBy: string) => {
  const desk = openHearingDesk();
  const state = met();
  let broken = true;
  const told: string[] = [];
  const last = new Map<string, readonly string[]>();
  for (let second = 0; second < seconds; second += 1)
    for (const [at, who] of [chair, far, third].entries()) {
      const others = [chair, far, third].filter((each) => each !== who);
      const lost = (speaker: string) => broken && who === far && speaker === chair;
      const heard = Object.fromEntries(others.map((each) => [each, lost(each) ? 0 : speech]));
      const atMs = second * 1_000 + at * 100;
      const { repairs, deaf } = desk.report("s", state, { who, atMs, spoke: speech, heard });
      for (const { repair } of repairs) {
        told.push(`${second} s: ${who} ${repair}`);
        if (repair === mendedBy) broken = false;
      }
      last.set(
        who,
        deaf.map(({ listener, speaker }) => `${listener} not ${speaker}`),
      );
    }
  return { told, last };
};

test("a deaf pair is told to the chair and to the deaf one, and repaired by whose work it is, until it hears", () => {
  const broken = play(5, "never");
  expect(broken.told[0]).toMatch(/^[1-4] s: 01901\/b resubscribe$/);
  expect(Object.fromEntries(broken.last)).toEqual({
    [chair]: [`${far} not ${chair}`],
    [far]: [`${far} not ${chair}`],
    [third]: [],
  });
  const long = play(14, "speakerTransport");
  expect(long.told.map((each) => each.replace(/^.* s: /, ""))).toEqual([
    `${far} resubscribe`,
    `${far} listenerTransport`,
    `${chair} speakerTransport`,
  ]);
  const mended = play(14, "resubscribe");
  expect(mended.told).toHaveLength(1);
  expect([...mended.last.values()].flat()).toEqual([]);
});

test("who is not inside says nothing of anybody", () => {
  const desk = openHearingDesk();
  const state = met();
  const outside = "99999/x";
  for (let second = 0; second < 8; second += 1) {
    const atMs = second * 1_000;
    desk.report("s", state, { who: chair, atMs, spoke: speech, heard: { [far]: 0 } });
    const answer = desk.report("s", state, {
      who: outside,
      atMs,
      spoke: speech,
      heard: { [chair]: 0 },
    });
    expect(answer).toEqual({ repairs: [], deaf: [] });
  }
});
