import type { Identity } from "@lientuyen/record";
import { expect, test } from "vitest";
import { rankLikely } from "./likelyPatients.ts";

const someone = (log: string, identity: Identity) => ({ log, identity, lastCase: "" });
const known = [
  someone("1", { name: "Trang Thị Na", sex: "female", birth: { known: "year", year: 2025 } }),
  someone("2", { name: "Giàng A Dế", sex: "male", personalNumber: "012092004417" }),
  someone("3", { name: "Pờ Lòng Hừ", sex: "male", insuranceNumber: "HT2120112345678" }),
];
const logs = (asked: Partial<Identity>) => rankLikely(asked, known).map(({ log }) => log);

test("a name that sounds alike, the same number, the card's bare ten digits", () => {
  expect(logs({ name: "Chang Thị Na", sex: "female" })).toEqual(["1"]);
  expect(logs({ personalNumber: "012092004417" })).toEqual(["2"]);
  expect(logs({ insuranceNumber: "0112345678" })).toEqual(["3"]);
});

test("nobody is offered to a stranger", () => {
  expect(logs({ name: "Hảng Thị Dợ", sex: "female" })).toEqual([]);
  expect(logs({ name: "Giàng A Dế", sex: "male", personalNumber: "012092009999" })).toEqual([]);
  expect(logs({})).toEqual([]);
});
