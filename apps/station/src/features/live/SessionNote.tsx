import type { CaseView } from "@lientuyen/record";
import type { Talk } from "../caseView/talk.ts";
import { sayNoted, type Noted } from "./noted.ts";
import { useLiveWords } from "./words.ts";

/** What happened in a live session, in the timeline's words; suspends until those are here. */
export function SessionNote({
  noted,
  view,
  talk,
}: {
  readonly noted: Noted;
  readonly view: CaseView;
  readonly talk: Talk;
}) {
  const words = useLiveWords();
  return <p className="keep-lines">{sayNoted(noted, { view, talk, words })}</p>;
}
