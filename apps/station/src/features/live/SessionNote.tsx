import type { CaseView } from "@lientuyen/record";
import type { Talk } from "../caseView/talk.ts";
import { cameraNames } from "../cameras/cameras.ts";
import { useCameraWords } from "../cameras/words.ts";
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
  const { name } = useCameraWords();
  return <p className="keep-lines">{sayNoted(named(noted, name), { view, talk, words })}</p>;
}

/** A camera's name stands in the record as in code; here it is said. */
function named(noted: Noted, names: ReturnType<typeof useCameraWords>["name"]): Noted {
  if (noted.what !== "shown" || noted.thing.kind !== "camera") return noted;
  const { thing } = noted;
  const known = cameraNames.find((name) => name === thing.track);
  return known === undefined ? noted : { ...noted, thing: { ...thing, track: names[known] } };
}
