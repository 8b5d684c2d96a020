import fc from "fast-check";
import { expect, it } from "vitest";
import { marksOf, whole, wholeState, writeMessage } from "./board.ts";
import { createBoard, type BoardStore } from "./boardStore.ts";

interface Packet {
  readonly from: string;
  readonly to: string;
  readonly lossy: boolean;
  readonly bytes: Uint8Array;
}

/** A call of a few boards: reliable packets come in their order from each to each, unless the link is down. */
const createCall = (names: readonly string[]) => {
  const present = new Set<string>();
  const packets: Packet[] = [];
  const timers: (() => void)[] = [];
  let count = 0;
  const boards = new Map<string, BoardStore>(
    names.map((me) => [
      me,
      createBoard(
        {
          me: () => me,
          present: () => [...present],
          send: (bytes, { lossy, to }) => {
            if (!present.has(me)) return;
            for (const other of to === undefined ? present : [to])
              if (other !== me) packets.push({ from: me, to: other, lossy, bytes });
          },
        },
        () => `${me}-${count++}`,
        (work) => timers.push(work),
      ),
    ]),
  );
  const get = (who: string): BoardStore => {
    const found = boards.get(who);
    if (found === undefined) throw new Error(who);
    return found;
  };
  const enter = (who: string) => {
    if (present.has(who)) return;
    present.add(who);
    for (const each of present) get(each).came(who);
  };
  const leave = (who: string) => {
    present.delete(who);
    // What was on its way to and from the link is gone with it.
    for (let at = packets.length - 1; at >= 0; at--)
      if (packets[at]?.to === who || packets[at]?.from === who) packets.splice(at, 1);
    for (const each of present) get(each).left();
  };
  /** The first packet between one pair, chosen by a number. */
  const deliver = (nth: number, lose: boolean) => {
    const picked = packets[nth % Math.max(packets.length, 1)];
    if (picked === undefined) return;
    const at = packets.findIndex(({ from, to }) => from === picked.from && to === picked.to);
    const [packet] = packets.splice(at, 1);
    if (packet !== undefined && !(packet.lossy && lose))
      get(packet.to).heard(packet.from, packet.bytes);
  };
  const settle = () => {
    while (packets.length > 0 || timers.length > 0) {
      for (const work of timers.splice(0)) work();
      while (packets.length > 0) deliver(0, false);
    }
  };
  return { get, enter, leave, deliver, settle, packets };
};

const names = ["a", "b", "c", "d"];
const who = fc.constantFrom(...names);
const place = fc.record({
  x: fc.integer({ min: 0, max: whole }),
  y: fc.integer({ min: 0, max: whole }),
});
const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant("show" as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("leave" as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("enter" as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("undo" as const), who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("draw" as const), who, place }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("lift" as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("point" as const), who, place }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("deliver" as const),
      nth: fc.nat(50),
      lose: fc.boolean(),
    }),
  },
);

it("whoever is there at the end sees the same picture with the same marks, however links came and went", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const call = createCall(names);
      for (const each of steps)
        switch (each.do) {
          case "show":
            call.get(each.who).show(`file-of-${each.who}`);
            break;
          case "leave":
            call.leave(each.who);
            break;
          case "enter":
            call.enter(each.who);
            break;
          case "undo":
            call.get(each.who).undo();
            break;
          case "draw":
            call.get(each.who).draw(each.place);
            break;
          case "lift":
            call.get(each.who).draw(undefined);
            break;
          case "point":
            call.get(each.who).point(each.place);
            break;
          case "deliver":
            call.deliver(each.nth, each.lose);
        }
      for (const each of names) call.enter(each);
      for (const each of names) call.get(each).draw(undefined);
      call.settle();
      // A second look, as after a mended link: whoever had something alone has told it by now.
      for (const each of names) call.get(each).came(each);
      call.settle();
      const seen = names.map((each) => {
        const board = call.get(each).now();
        return { head: board.head, marks: marksOf(board) };
      });
      for (const each of seen) expect(each).toEqual(seen[0]);
    }),
    { numRuns: 300 },
  );
});

it("who comes later is told everything by who shows it, and by nobody else", () => {
  const call = createCall(["a", "b", "c"]);
  call.enter("a");
  call.enter("b");
  call.get("a").show("ecg");
  call.settle();
  for (const x of [100, 900, 5_000]) call.get("b").draw({ x, y: 500 });
  call.get("b").draw(undefined);
  call.settle();
  call.enter("c");
  const toNewcomer = call.packets.filter(({ to }) => to === "c");
  expect(new Set(toNewcomer.map(({ from }) => from))).toEqual(new Set(["a"]));
  call.settle();
  const board = call.get("c").now();
  expect(board.head?.file).toBe("ecg");
  expect(marksOf(board).map(({ points }) => points)).toEqual([[100, 500, 900, 500, 5_000, 500]]);
});

it("a line is seen while it is drawn, once when it is finished, and not when it was taken back", () => {
  const call = createCall(["a", "b"]);
  call.enter("a");
  call.enter("b");
  call.get("a").show("ecg");
  call.get("a").draw({ x: 100, y: 100 });
  call.get("a").draw({ x: 400, y: 100 });
  call.settle();
  expect(call.get("b").now().drawing.get("a")?.points).toEqual([100, 100, 400, 100]);
  call.get("a").draw(undefined);
  call.settle();
  expect(call.get("b").now().drawing.size).toBe(0);
  expect(marksOf(call.get("b").now())).toHaveLength(1);
  call.get("b").undo();
  call.settle();
  expect(marksOf(call.get("b").now())).toHaveLength(1); // only one's own are taken back
  call.get("a").undo();
  call.settle();
  expect(marksOf(call.get("b").now())).toHaveLength(0);
});

it("a pointer rests with its owner's word, and goes with its owner", () => {
  const call = createCall(["a", "b"]);
  call.enter("a");
  call.enter("b");
  call.get("a").show("ecg");
  call.settle();
  call.get("b").point({ x: 1, y: 2 });
  call.settle();
  expect(call.get("a").now().pointers.get("b")).toMatchObject({ x: 1, y: 2 });
  call.get("b").point(undefined);
  call.settle();
  expect(call.get("a").now().pointers.size).toBe(0);
  call.get("b").point({ x: 1, y: 2 });
  call.settle();
  call.leave("b");
  expect(call.get("a").now().pointers.size).toBe(0);
});

it("no message is too large to be carried, and none that is not understood changes anything", () => {
  const call = createCall(["a", "b"]);
  call.enter("a");
  call.get("a").show("ecg");
  for (let line = 0; line < 60; line++) {
    for (let at = 0; at < 300; at++)
      call.get("a").draw({ x: (at * 131) % whole, y: (at * 977 + line) % whole });
    call.get("a").draw(undefined);
  }
  const messages = wholeState(call.get("a").now());
  expect(messages.length).toBeGreaterThan(3);
  for (const message of messages) expect(writeMessage(message).length).toBeLessThan(15_000);
  const before = call.get("a").now();
  for (const text of ["", "{", '{"say":"future"}', '{"say":"shown","head":{"order":0}}'])
    call.get("a").heard("b", new TextEncoder().encode(text));
  expect(call.get("a").now()).toBe(before);
});
