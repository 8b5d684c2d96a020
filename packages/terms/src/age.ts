/** How a birth is known; the same shape as packages/record `Birth`. */
export type KnownBirth =
  | { readonly known: "day"; readonly day: string }
  | { readonly known: "year"; readonly year: number }
  | { readonly known: "ageMonths"; readonly ageMonths: number; readonly at: string };

/** Completed months at `at` (RFC 3339); a year alone counts from its middle. Undefined where not known. */
export const ageInMonths = (birth: KnownBirth | undefined, at: string): number | undefined => {
  if (birth === undefined) return undefined;
  const now = new Date(at);
  switch (birth.known) {
    case "day":
      return monthsBetween(new Date(`${birth.day}T00:00:00.000Z`), now);
    case "year":
      return monthsBetween(new Date(Date.UTC(birth.year, 6, 1)), now);
    case "ageMonths":
      return birth.ageMonths + monthsBetween(new Date(birth.at), now);
  }
};

const monthsBetween = (from: Date, to: Date): number => {
  const whole =
    (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  return Math.max(0, to.getUTCDate() < from.getUTCDate() ? whole - 1 : whole);
};

/** Vietnamese forms count a child's age in months up to 72. */
export const ageShown = (
  months: number,
): { readonly unit: "months" | "years"; readonly count: number } =>
  months < 72
    ? { unit: "months", count: months }
    : { unit: "years", count: Math.floor(months / 12) };
