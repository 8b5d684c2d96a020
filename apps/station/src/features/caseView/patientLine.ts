import type { CaseView } from "@lientuyen/record";
import type { CaseRow } from "../../device/device.ts";
import type { FirstWords } from "../../words/index.ts";
import { ageAt } from "./age.ts";

type Saying = Pick<FirstWords, "vocabulary">;

/** Who the patient is, for a heading: name (or what is known) and "nam, 34 tuổi". */
export function patientLines(
  view: CaseView,
  words: Saying,
  atMs: number,
): { readonly name: string; readonly line: string } {
  const { patient } = view;
  const { vocabulary } = words;
  if (patient.state === "none") return { name: vocabulary.patient.none, line: "" };
  if (patient.state === "notYetKnown") {
    const parts = [
      patient.sex === undefined ? "" : vocabulary.sex[patient.sex],
      patient.ageYears === undefined ? "" : vocabulary.age.years(patient.ageYears),
      patient.description ?? "",
    ];
    return { name: vocabulary.patient.notYetKnown, line: parts.filter((p) => p !== "").join(", ") };
  }
  const { identity } = patient;
  const age = identity.birth === undefined ? undefined : ageAt(identity.birth, atMs);
  const parts = [
    identity.sex === "unknown" ? "" : vocabulary.sex[identity.sex],
    age === undefined ? "" : vocabulary.age[age.unit](age.n),
  ];
  return { name: identity.name, line: parts.filter((p) => p !== "").join(", ") };
}

/** "nam, 34 tuổi" of a row in a list; what the author wrote where the patient is not yet known. */
export function rowLine(row: CaseRow, words: Saying): string {
  const { vocabulary } = words;
  const months = row.ageMonths;
  const sexes: Readonly<Record<string, string>> = vocabulary.sex;
  const parts = [
    row.sex === undefined || row.sex === "unknown" ? "" : (sexes[row.sex] ?? ""),
    months === undefined ? "" : sayAge(months, words),
  ].filter((p) => p !== "");
  return parts.length > 0 ? parts.join(", ") : row.patientLine;
}

function sayAge(months: number, words: Saying): string {
  const { age } = words.vocabulary;
  return months < 72 ? age.months(months) : age.years(Math.floor(months / 12));
}
