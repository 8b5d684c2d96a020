import { findAttendee, mediaGrants, type Act, type Session } from "@lientuyen/session";
import { recorderName, type Present } from "./media.ts";

/** What the engine has to be told so that it is as the session says. */
export type Order =
  | { readonly order: "dismiss"; readonly who: string }
  | { readonly order: "permit"; readonly who: string; readonly publish: boolean }
  | { readonly order: "mute"; readonly who: string; readonly track: string };

const ordersFor = (
  session: Session,
  { who, mayPublish, microphones }: Present,
): readonly Order[] => {
  if (who === recorderName && session.recording !== null) return [];
  const grants = mediaGrants(session, who);
  if (grants === undefined) return [{ order: "dismiss", who }];
  const permit: readonly Order[] =
    mayPublish === grants.publish ? [] : [{ order: "permit", who, publish: grants.publish }];
  const silent = findAttendee(session, who)?.muted === true;
  const loud = silent ? microphones.filter(({ muted }) => !muted) : [];
  return [...permit, ...loud.map(({ track }): Order => ({ order: "mute", who, track }))];
};

/** Nobody in the room who is not in the session, nobody speaking who may not. */
export const reconcile = (session: Session, present: readonly Present[]): readonly Order[] =>
  present.flatMap((each) => ordersFor(session, each));

/** Since when somebody inside has not been in the room, by name; seen: was in it before. */
export type Absences = ReadonlyMap<string, { readonly sinceMs: number; readonly seen: boolean }>;

/** The engine itself takes a while to notice a dead line; who has only just arrived takes longer to connect. */
export const lostAfterMs = 10_000;
export const neverCameAfterMs = 45_000;

export interface Watched {
  readonly absences: Absences;
  /** What the program does in the session: dead links, and those that returned. */
  readonly acts: readonly Extract<Act, { readonly act: "lose" | "arrive" }>[];
}

/** Compares who is inside with who is in the room. */
export const watch = (
  session: Session,
  present: readonly Present[],
  before: Absences,
  nowMs: number,
): Watched => {
  const here = new Set(present.map(({ who }) => who));
  const absences = new Map<string, { readonly sinceMs: number; readonly seen: boolean }>();
  const acts: Extract<Act, { readonly act: "lose" | "arrive" }>[] = [];
  for (const { who, place } of session.people) {
    if (place === "lost" && here.has(who)) acts.push({ act: "arrive", who });
    if (place !== "inside") continue;
    const was = before.get(who);
    const seen = here.has(who) || was?.seen === true;
    const sinceMs = here.has(who) ? nowMs : (was?.sinceMs ?? nowMs);
    absences.set(who, { sinceMs, seen });
    if (nowMs - sinceMs >= (seen ? lostAfterMs : neverCameAfterMs)) acts.push({ act: "lose", who });
  }
  return { absences, acts };
};
