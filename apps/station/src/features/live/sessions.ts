import { call, type CallInput, type CallResult, type CallValue } from "@lientuyen/api";
import type { Device } from "../../device/device.ts";

export type LiveSession = CallValue<"session">;
export type Plan = NonNullable<CallInput<"openSession">["in"]["plan"]>;
export type SessionAct = CallInput<"actInSession">["in"]["act"];

/** Live sessions at the server; online only, and nothing of them is kept on this device. */
interface LiveSessions {
  /** The open sessions over cases that this facility takes part in. */
  list(): Promise<CallResult<CallValue<"sessions">>>;
  /** Opens one over a case, or gives the one that is open. */
  open(log: string, plan?: Plan): Promise<CallResult<LiveSession>>;
  get(session: string): Promise<CallResult<LiveSession>>;
  act(session: string, act: SessionAct): Promise<CallResult<LiveSession>>;
  /** Minutes: how long the link may be opened. */
  invite(
    session: string,
    guest: { readonly name: string; readonly minutes: number },
  ): Promise<CallResult<CallValue<"inviteGuest">>>;
  token(session: string): Promise<CallResult<CallValue<"sessionToken">>>;
}

export const sessionsOf = ({ way }: Device): LiveSessions => ({
  list: () => call("sessions", {}, way()),
  open: (log, plan) =>
    call("openSession", { in: plan === undefined ? { log } : { log, plan } }, way()),
  get: (session) => call("session", { params: { session } }, way()),
  act: (session, act) => call("actInSession", { params: { session }, in: { act } }, way()),
  invite: (session, guest) => call("inviteGuest", { params: { session }, in: guest }, way()),
  token: (session) => call("sessionToken", { params: { session } }, way()),
});
