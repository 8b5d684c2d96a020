import type { CaseBody } from "@lientuyen/record";
import * as v from "valibot";

export const ConsentDraft = v.strictObject({
  ground: v.optional(v.picklist(["consent", "emergency", "law"])),
  told: v.optional(v.picklist(["patient", "guardian", "relative", "nobody"])),
  toldName: v.string(),
  how: v.optional(v.picklist(["spoken", "signedPaper", "electronic", "notPossible"])),
});
export type ConsentDraft = v.InferOutput<typeof ConsentDraft>;
/** Nothing is ticked beforehand (Law 91/2025). */
export const noConsent: ConsentDraft = { toldName: "" };

/** Complete as filled in; in an emergency what was left open is said as it is: nobody could be told yet. */
export function consentBody(
  draft: ConsentDraft,
  emergency: boolean,
  at: string,
): CaseBody<"consentRecorded"> | undefined {
  const told = draft.told ?? (emergency ? "nobody" : undefined);
  const how = draft.how ?? (told === "nobody" ? "notPossible" : emergency ? "spoken" : undefined);
  const ground = draft.ground ?? (emergency ? "emergency" : undefined);
  if (told === undefined || how === undefined || ground === undefined) return undefined;
  const name = draft.toldName.trim();
  return {
    ground,
    told,
    how,
    at,
    ...(name === "" || told === "nobody" ? {} : { toldName: name.slice(0, 300) }),
  };
}
