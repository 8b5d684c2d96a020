/** What the one-time page asks for. */
export interface FirstStartDraft {
  readonly code: string;
  readonly facilityName: string;
  readonly level: "commune" | "provincial" | "central" | "department";
  readonly name: string;
  readonly account: string;
  readonly password: string;
  readonly again: string;
}

export type FirstStartFault = Exclude<keyof FirstStartDraft, "level">;

export const emptyFirstStart: FirstStartDraft = {
  code: "",
  facilityName: "",
  level: "commune",
  name: "",
  account: "",
  password: "",
  again: "",
};

/** The server's own bound; asked here so that nobody learns it only after sending. */
const shortestPassword = 14;

/** The link of a facility that is founded already names it after the token's dot. */
export function facilityOfLink(token: string): string | undefined {
  return token.split(".")[1];
}

/** The first thing to put right, in the order of the page; `founded` where the facility is not asked for. */
export function findFault(draft: FirstStartDraft, founded: boolean): FirstStartFault | undefined {
  if (!founded && !/^[0-9A-Z]{5}$/.test(draft.code.trim())) return "code";
  if (!founded && draft.facilityName.trim() === "") return "facilityName";
  if (draft.name.trim() === "") return "name";
  if (draft.account.trim() === "") return "account";
  if (draft.password.length < shortestPassword) return "password";
  return draft.password === draft.again ? undefined : "again";
}
