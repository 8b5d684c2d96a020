import type { CaseBody, CaseView } from "@lientuyen/record";
import { ageInMonths, findVitalSign, vitalSigns, vitalUnit } from "@lientuyen/terms";
import type { Language } from "../../words/index.ts";
import { sayNumber } from "../caseView/terms.ts";

type Readings = CaseBody<"vitalSigns">["readings"];

/** "Mạch 104, huyết áp 110/70, …" in the form's order. */
export function sayReadings(readings: Readings, language: Language): string {
  return signRows
    .flatMap((row) => {
      const text = sayRow(row, readings, language);
      return text === "" ? [] : [`${rowName(row, language)} ${text}`];
    })
    .join(", ");
}

/** A row of the form: one sign, or blood pressure, which is typed as one. */
export type SignRow = "bloodPressure" | string;
export const bloodPressure = "bloodPressure";

export const signRows: readonly SignRow[] = vitalSigns.flatMap((sign) =>
  sign.code === "systolic" ? [bloodPressure] : sign.code === "diastolic" ? [] : [sign.code],
);

const pressureName: Record<Language, string> = { vi: "HA", en: "BP" };

export function rowName(row: SignRow, language: Language): string {
  return row === bloodPressure ? pressureName[language] : (findVitalSign(row)?.[language] ?? row);
}

export function rowUnit(row: SignRow, language: Language): string {
  return vitalUnit(row === bloodPressure ? "systolic" : row, language);
}

/** What one measurement says in a row; "" where it was not measured. */
export function sayRow(row: SignRow, readings: Readings, language: Language): string {
  const value = (sign: string) => readings.find((reading) => reading.sign === sign)?.value;
  if (row !== bloodPressure) {
    const found = value(row);
    return found === undefined ? "" : sayNumber(found, language);
  }
  const [high, low] = [value("systolic"), value("diastolic")];
  if (high === undefined && low === undefined) return "";
  return low === undefined ? String(high) : `${high ?? "?"}/${low}`;
}

/** Completed months now, for judging a value by age; undefined where the age is not known. */
export function ageMonthsOf(
  patient: CaseView["patient"] | undefined,
  at: string,
): number | undefined {
  if (patient?.state === "notYetKnown")
    return patient.ageYears === undefined ? undefined : patient.ageYears * 12;
  return patient?.state === "known" ? ageInMonths(patient.identity.birth, at) : undefined;
}
