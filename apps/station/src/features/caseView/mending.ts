import {
  bodyOf,
  type CaseBody,
  type CaseFact,
  type CaseKind,
  type TimelineEntry,
} from "@lientuyen/record";

/** The entry as a fact of its kind, as the screen reads it now. */
export function factOf(entry: TimelineEntry): CaseFact | undefined {
  if (!entry.understood || entry.withheld !== undefined) return undefined;
  const read = bodyOf(entry.kind, entry.body);
  return read.ok ? read.fact : undefined;
}

/** What a correction starts from: the text of a fact, where it has one that may be put right. */
export function correctable(fact: CaseFact): string | undefined {
  switch (fact.kind) {
    case "historyTaken":
    case "examination":
    case "diagnosis":
    case "summary":
    case "note":
    case "questionAsked":
    case "opinionGiven":
    case "recommendationMade":
    case "agreedByTelephone":
      return fact.body.text;
    case "handedOver":
      return fact.body.note;
    case "fileAdded":
      return fact.body.caption ?? "";
    default:
      return undefined;
  }
}

/** The whole body with its text put right, as a correction carries it. */
export function correctedBody(fact: CaseFact, text: string): CaseBody<CaseKind> | undefined {
  switch (fact.kind) {
    case "historyTaken":
    case "examination":
    case "diagnosis":
    case "summary":
    case "note":
    case "questionAsked":
    case "opinionGiven":
    case "recommendationMade":
    case "agreedByTelephone":
      return { ...fact.body, text };
    case "handedOver":
      return { ...fact.body, note: text };
    case "fileAdded":
      return { ...fact.body, caption: text };
    default:
      return undefined;
  }
}

/** Kinds with a patient's words or pictures in them: what may have to be taken away. */
const withContent: ReadonlySet<string> = new Set([
  "patientAttached",
  "consentRecorded",
  "historyTaken",
  "allergiesAndMedicines",
  "vitalSigns",
  "examination",
  "diagnosis",
  "summary",
  "note",
  "fileAdded",
  "questionAsked",
  "messageSent",
  "informationAsked",
  "opinionGiven",
  "recommendationMade",
  "handedOver",
  "agreedByTelephone",
]);

export function isWithholdable(kind: string): boolean {
  return withContent.has(kind);
}

/** Grounds that a screen offers for taking a content away. */
export function grounds(kind: string): readonly CaseBody<"withheld">["ground"][] {
  if (kind === "fileAdded") return ["wrongPicture", "wrongPatient", "personsRight"];
  return ["wrongPatient", "personsRight"];
}
