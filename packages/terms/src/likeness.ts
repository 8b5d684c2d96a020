import { plain } from "./plain.ts";
import { sameInsuranceNumber } from "./identityNumbers.ts";

/** What two records of a patient are compared by. */
export interface Likeness {
  readonly name?: string | undefined;
  readonly sex?: string | undefined;
  readonly birthYear?: number | undefined;
  readonly personalNumber?: string | undefined;
  readonly oldNumber?: string | undefined;
  readonly insuranceNumber?: string | undefined;
  readonly guardianNumber?: string | undefined;
}

/** Letters that differ between two words, each insertion, deletion or change counting one. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

/** Spellings that mountain names are written in alike: ch/tr, x/s, d/gi, y/i. */
const sound = (name: string): string =>
  plain(name)
    .replace(/\btr/g, "ch")
    .replace(/\bs(?!\s)/g, "x")
    .replace(/\bgi/g, "d")
    .replace(/y/g, "i");

const nameLikeness = (a: string, b: string): number => {
  const [x, y] = [sound(a), sound(b)];
  if (x === "" || y === "") return 0;
  return 1 - distance(x, y) / Math.max(x.length, y.length);
};

const same = (a: string | undefined, b: string | undefined): boolean => a !== undefined && a === b;

/** 1 = a number agrees; else how alike name, sex and year of birth are, 0 to 1. Offer from about 0.75 on. */
export const likenessOf = (a: Likeness, b: Likeness): number => {
  if (same(a.personalNumber, b.personalNumber) || same(a.oldNumber, b.oldNumber)) return 1;
  if (
    a.insuranceNumber !== undefined &&
    b.insuranceNumber !== undefined &&
    sameInsuranceNumber(a.insuranceNumber, b.insuranceNumber)
  )
    return 1;
  // Two different personal numbers are two persons; cancelled numbers come as aliases.
  if (a.personalNumber !== undefined && b.personalNumber !== undefined) return 0;
  const name = a.name === undefined || b.name === undefined ? 0 : nameLikeness(a.name, b.name);
  const sexDiffers =
    a.sex !== undefined &&
    b.sex !== undefined &&
    a.sex !== b.sex &&
    a.sex !== "unknown" &&
    b.sex !== "unknown";
  const years =
    a.birthYear === undefined || b.birthYear === undefined
      ? 0
      : Math.abs(a.birthYear - b.birthYear);
  const guardian = same(a.guardianNumber, b.guardianNumber) ? 0.15 : 0;
  return Math.max(
    0,
    Math.min(1, name + guardian - (sexDiffers ? 0.3 : 0) - Math.min(0.5, years * 0.1)),
  );
};
