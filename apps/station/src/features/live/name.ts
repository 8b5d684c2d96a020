import type { Talk } from "../caseView/talk.ts";
import { guestName } from "./happened.ts";

/** "BS. Đỗ Quang Huy, BV Bạch Mai" of the session's own name for somebody. */
export const nameIn = (talk: Pick<Talk, "person" | "facility">, who: string): string => {
  const guest = guestName(who);
  if (guest !== undefined) return guest;
  const [facility = "", person = ""] = who.split("/");
  return `${talk.person(person)}, ${talk.facility(facility)}`;
};
