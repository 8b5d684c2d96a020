import type { Talk } from "../caseView/talk.ts";

/** "BS. Đỗ Quang Huy, BV Bạch Mai" of the session's own name for somebody. */
export const nameIn = (talk: Pick<Talk, "person" | "facility">, who: string): string => {
  const [facility = "", person = ""] = who.split("/");
  return `${talk.person(person)}, ${talk.facility(facility)}`;
};
