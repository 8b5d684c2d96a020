import { expect, it } from "vitest";
import { createFreezer, type Freezer, type Outcome } from "./freezer.ts";

const createPair = () => {
  const timers: (() => void)[] = [];
  const ends = new Map<string, Freezer>();
  const sent: (() => void)[] = [];
  let count = 0;
  for (const me of ["a", "b", "c"])
    ends.set(
      me,
      createFreezer({
        me: () => me,
        send: (to, bytes) => sent.push(() => ends.get(to)?.heard(me, bytes)),
        newId: () => `${me}${count++}`,
        later: (work) => timers.push(work),
      }),
    );
  const get = (who: string): Freezer => {
    const found = ends.get(who);
    if (found === undefined) throw new Error(who);
    return found;
  };
  /** Everything that is on its way arrives, and what it leads to. */
  const settle = async () => {
    for (let round = 0; round < 10; round++) {
      for (const deliver of sent.splice(0)) deliver();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { get, sent, settle, timers };
};

it.each(["kept", "cameraOff", "failed"] as const)(
  "the side with the camera takes it, tells who asked, and knows for whom: %s",
  async (outcome) => {
    const call = createPair();
    const asked: string[] = [];
    call.get("b").serve((by) => {
      asked.push(by);
      return Promise.resolve(outcome);
    });
    call.get("a").take("b");
    expect(call.get("a").now()).toEqual({ at: "asked", of: "b" });
    await call.settle();
    expect(asked).toEqual(["a"]);
    expect(call.get("a").now()).toEqual({ at: "done", of: "b", outcome });
    expect(call.get("b").now()).toEqual({ at: "byOther", by: "a", outcome });
  },
);

it("two who ask at once are served one after the other", async () => {
  const call = createPair();
  let busy = 0;
  let most = 0;
  call.get("b").serve(async (): Promise<Outcome> => {
    busy += 1;
    most = Math.max(most, busy);
    await new Promise((resolve) => setImmediate(resolve));
    busy -= 1;
    return "kept";
  });
  call.get("a").take("b");
  call.get("c").take("b");
  await call.settle();
  expect(most).toBe(1);
  for (const who of ["a", "c"])
    expect(call.get(who).now()).toEqual({ at: "done", of: "b", outcome: "kept" });
});

it("who does not answer is said not to have, and a stranger's answer counts for nothing", async () => {
  const call = createPair();
  call.get("b").serve(() => Promise.resolve("kept"));
  call.get("a").take("b");
  const [, ...none] = call.sent.splice(0); // lost on the way
  expect(none).toEqual([]);
  const forged = { say: "taken", id: "a0", outcome: "kept" };
  call.get("a").heard("c", new TextEncoder().encode(JSON.stringify(forged)));
  await call.settle();
  expect(call.get("a").now()).toEqual({ at: "asked", of: "b" });
  for (const work of call.timers) work();
  expect(call.get("a").now()).toEqual({ at: "done", of: "b", outcome: "noAnswer" });
});
