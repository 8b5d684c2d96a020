import { call, type CallInput, type CallResult, type CallValue } from "@lientuyen/api";
import type { Device } from "../../device/device.ts";

export type LiveSession = CallValue<"session">;
export type Plan = NonNullable<CallInput<"openSession">["in"]["plan"]>;
export type Entered = CallValue<"enterSession">;
export type HearingAnswer = CallValue<"reportHearing">;
type HearingReport = CallInput<"reportHearing">["in"];
export type SessionAct = CallInput<"actInSession">["in"]["act"];

/** Live sessions at the server; online only, and nothing of them is kept on this device. */
interface LiveSessions {
  /** The open sessions over cases that this facility takes part in. */
  list(): Promise<CallResult<CallValue<"sessions">>>;
  /**
   * Opens one over a case or takes the one that is open (back: this one alone), arrives and gets the token, all in one
   * round trip. Given up after so long: a connection from before a break never answers.
   */
  enter(log: string, back: string | undefined, patienceMs: number): Promise<CallResult<Entered>>;
  reportHearing(
    session: string,
    report: HearingReport,
    patienceMs: number,
  ): Promise<CallResult<HearingAnswer>>;
  plan(log: string, plan: Plan): Promise<CallResult<LiveSession>>;
  get(session: string): Promise<CallResult<LiveSession>>;
  act(session: string, act: SessionAct): Promise<CallResult<LiveSession>>;
  /** Minutes: how long the link may be opened. */
  invite(
    session: string,
    guest: { readonly name: string; readonly minutes: number },
  ): Promise<CallResult<CallValue<"inviteGuest">>>;
}

/** Given up in time is as good as no answer. */
const patiently = <T>(
  patienceMs: number,
  ask: (signal: AbortSignal) => Promise<CallResult<T>>,
): Promise<CallResult<T>> =>
  ask(AbortSignal.timeout(patienceMs)).catch(() => ({
    ok: false,
    error: "offline",
    status: 0,
    reference: undefined,
  }));

export const sessionsOf = ({ way }: Device): LiveSessions => ({
  list: () => call("sessions", {}, way()),
  enter: (log, back, patienceMs) =>
    patiently(patienceMs, (signal) =>
      call(
        "enterSession",
        { in: { log, ...(back === undefined ? {} : { session: back }) } },
        { ...way(), signal },
      ),
    ),
  reportHearing: (session, report, patienceMs) =>
    patiently(patienceMs, (signal) =>
      call("reportHearing", { params: { session }, in: report }, { ...way(), signal }),
    ),
  plan: (log, plan) => call("openSession", { in: { log, plan } }, way()),
  get: (session) => call("session", { params: { session } }, way()),
  act: (session, act) => call("actInSession", { params: { session }, in: { act } }, way()),
  invite: (session, guest) => call("inviteGuest", { params: { session }, in: guest }, way()),
});
