import type { CaseFact, CaseView } from "@lientuyen/record";
import { findRemoteCondition } from "@lientuyen/terms";
import * as v from "valibot";

export const DiagnosisDraft = v.strictObject({
  text: v.string(),
  code: v.string(),
  certainty: v.picklist(["suspected", "confirmed"]),
  reason: v.string(),
  base: v.array(v.string()),
});
export type DiagnosisDraft = v.InferOutput<typeof DiagnosisDraft>;
export const noDiagnosis: DiagnosisDraft = {
  text: "",
  code: "",
  certainty: "suspected",
  reason: "",
  base: [],
};
export const codeForm = /^[A-Z]\d{2}(\.\d{1,2})?$/;

/** Roles that may write a diagnosis (packages/record rules). */
export const clinicians = [
  "physician",
  "physicianAssistant",
  "departmentHead",
  "facilityHead",
] as const;

/** Empty where there is nothing to say yet, or the code is not one. */
export function diagnosisFacts(
  value: DiagnosisDraft,
  view: CaseView | undefined,
  mode: string = "support",
): readonly CaseFact[] {
  const text = value.text.trim();
  const reason = value.reason.trim();
  if (text === "") return [];
  return [
    {
      kind: "diagnosis",
      body: {
        text,
        certainty: value.certainty,
        replaces: [...value.base],
        ...(codeForm.test(value.code) ? { icd10: value.code } : {}),
        ...(reason !== "" && isOffList(value.code, view, mode) ? { offListReason: reason } : {}),
      },
    },
  ];
}

/** Circular 30/2023 limits remote treatment of a patient, never support between doctors. */
export function isOffList(code: string, view: CaseView | undefined, mode: string): boolean {
  const treats = (view === undefined ? mode : modeOf(view.entries)) !== "support";
  return treats && codeForm.test(code) && findRemoteCondition(code) === undefined;
}

function modeOf(entries: readonly { readonly kind: string; readonly body: unknown }[]): string {
  const body = entries.find((entry) => entry.kind === "opened")?.body;
  return typeof body === "object" &&
    body !== null &&
    "mode" in body &&
    typeof body.mode === "string"
    ? body.mode
    : "support";
}
