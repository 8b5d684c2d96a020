import type { Identity } from "@lientuyen/record";

type Birth = NonNullable<Identity["birth"]>;

export type BirthText =
  | { readonly read: "empty" }
  | { readonly read: "birth"; readonly birth: Birth }
  /** A bare small number: years or months? */
  | { readonly read: "whichUnit"; readonly number: number }
  | { readonly read: "wrong" };

const plainText = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().trim();

/** Reads "15/03/1992", "15031992", "1992", "34 tuổi", "18 tháng", "10 days"; `at` is now. */
export function readBirth(typed: string, at: string): BirthText {
  const text = plainText(typed);
  if (text === "") return { read: "empty" };
  const day =
    /^(\d{1,2})[\s/.-]+(\d{1,2})[\s/.-]+(\d{4})$/.exec(text) ??
    /^(\d{2})(\d{2})(\d{4})$/.exec(text);
  if (day !== null)
    return readDay(
      `${day[3]}-${(day[2] ?? "").padStart(2, "0")}-${(day[1] ?? "").padStart(2, "0")}`,
      at,
    );
  const iso = /^\d{4}-\d{2}-\d{2}$/.exec(text);
  if (iso !== null) return readDay(text, at);
  if (/^\d{4}$/.test(text)) return readYear(Number(text), at);
  const age = /^(\d{1,4})\s*(t|tuoi|year|years|y|th|thang|month|months|m|ngay|day|days|d)?$/.exec(
    text,
  );
  return age === null ? { read: "wrong" } : readAge(Number(age[1]), age[2], at);
}

function readDay(day: string, at: string): BirthText {
  const date = new Date(`${day}T00:00:00.000Z`);
  const real =
    !Number.isNaN(date.getTime()) &&
    date.toISOString().startsWith(day) &&
    day <= dayAfter(at) &&
    day >= "1880";
  return real ? { read: "birth", birth: { known: "day", day } } : { read: "wrong" };
}

/** Born today is today in Vietnam, which may be tomorrow in UTC. */
const dayAfter = (at: string): string =>
  new Date(Date.parse(at) + 86_400_000).toISOString().slice(0, 10);

function readYear(year: number, at: string): BirthText {
  return year >= 1880 && year <= Number(at.slice(0, 4))
    ? { read: "birth", birth: { known: "year", year } }
    : { read: "wrong" };
}

function readAge(number: number, unit: string | undefined, at: string): BirthText {
  if (unit === undefined) return number <= 130 ? { read: "whichUnit", number } : { read: "wrong" };
  if (unit.startsWith("ng") || unit.startsWith("d"))
    return number <= 400
      ? readDay(new Date(Date.parse(at) - number * 86_400_000).toISOString().slice(0, 10), at)
      : { read: "wrong" };
  if (unit.startsWith("th") || unit.startsWith("m"))
    return number <= 1560
      ? { read: "birth", birth: { known: "ageMonths", ageMonths: number, at } }
      : { read: "wrong" };
  return number <= 130
    ? number < 6
      ? { read: "birth", birth: { known: "ageMonths", ageMonths: number * 12, at } }
      : readYear(Number(at.slice(0, 4)) - number, at)
    : { read: "wrong" };
}

/** The same in the form that `readBirth` takes. */
export function writeBirth(
  birth: Birth | undefined,
  words: { readonly months: (count: number) => string },
): string {
  if (birth === undefined) return "";
  switch (birth.known) {
    case "day":
      return birth.day.split("-").reverse().join("/");
    case "year":
      return String(birth.year);
    case "ageMonths":
      return words.months(birth.ageMonths);
  }
}
