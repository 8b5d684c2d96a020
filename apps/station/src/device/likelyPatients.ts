import type { Birth, Identity } from "@lientuyen/record";
import { likenessOf, type Likeness } from "@lientuyen/terms";

/** Earlier patients that may be the same person, the surest first. Offered, never decided. */

export interface KnownPatient {
  readonly log: string;
  readonly identity: Identity;
  readonly lastCase: string;
}

const offered = 5;
const enough = 0.8;

export const rankLikely = <P extends KnownPatient>(
  asked: Partial<Identity>,
  known: readonly P[],
): readonly P[] => {
  const person = likenessFrom(asked);
  return known
    .map((patient) => ({ patient, score: likenessOf(person, likenessFrom(patient.identity)) }))
    .filter(({ score }) => score >= enough)
    .sort((a, b) => b.score - a.score)
    .slice(0, offered)
    .map(({ patient }) => patient);
};

const likenessFrom = (identity: Partial<Identity>): Likeness => ({
  name: identity.name,
  sex: identity.sex,
  birthYear: birthYearOf(identity.birth),
  personalNumber: identity.personalNumber,
  oldNumber: identity.oldNumber,
  insuranceNumber: identity.insuranceNumber,
  guardianNumber: identity.guardian?.personalNumber,
});

export const birthYearOf = (birth: Birth | undefined): number | undefined => {
  switch (birth?.known) {
    case undefined:
      return undefined;
    case "day":
      return Number(birth.day.slice(0, 4));
    case "year":
      return birth.year;
    case "ageMonths": {
      const then = new Date(birth.at);
      const months = then.getUTCFullYear() * 12 + then.getUTCMonth() - birth.ageMonths;
      return Math.floor(months / 12);
    }
  }
};
