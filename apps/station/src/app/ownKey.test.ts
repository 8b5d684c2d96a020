import type { DirectoryView, FacilityView, KeyView } from "@lientuyen/record";
import { expect, test } from "vitest";
import { disownedWith, isCloned } from "./ownKey.ts";

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

test("a disowned key says whether a new one would help: not on a device that was disowned itself", () => {
  const station = (disowned: boolean): FacilityView => ({
    code: me.facility,
    versions: [],
    name: "",
    shortName: "",
    level: "commune",
    phone: undefined,
    contracts: [],
    duty: [],
    devices: [{ device: me.device, name: "", disowned }],
  });
  const asked = (key: Partial<KeyView>, deviceDisowned = false): string | undefined =>
    disownedWith(
      {
        facilities: new Map([[me.facility, station(deviceDisowned)]]),
        people: new Map(),
        keys: new Map([
          [
            "k",
            {
              key: "k",
              publicKey: "",
              ...me,
              confirmed: true,
              disowned: undefined,
              cloned: false,
              ...key,
            },
          ],
        ]),
        released: new Set(),
      },
      me,
      "k",
    );
  const disowned = { entry: "e", seq: 3 };
  expect(asked({})).toBeUndefined();
  expect(asked({ disowned })).toBe("key");
  expect(asked({ disowned }, true)).toBe("device");
});
