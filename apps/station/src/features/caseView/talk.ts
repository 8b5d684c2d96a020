import type { Author, CaseView, DirectoryView, Source } from "@lientuyen/record";
import { useNow } from "@lientuyen/ui";
import { useMemo } from "react";
import { useDevice, useDirectory } from "../../device/hooks.ts";
import { useLanguage, useWords, type Language, type Words } from "../../words/index.ts";
import type { Standing } from "./acts.ts";
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
