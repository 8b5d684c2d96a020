import type { CaseFact } from "@lientuyen/record";
import type { LiveSession } from "./sessions.ts";

type State = LiveSession["state"];
type Attendee = State["people"][number];
type Noted = Extract<CaseFact, { kind: "sessionNoted" }>["body"];
type Note = Extract<Noted, { what: "joined" | "returned" | "left" | "roleChanged" }>;

/** What a guest is called: `guest/<id>/<name>`. */
export const guestName = (who: string): string | undefined => {
  const [kind, , ...name] = who.split("/");
  return kind === "guest" ? name.join("/") : undefined;
};

const guestNote = (
  session: string,
  before: Attendee | undefined,
  { who, place, insideSinceMs }: Attendee,
): Note | undefined => {
  const guest = guestName(who);
  if (guest === undefined || before === undefined || before.place === place) return undefined;
  if (place === "left" || place === "removed")
    return before.insideSinceMs === null ? undefined : { what: "left", session, guest };
  if (place !== "inside" || insideSinceMs === null) return undefined;
  return { what: before.insideSinceMs === null ? "joined" : "returned", session, guest };
};

/**
 * What this person's device signs into the case when the session changed under it: one's own new role, however it
 * came, and for the chair the guests, who sign nothing.
 */
export const notesOf = (before: LiveSession, after: LiveSession, me: string): readonly Note[] => {
  const find = ({ state }: LiveSession, name: string) =>
    state.people.find(({ who }) => who === name);
  const [was, is] = [find(before, me), find(after, me)];
  if (is === undefined) return [];
  const role: readonly Note[] =
    was !== undefined && was.role !== is.role
      ? [{ what: "roleChanged", session: after.session, who: me, role: is.role }]
      : [];
  if (is.role !== "chair") return role;
  const guests = after.state.people.flatMap((each) => {
    const note = guestNote(after.session, find(before, each.who), each);
    return note === undefined ? [] : [note];
  });
  return [...role, ...guests];
};
