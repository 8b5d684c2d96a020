import type { DirectoryView, KeyView } from "@lientuyen/record";
import { expect, test } from "vitest";
import { isCloned } from "./cloned.ts";

const me = { person: "p", facility: "12913", device: "d" };
const told = (over: Partial<KeyView>): boolean => {
  const key: KeyView = {
    key: "k",
    publicKey: "",
    ...me,
    confirmed: true,
    disowned: undefined,
    cloned: true,
    ...over,
  };
  const directory: DirectoryView = {
    facilities: new Map(),
    people: new Map(),
    keys: new Map([[key.key, key]]),
    released: new Set(),
  };
  return isCloned(directory, me);
};

test("whoever holds the copied key is told, until it is disowned; nobody else on a shared PC is", () => {
  expect(told({})).toBe(true);
  expect(told({ cloned: false })).toBe(false);
  expect(told({ disowned: { entry: "e", seq: 3 } })).toBe(false);
  expect(told({ person: "colleague" })).toBe(false);
  expect(told({ device: "my other device" })).toBe(false);
  expect(told({ facility: "12901" })).toBe(false);
});
