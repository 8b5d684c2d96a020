import { buttonClass, Icon } from "@lientuyen/ui";
import { useEffect } from "react";
import { Link, useLocation } from "wouter";
import { useCases, useDevice } from "../../device/hooks.ts";
import type { LiveSession } from "./sessions.ts";
import { useLanguage } from "../../words/index.ts";
import { momentsIn } from "../caseView/moments.ts";
import { calls } from "./call.ts";
import { myName } from "./running.ts";
import "./callBar.css";
import { useOpenSessions } from "./openSessions.ts";
import { useCall } from "./useCall.ts";
import { useIncoming } from "./useIncoming.ts";
import { useLiveWords } from "./words.ts";

/** On every screen while a session is open: leads into it, and back. */
export function CallBar() {
  const device = useDevice();
  const call = useCall();
  const open = useOpenSessions();
  const [path] = useLocation();
  const rows = useCases();
  const words = useLiveWords();
  const language = useLanguage();
  // Locking takes this away: nobody goes on talking behind a locked screen.
  useEffect(() => {
    calls.comeBack(device);
    return () => void calls.leave();
  }, [device]);
  const me = myName(device);
  const nowMs = device.now();
  const session = wanted(
    open.filter((each) => isNear(each, me, nowMs)),
    me,
  );
  const log = call?.log ?? session?.log;
  const number = rows.find((row) => row.log === log)?.number ?? "";
  const { startsAt } = session ?? {};
  const calling =
    session?.state.phase === "planned" && startsAt !== undefined
      ? words.plan.soon(number, momentsIn(language).time(startsAt))
      : words.isOpen(number);
  const opened = session?.state.people.some(({ who, place }) => who === me && place !== "expected");
  useIncoming(call === undefined && opened === false ? session : undefined, calling);
  if (log === undefined || path === `/${log}/live`) return null;
  return (
    <div className="call-bar" role="status" data-inside={call !== undefined}>
      <Icon name="video" />
      <span className="call-bar-text">{call === undefined ? calling : words.youAreIn(number)}</span>
      <Link href={`/${log}/live`} className={buttonClass({ tone: "main" })}>
        {call === undefined ? words.enter : words.back}
      </Link>
    </div>
  );
}

const soonMs = 15 * 60_000;

/** Begun, or planned for the next quarter of an hour with oneself in it. */
const isNear = ({ state, startsAt }: LiveSession, me: string, nowMs: number): boolean =>
  state.phase === "open" ||
  (startsAt !== undefined &&
    Date.parse(startsAt) - nowMs < soonMs &&
    state.people.some(({ who }) => who === me));

/** One's own first; else one in which nobody of this facility is yet. */
const wanted = (open: readonly LiveSession[], me: string): LiveSession | undefined => {
  const [facility = ""] = me.split("/");
  const mine = open.find(({ state }) =>
    state.people.some(({ who, place }) => who === me && place !== "removed"),
  );
  return (
    mine ??
    open.find(
      ({ state }) =>
        !state.people.some(
          ({ who, place }) => who.startsWith(`${facility}/`) && place === "inside",
        ),
    )
  );
};
