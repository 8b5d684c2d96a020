import { expect, it } from "vitest";
import { darkLooks, faultOf, judgeLink, judgePicture, judgeSound, kbitOf } from "./judge.ts";

const thrown = (name: string, message = "") => Object.assign(new Error(message), { name });

it.each([
  [thrown("NotAllowedError", "Permission denied"), "refused"],
  [thrown("NotAllowedError", "Permission denied by system"), "refusedBySystem"],
  [thrown("NotFoundError"), "none"],
  [thrown("OverconstrainedError"), "none"],
  [thrown("NotReadableError", "Could not start video source"), "busy"],
  [thrown("AbortError"), "busy"],
  [thrown("TypeError"), "failed"],
  ["something", "failed"],
] as const)("%s is said as %s", (error, fault) => {
  expect(faultOf(error, true)).toBe(fault);
  expect(faultOf(error, false)).toBe("insecure");
});

const many = <T>(value: T) => Array.from({ length: darkLooks }, () => value);

it("a picture is dark when it stays even and black, and not before the camera had its moment", () => {
  const black = { mean: 2, spread: 1 };
  expect(judgePicture([black])).toBeUndefined();
  expect(judgePicture(many(black))).toBe("dark");
  expect(judgePicture([...many(black), { mean: 90, spread: 30 }])).toBe("good");
  expect(judgePicture([{ mean: 9, spread: 12 }])).toBe("good"); // a lamp in a dark room
});

it("speech moves; silence, a whisper and a hum are told from it", () => {
  expect(judgeSound([0, 0.03, 0.1, 0.02, 0], false)).toBe("good");
  expect(judgeSound([0, 0.03], false)).toBeUndefined();
  expect(judgeSound(many(0.05), true)).toBe("quiet"); // a hum
  expect(judgeSound(many(0.004), true)).toBe("quiet");
  expect(judgeSound(many(0.0001), true)).toBe("silent");
  expect(judgeSound([], true)).toBe("silent");
});

it("a line carries what its weaker way carries", () => {
  const line = (downKbit: number, upKbit: number, roundTripMs = 60) =>
    judgeLink({ roundTripMs, downKbit, upKbit });
  expect(line(5_000, 900)).toBe("video");
  expect(line(5_000, 200)).toBe("smallVideo");
  expect(line(64, 64, 600)).toBe("voice");
  expect(line(5_000, 10)).toBe("writing");
  expect(judgeLink({ roundTripMs: 60 })).toBe("writing");
  expect(kbitOf(8_192, 1_624, 600)).toBe(64);
});
