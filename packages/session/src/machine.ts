import { server, table, type Act, type By, type Refusal } from "./acts.ts";
import { apply } from "./effects.ts";
import { findAttendee, type Attendee, type Session } from "./session.ts";
import { settle } from "./succession.ts";
import type { Happening } from "./happenings.ts";

export type Answer =
  | {
      readonly ok: true;
      readonly session: Session;
      /** What came of it, in order: for the case's timeline and for the media engine. */
      readonly happened: readonly Happening[];
    }
  | { readonly ok: false; readonly why: Refusal };

/** The one it is done to; undefined where it is done to nobody. */
const subjectOf = (act: Act): string | undefined => ("who" in act ? act.who : undefined);

const isDoer = (session: Session, by: By, act: Act): boolean => {
  const doers = table[act.act].by;
  if (by === server) return doers.includes("server");
  if (doers.includes("self") && by === subjectOf(act)) return true;
  const attendee = findAttendee(session, by);
  if (attendee === undefined || attendee.place === "removed") return false;
  return doers.some((doer) => doer === attendee.role);
};

/** What no row can say: who stands above whom. */
const isAbove = (session: Session, by: By, act: Act): boolean => {
  if (act.act === "takeBack") return act.who === session.titular;
  const doer = by === server ? undefined : findAttendee(session, by);
  if (doer?.role !== "secretary") return true;
  const aboutSecretary = findAttendee(session, subjectOf(act) ?? "")?.role === "secretary";
  switch (act.act) {
    case "remove":
      return !aboutSecretary;
    case "setRole":
      return !aboutSecretary && act.role !== "secretary";
    case "invite":
      return act.role !== "secretary";
    default:
      return true;
  }
};

const refusalOfSubject = (act: Act, subject: Attendee | undefined): Refusal | undefined => {
  const { from, never } = table[act.act];
  if (from === undefined) return undefined;
  if (!from.includes(subject?.place ?? "absent"))
    return subject === undefined ? "stranger" : "wrongPlace";
  return subject !== undefined && never?.includes(subject.role) === true
    ? "notOfThisRole"
    : undefined;
};

const refusalOf = (session: Session, by: By, act: Act): Refusal | undefined => {
  const subject = findAttendee(session, subjectOf(act) ?? "");
  if (!table[act.act].phases.includes(session.phase)) return "wrongPhase";
  if (!isDoer(session, by, act)) return "notYours";
  return refusalOfSubject(act, subject) ?? (isAbove(session, by, act) ? undefined : "notYours");
};

/**
 * One act of one person, or of the program, at one moment. Total: a state or a named refusal, which changes nothing.
 * @param nowMs the server's clock, ms since 1970
 */
export const doAct = (session: Session, by: By, act: Act, nowMs: number): Answer => {
  const refusal = refusalOf(session, by, act);
  if (refusal !== undefined) return { ok: false, why: refusal };
  const applied = apply(session, act, by, nowMs);
  if (typeof applied === "string") return { ok: false, why: applied };
  return { ok: true, ...settle(applied, nowMs) };
};
