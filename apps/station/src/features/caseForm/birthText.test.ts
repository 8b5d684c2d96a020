import { expect, test } from "vitest";
import { readBirth } from "./birthText.ts";

const at = "2026-11-22T15:40:00.000Z";
const birth = (text: string) => {
  const read = readBirth(text, at);
  return read.read === "birth" ? read.birth : read.read;
};

test("a day, however it is written", () => {
  for (const text of ["15/03/1992", "15-3-1992", "15031992", "1992-03-15", " 15.03.1992 "])
    expect(birth(text)).toEqual({ known: "day", day: "1992-03-15" });
});
test("a year, an age in years, months or days, in both languages and without marks", () => {
  expect(birth("1992")).toEqual({ known: "year", year: 1992 });
  expect(birth("34 tuổi")).toEqual({ known: "year", year: 1992 });
  expect(birth("34 tuoi")).toEqual({ known: "year", year: 1992 });
  expect(birth("18 tháng")).toEqual({ known: "ageMonths", ageMonths: 18, at });
  expect(birth("18 months")).toEqual({ known: "ageMonths", ageMonths: 18, at });
  expect(birth("3 tuổi")).toEqual({ known: "ageMonths", ageMonths: 36, at });
  expect(birth("10 ngày")).toEqual({ known: "day", day: "2026-11-12" });
});
test("a bare small number is asked about", () =>
  expect(readBirth("18", at)).toEqual({ read: "whichUnit", number: 18 }));
test("no such day, or one to come, is refused", () => {
  for (const text of ["31/02/1992", "01/01/2030", "2030", "abc", "131 tuổi"])
    expect(birth(text)).toBe("wrong");
});
