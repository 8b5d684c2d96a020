import type { CaseView } from "@lientuyen/record";
import type { StepState } from "@lientuyen/ui";

export const stepNames = [
  "patient",
  "history",
  "allergies",
  "vitals",
  "examination",
  "files",
  "diagnosis",
  "summary",
  "questions",
  "toWhom",
  "send",
] as const;
export type StepName = (typeof stepNames)[number];

export function readStep(text: string | undefined): StepName | undefined {
  return stepNames.find((name) => name === text);
}

export function stepAfter(name: StepName): StepName {
  return stepNames[stepNames.indexOf(name) + 1] ?? "send";
}

export function stepBefore(name: StepName): StepName | undefined {
  return stepNames[stepNames.indexOf(name) - 1];
}

/** Questions that no request carries yet. */
export function openQuestions(view: CaseView | undefined): CaseView["questions"] {
  const sent = new Set(view?.requests.flatMap((request) => request.sent.body.questions) ?? []);
  return view?.questions.filter((question) => !sent.has(question.hash)) ?? [];
}

/** Whether the case already says what a step asks for. */
export function isDone(name: StepName, view: CaseView | undefined): boolean {
  if (view === undefined) return false;
  switch (name) {
    case "patient":
      return view.patient.state !== "none";
    case "history":
      return view.history.heads.length > 0;
    case "allergies":
      return view.allergiesAndMedicines.heads.length > 0;
    case "vitals":
      return view.vitalSigns.length > 0;
    case "examination":
      return view.examination.heads.length > 0;
    case "files":
      return view.files.length > 0;
    case "diagnosis":
      return view.diagnosis.heads.length > 0;
    case "summary":
      return view.summary.heads.length > 0;
    case "questions":
      return view.questions.length > 0;
    case "toWhom":
    case "send":
      return view.requests.length > 0;
  }
}

export function stateOf(
  name: StepName,
  view: CaseView | undefined,
  drafts: ReadonlySet<string>,
): StepState {
  if (drafts.has(name)) return name === "questions" || name === "toWhom" ? "done" : "begun";
  return isDone(name, view) ? "done" : "missing";
}

/** What a specialist will ask for first. Nothing of it blocks sending. */
export function missingSteps(
  view: CaseView | undefined,
  drafts: ReadonlySet<string>,
): readonly StepName[] {
  const wanted: readonly StepName[] = [
    "patient",
    "history",
    "allergies",
    "vitals",
    "examination",
    "files",
    "diagnosis",
    "summary",
  ];
  return wanted.filter((name) => !isDone(name, view) && !drafts.has(name));
}
