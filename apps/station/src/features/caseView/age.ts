import type { Birth } from "@lientuyen/record";

export type Age = {
  readonly unit: "years" | "months" | "days";
  readonly n: number;
};

const dayMs = 86_400_000;

/** Whole months between two moments, by the calendar. */
function monthsBetween(from: Date, to: Date): number {
  const months =
    (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  return to.getUTCDate() < from.getUTCDate() ? months - 1 : months;
}

/** Age as a clinician says it: days in the first month, months up to six years, then years. */
export function ageAt(birth: Birth, atMs: number): Age {
  if (birth.known === "year") {
    return { unit: "years", n: Math.max(0, new Date(atMs).getUTCFullYear() - birth.year) };
  }
  if (birth.known === "ageMonths") {
    const since = monthsBetween(new Date(birth.at), new Date(atMs));
    return fromMonths(birth.ageMonths + Math.max(0, since));
  }
  const born = new Date(`${birth.day}T00:00:00.000Z`);
  const months = monthsBetween(born, new Date(atMs));
  if (months >= 1) return fromMonths(months);
  return { unit: "days", n: Math.max(0, Math.floor((atMs - born.getTime()) / dayMs)) };
}

function fromMonths(months: number): Age {
  return months < 72
    ? { unit: "months", n: months }
    : { unit: "years", n: Math.floor(months / 12) };
}
