import type { Author, CaseView, DirectoryView, Source } from "@lientuyen/record";
import { useNow } from "@lientuyen/ui";
import { useMemo } from "react";
import type { CaseRow } from "../../device/device.ts";
import { useDevice, useDirectory } from "../../device/hooks.ts";
import { useLanguage, useWords, type Language, type Words } from "../../words/index.ts";
import type { Standing } from "./acts.ts";
import { ageAt } from "./age.ts";
import { momentsIn, type Moments } from "./moments.ts";
import { facilityName, personName } from "./named.ts";
import { specialtyName } from "./terms.ts";

/** How the screens of a case say names and times, in the current language. */
export interface Talk {
  readonly words: Words;
  readonly language: Language;
  readonly moments: Moments;
  readonly directory: DirectoryView;
  /** Now, renewed twice a minute. */
  readonly nowMs: number;
  readonly person: (person: string | undefined) => string;
  readonly author: (author: Author | undefined) => string;
  readonly facility: (code: string) => string;
  readonly specialty: (code: string) => string;
  /** "BS. Đỗ Quang Huy, 22:58" by the official time where there is one. */
  readonly by: (source: Source) => string;
}

const renewMs = 30_000;

export function useTalk(): Talk {
  const device = useDevice();
  const words = useWords();
  const language = useLanguage();
  const directory = useDirectory();
  const nowMs = useNow(device.now, renewMs);
  return useMemo(() => {
    const moments = momentsIn(language);
    const person = (id: string | undefined) =>
      (id === undefined ? undefined : personName(directory, id)) ?? words.vocabulary.somebody;
    const author = (a: Author | undefined) => person(a?.person);
    return {
      words,
      language,
      moments,
      directory,
      nowMs,
      person,
      author,
      facility: (code) => facilityName(directory, code),
      specialty: (code) => specialtyName(code, language),
      by: (source) =>
        words.caseView.by(
          author(source.author),
          moments.short(source.receipt?.receivedAt ?? source.at, nowMs),
        ),
    };
  }, [words, language, directory, nowMs]);
}

/** The same on paper: every time with its day and year. */
export function onPaper(talk: Talk): Talk {
  const { moments, words } = talk;
  const withDay = (iso: string) => `${moments.time(iso)} ${moments.day(iso)}`;
  return {
    ...talk,
    moments: { ...moments, short: withDay },
    by: (source) =>
      words.caseView.by(
        talk.author(source.author),
        withDay(source.receipt?.receivedAt ?? source.at),
      ),
  };
}

/** What the table of rights is asked with. */
export function useStanding(view: CaseView): Standing {
  const device = useDevice();
  const directory = useDirectory();
  const nowMs = useNow(device.now, renewMs);
  return useMemo(
    () => ({ actor: device.author, view, directory, at: new Date(nowMs).toISOString() }),
    [device, view, directory, nowMs],
  );
}

/** Who the patient is, for a heading: name (or what is known) and "nam, 34 tuổi". */
export function patientLines(
  view: CaseView,
  words: Words,
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
export function rowLine(row: CaseRow, words: Words): string {
  const { vocabulary } = words;
  const months = row.ageMonths;
  const sexes: Readonly<Record<string, string>> = vocabulary.sex;
  const parts = [
    row.sex === undefined || row.sex === "unknown" ? "" : (sexes[row.sex] ?? ""),
    months === undefined ? "" : sayAge(months, words),
  ].filter((p) => p !== "");
  return parts.length > 0 ? parts.join(", ") : row.patientLine;
}

function sayAge(months: number, words: Words): string {
  const { age } = words.vocabulary;
  return months < 72 ? age.months(months) : age.years(Math.floor(months / 12));
}
