import { expect, it } from "vitest";
import { createCameraDesk, maySwitchCameras, type CameraDesk, type Offer } from "./cameras.ts";

const createCall = (names: readonly string[]) => {
  const desks = new Map<string, CameraDesk>();
  const present = new Set(names);
  for (const me of names)
    desks.set(
      me,
      createCameraDesk({
        me: () => me,
        present: () => [...present],
        send: (bytes, to) => {
          for (const other of to === undefined ? present : [to])
            if (other !== me) desks.get(other)?.heard(me, bytes);
        },
      }),
    );
  const get = (who: string): CameraDesk => {
    const found = desks.get(who);
    if (found === undefined) throw new Error(who);
    return found;
  };
  return { get, present };
};

const offer: Offer = {
  cameras: [
    { id: "0", name: "room" },
    { id: "1", name: "ultrasound" },
  ],
  now: "0",
};

it("everybody knows which cameras an endpoint has, who comes later too, until it has gone", () => {
  const call = createCall(["a", "b"]);
  call.get("a").offer(offer);
  expect(call.get("b").now().get("a")).toEqual(offer);
  call.get("a").offer({ ...offer, now: "1" });
  expect(call.get("b").now().get("a")?.now).toBe("1");

  const later = createCall(["a", "b"]);
  later.get("a").offer(offer);
  later.get("a").came("b");
  expect(later.get("b").now().get("a")).toEqual(offer);
  later.present.delete("a");
  later.get("b").left();
  expect(later.get("b").now().has("a")).toBe(false);
});

it("another's camera is switched by who may, to one that is there, and by nobody else", () => {
  const call = createCall(["a", "b", "c"]);
  const chosen: string[] = [];
  call.get("a").offer(offer);
  call.get("a").serve({ maySwitch: (who) => who === "b", choose: (id) => chosen.push(id) });
  call.get("b").want("a", "1");
  call.get("b").want("a", "7");
  call.get("c").want("a", "0");
  expect(chosen).toEqual(["1"]);
  call.get("a").want("a", "0");
  expect(chosen).toEqual(["1", "0"]);
});

it.each([
  ["f/chair", true],
  ["f/secretary", true],
  ["f/asked", true],
  ["g/anybody", true],
  ["f/member", false],
  ["f/gone", false],
  ["f/stranger", false],
] as const)("%s may switch: %s", (who, may) => {
  const people = ["chair", "secretary", "member"].map((role) => ({
    who: `f/${role}`,
    role,
    place: "inside",
  }));
  const more = [
    { who: "f/asked", role: "member", place: "inside" },
    { who: "g/anybody", role: "member", place: "inside" },
    { who: "f/gone", role: "secretary", place: "left" },
  ];
  expect(maySwitchCameras(who, [...people, ...more], new Set(["asked", "g"]))).toBe(may);
});
