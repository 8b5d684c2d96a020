import { doAct } from "@lientuyen/session";
import type { LiveSession, SessionAct } from "./sessions.ts";

export type State = LiveSession["state"];
export type Attendee = State["people"][number];

/** Whether the session would take this act now, by its own rules: no button stands for what would be refused. */
export const mayAct = (state: State, me: string, act: SessionAct, nowMs: number): boolean =>
  doAct(state, me, act, nowMs).ok;

const givenRoles = ["secretary", "presenter", "member", "listener"] as const;
type About = "admit" | "mute" | "giveFloor" | "endFloor" | "lowerHand" | "spotlight" | "handOver";
const about: readonly (About | "remove")[] = [
  "admit",
  "giveFloor",
  "endFloor",
  "lowerHand",
  "mute",
  "spotlight",
  "handOver",
  "remove",
];

/** Allowed, and not so already. */
const changes = (state: State, { who, muted }: Attendee, act: About | "remove"): boolean => {
  switch (act) {
    case "mute":
      return !muted;
    case "giveFloor":
      return state.floor !== who;
    case "endFloor":
      return state.floor === who;
    case "lowerHand":
      return state.hands.includes(who);
    case "spotlight":
      return state.spotlight !== who;
    case "admit":
    case "handOver":
    case "remove":
      return true;
  }
};

export type AboutSomebody = Extract<SessionAct, { act: About | "remove" | "setRole" }>;

/** What one may do about somebody else now. */
export const actsAbout = (
  state: State,
  me: string,
  attendee: Attendee,
  nowMs: number,
): readonly AboutSomebody[] => {
  const { who, role } = attendee;
  if (who === me) return [];
  const acts = about
    .filter((act) => changes(state, attendee, act))
    .map((act): AboutSomebody => ({ act, who }));
  const roles = givenRoles
    .filter((given) => given !== role)
    .map((given): AboutSomebody => ({ act: "setRole", who, role: given }));
  return [...acts, ...roles].filter((act) => mayAct(state, me, act, nowMs));
};
