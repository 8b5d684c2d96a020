import type { Changed } from "./happenings.ts";
import { chairOf, type Attendee, type Role, type Session } from "./session.ts";

/** A chair whose link has been dead this long is stood in for. Who left of their own will is at once. */
export const chairGraceMs = 20_000;

/** Who takes the chair, in this order; of one role who was inside first. Listeners and guests never do. */
const order: readonly Role[] = ["secretary", "presenter", "member"];

const isBefore = (one: Attendee, other: Attendee): boolean => {
  const [first, second] = [order.indexOf(one.role), order.indexOf(other.role)];
  if (first !== second) return first < second;
  return (one.insideSinceMs ?? Infinity) < (other.insideSinceMs ?? Infinity);
};

/** The one who would stand in now; undefined while nobody inside can. */
export const successorOf = ({ people }: Session): Attendee | undefined =>
  people
    .filter(({ role, place }) => place === "inside" && order.includes(role))
    .reduce<Attendee | undefined>(
      (best, each) => (best === undefined || isBefore(each, best) ? each : best),
      undefined,
    );

const isGone = (chair: Attendee, nowMs: number): boolean =>
  chair.place === "left" || (chair.place !== "inside" && nowMs - chair.sinceMs >= chairGraceMs);

/** The chair goes from one to another; who had it is a member. */
export const passChair = (session: Session, to: string): Session => ({
  ...session,
  people: session.people.map((each) => {
    if (each.who === to) return { ...each, role: "chair" };
    return each.role === "chair" ? { ...each, role: "member" } : each;
  }),
});

/**
 * The stated rule: an open session whose chair is gone is chaired by whoever is next in order and inside.
 * Planned sessions wait for their chair; a session that nobody inside can chair keeps the one it has.
 */
export const settle = ({ session, happened }: Changed, nowMs: number): Changed => {
  const chair = chairOf(session);
  const successor = successorOf(session);
  if (session.phase !== "open" || successor === undefined || !isGone(chair, nowMs))
    return { session, happened };
  const why = chair.place === "left" ? "chairLeft" : "chairLost";
  return {
    session: passChair(session, successor.who),
    happened: [...happened, { what: "chairPassed", from: chair.who, to: successor.who, why }],
  };
};
