import type { CaseView } from "@lientuyen/record";
import { Banner, Button } from "@lientuyen/ui";
import { useEffect, useRef, useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import { lazyWords } from "../../words/lazyWords.ts";
import { caseActs } from "../caseView/acts.ts";
import "../caseView/case.css";
import { Conversation } from "../caseView/Conversation.tsx";
import { useStanding, type Talk } from "../caseView/talk.ts";
import "./messages.css";

const useBesideWords = lazyWords({
  vi: async () => (await import("../../words/vi/beside.ts")).beside,
  en: async () => (await import("../../words/en/beside.ts")).beside,
});

interface OfCase {
  readonly view: CaseView;
  readonly talk: Talk;
}

/** Writing in a call is writing in the case: it is there before the call, after it, and without a line. */
export function Messages({ view, talk }: OfCase) {
  const acts = caseActs(useStanding(view));
  const box = useRef<HTMLDivElement>(null);
  const count = view.conversation.length;
  useEffect(() => {
    const list = box.current?.querySelector(".conversation");
    list?.scrollTo({ top: list.scrollHeight });
  }, [count]);
  return (
    <div ref={box} className="live-messages">
      <Conversation view={view} may={acts.message} talk={talk} />
    </div>
  );
}

/** What was written since one came in, over the picture: on a telephone the messages lie far below it. */
export function NewMessage({ view, talk }: OfCase) {
  const { author } = useDevice();
  const words = useBesideWords();
  const [read, setRead] = useState(() => new Set(view.conversation.map(({ hash }) => hash)));
  const last = view.conversation.filter((item) => item.author?.person !== author.person).at(-1);
  if (last === undefined || read.has(last.hash)) return null;
  return (
    <Banner
      tone="info"
      live
      action={
        <Button onClick={() => setRead(new Set(view.conversation.map(({ hash }) => hash)))}>
          {words.read}
        </Button>
      }
    >
      {words.said(talk.author(last.author), last.body.text)}
    </Banner>
  );
}
