import type { IconName } from "@lientuyen/ui";
import type { SyncState } from "../../device/device.ts";
import type { Words } from "../../words/index.ts";

export interface StatusText {
  readonly tone: "quiet" | "good" | "warn" | "danger";
  readonly icon: IconName;
  readonly parts: readonly string[];
  /** What the person can do about it, if anything. */
  readonly act: "signIn" | "see" | "fix" | "retry" | undefined;
}

/** The one plain line: what is on this machine only, what is being sent, what has arrived. */
export function sayStatus(
  state: SyncState,
  words: Words["status"],
  sayTime: (instant: string) => string,
  emergency = false,
): StatusText {
  const here = state.unsentEntries + state.unsentFiles;
  const onlyHere = here > 0 ? [words.onlyHere(here)] : [];
  if (state.storage === "full")
    return { tone: "danger", icon: "alert", parts: [words.full, ...onlyHere], act: "fix" };
  if (state.updateNeeded)
    return {
      tone: "warn",
      icon: "alert",
      parts: [words.updateNeeded, ...onlyHere],
      act: undefined,
    };
  if (state.refused > 0)
    return {
      tone: "danger",
      icon: "alert",
      parts: [words.refused(state.refused), ...onlyHere],
      act: "see",
    };
  // Nobody is signed in: not even a good line takes it away, and nobody must wait for an answer to it.
  if (emergency)
    return {
      tone: here > 0 ? "danger" : "warn",
      icon: "alert",
      parts: [...onlyHere, words.emergency],
      act: undefined,
    };
  if (state.signInNeeded)
    return { tone: "warn", icon: "lock", parts: [words.signInNeeded, ...onlyHere], act: "signIn" };
  if (!state.online)
    return {
      tone: "warn",
      icon: "offline",
      parts: here > 0 ? [words.offline, ...onlyHere] : [words.offlineNothing],
      act: undefined,
    };
  if (state.storage === "nearlyFull")
    return { tone: "warn", icon: "alert", parts: [words.nearlyFull, ...onlyHere], act: "fix" };
  if (state.sending !== undefined)
    return {
      tone: "quiet",
      icon: "send",
      parts: [saySending(state.sending, words)],
      act: undefined,
    };
  if (here > 0) return { tone: "warn", icon: "clock", parts: onlyHere, act: "retry" };
  // At the server, and nobody reads it: that is not "arrived".
  if (state.quarantined > 0)
    return {
      tone: "warn",
      icon: "alert",
      parts: [words.quarantined(state.quarantined)],
      act: undefined,
    };
  const arrived =
    state.lastArrivedAt === undefined
      ? words.nothingYet
      : words.allArrived(sayTime(state.lastArrivedAt));
  if (state.storage === "notPersisted")
    return { tone: "quiet", icon: "info", parts: [arrived, words.notPersisted], act: "fix" };
  return {
    tone: state.lastArrivedAt === undefined ? "quiet" : "good",
    icon: "check",
    parts: [arrived],
    act: undefined,
  };
}

function saySending(sending: NonNullable<SyncState["sending"]>, words: Words["status"]): string {
  const text = words.sending(sending.done, sending.total);
  if (sending.secondsLeft === undefined) return text;
  return `${text}, ${sending.secondsLeft < 60 ? words.left.seconds : words.left.minutes(Math.ceil(sending.secondsLeft / 60))}`;
}
