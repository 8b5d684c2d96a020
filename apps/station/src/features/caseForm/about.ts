import * as v from "valibot";

/** What a case that has no entry yet needs to become one: kept as a draft from the first moment. */
export const About = v.strictObject({
  number: v.string(),
  startedAt: v.string(),
  mode: v.picklist(["viaFacility", "support"]),
});
export type About = v.InferOutput<typeof About>;

/** Name of the draft of one step of a case's form. */
export const formDraft = (log: string, step: string): string => `${log}/form/${step}`;

/** Cases that were begun in this page and have nothing on disk yet. */
const begun = new Set<string>();

export function begin(log: string): void {
  begun.add(log);
}

export function hasBegun(log: string): boolean {
  return begun.has(log);
}
