import { Button, buttonClass, Icon } from "@lientuyen/ui";
import { useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { useDevice } from "../../device/hooks.ts";
import { useFirstWords } from "../../words/index.ts";
import { happened, knownAtUnlock, seenIn, type Happening } from "./happened.ts";
import "./notify.css";
import { ring } from "./sound.ts";

const pressing: ReadonlySet<Happening["what"]> = new Set(["emergency", "worse", "overdue"]);

const lookEveryMs = 10_000;

/** Drawn once by the frame: tells of new requests and answers by sound and system notification; the tab's title carries the number. */
export function Notifier() {
  const { me, cases, now } = useDevice();
  const words = useFirstWords().notify;
  const [news, setNews] = useState<readonly Happening[]>([]);
  const [path, go] = useLocation();
  const told = useRef({ words, go });
  told.current = { words, go };

  useEffect(() => {
    let before = knownAtUnlock(cases.list(), me.facility, now());
    const take = () => {
      const rows = cases.list();
      const came = happened(before, rows, me.facility, now());
      before = seenIn(rows, me.facility, now());
      if (came.length === 0) return;
      setNews((now) => [...came, ...now].slice(0, 50));
      ring((came.find((h) => pressing.has(h.what)) ?? came[0])?.what ?? "request");
      for (const happening of came) notifySystem(happening, told.current);
    };
    take();
    const stop = cases.subscribe(undefined, take);
    // A deadline passes without anything coming in.
    const timer = setInterval(take, lookEveryMs);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [cases, me.facility, now]);

  useEffect(() => {
    setNews((now) => now.filter((h) => !path.startsWith(`/${h.log}`)));
  }, [path]);

  // What happens in the case that is open is seen there.
  const elsewhere = news.filter((h) => !path.startsWith(`/${h.log}`));
  const first = elsewhere.find((h) => pressing.has(h.what)) ?? elsewhere[0];
  return (
    <div className="news" role="status" aria-label={words.news}>
      {first === undefined ? null : (
        <div className="news-line" data-pressing={pressing.has(first.what)}>
          <Icon name={pressing.has(first.what) ? "alert" : "info"} />
          <span className="news-text">
            <strong>{words[first.what](first.number)}</strong>
            {elsewhere.length > 1 ? ` ${words.others(elsewhere.length - 1)}` : null}
          </span>
          <Link href={`/${first.log}`} className={buttonClass({})}>
            {words.open}
          </Link>
          <Button onClick={() => setNews([])}>{words.dismiss}</Button>
        </div>
      )}
    </div>
  );
}

/** The case number only: a lock screen or a passer-by learns nothing of the patient. */
function notifySystem(
  happening: Happening,
  to: {
    readonly words: ReturnType<typeof useFirstWords>["notify"];
    readonly go: (path: string) => void;
  },
): void {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  try {
    const shown = new Notification(to.words[happening.what](happening.number), {
      tag: happening.log,
      requireInteraction: pressing.has(happening.what),
    });
    shown.onclick = () => {
      window.focus();
      to.go(`/${happening.log}`);
      shown.close();
    };
  } catch {
    // Some phones allow notifications from a service worker only; sound and banner remain.
  }
}
