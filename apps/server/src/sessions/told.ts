import { instant } from "../core.ts";
import type { Session } from "../identity/sessions.ts";
import type { StoredSession } from "./store.ts";

/** How people are called in sessions, and in the media engine. */
export const nameOf = ({ facility, person }: Pick<Session, "facility" | "person">): string =>
  `${facility}/${person}`;

/** The contract's arrays are its own to change. */
export const plainly = ({ session, log, state, startsAtMs }: StoredSession) => ({
  session,
  log,
  ...(startsAtMs === undefined ? {} : { startsAt: instant(startsAtMs) }),
  state: {
    ...state,
    people: state.people.map((each) => ({ ...each })),
    agenda: [...state.agenda],
    hands: [...state.hands],
  },
});
