import type { CaseFact, CaseView } from "@lientuyen/record";
import type { Talk } from "../caseView/talk.ts";
import { nameIn } from "./name.ts";
import type { LiveWords } from "./words.ts";

export type Noted = Extract<CaseFact, { kind: "sessionNoted" }>["body"];
type Shown = Extract<Noted, { what: "shown" }>;

interface Saying {
  readonly view: Pick<CaseView, "files">;
  readonly talk: Pick<Talk, "person" | "facility">;
  readonly words: LiveWords;
}

/** What happened in a live session, in one sentence; who did it stands beside it. */
export function sayNoted(noted: Noted, saying: Saying): string {
  const { role, noted: t } = saying.words;
  switch (noted.what) {
    case "joined":
    case "returned":
    case "left":
      return noted.guest === undefined ? t[noted.what] : t.guest(noted.guest, t[noted.what]);
    case "ended":
      return t.ended;
    case "roleChanged":
      return t.roleChanged(nameIn(saying.talk, noted.who), role[noted.role].toLowerCase());
    case "rung":
      return t[noted.direction](t.rung[noted.rung], t.because[noted.because]);
    case "shown":
      return sayShown(noted, saying);
    case "recording":
      return noted.on ? t.recordingOn : t.recordingOff;
  }
}

function sayShown({ thing, to }: Shown, saying: Saying): string {
  const { noted: t } = saying.words;
  const what = sayThing(thing, saying);
  if (to.length === 0) return t.shownToNobody(what);
  return t.shown(what, to.map((who) => nameIn(saying.talk, who)).join("; "));
}

function sayThing(thing: Shown["thing"], { view, talk, words }: Saying): string {
  const { noted: t } = words;
  switch (thing.kind) {
    case "file": {
      const body = view.files.find(({ file }) => file.hash === thing.file)?.body;
      const name = body?.name ?? body?.caption;
      return name === undefined ? t.someFile : t.file(name);
    }
    case "camera":
      return t.camera(thing.track, nameIn(talk, thing.who));
    case "screen":
      return t.screen;
  }
}
