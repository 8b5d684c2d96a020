import { bodyOf, type CaseFact, type CaseView, type TimelineEntry } from "@lientuyen/record";
import { vitalUnit } from "@lientuyen/terms";
import { allergyText, diagnosisText } from "../caseView/Clinical.tsx";
import { namedIn } from "../caseView/named.ts";
import type { Talk } from "../caseView/talk.ts";
import { sayNumber, signName } from "../caseView/terms.ts";
import { handedTo } from "../decisions/Ending.tsx";

/** The content of an entry in plain words; "" where its kind says everything. */
export function describe(entry: TimelineEntry, view: CaseView, talk: Talk): string {
  const { vocabulary, timeline } = talk.words;
  if (entry.withheld !== undefined) {
    return vocabulary.withheldText(namedIn(vocabulary.withheldGround, entry.withheld.ground));
  }
  if (!entry.understood) return timeline.notUnderstood;
  const read = bodyOf(entry.kind, entry.body);
  return read.ok ? describeFact(read.fact, view, talk) : timeline.notUnderstood;
}

/** The same of a body as it was signed, before any correction. */
export function describeSigned(kind: string, body: string, view: CaseView, talk: Talk): string {
  const read = bodyOf(kind, JSON.parse(body));
  return read.ok ? describeFact(read.fact, view, talk) : talk.words.timeline.notUnderstood;
}

const joined = (parts: readonly (string | undefined)[], by: string): string =>
  parts.filter((p) => p !== undefined && p !== "").join(by);

export function describeFact(fact: CaseFact, view: CaseView, talk: Talk): string {
  const { vocabulary, timeline, decisions, caseView } = talk.words;
  switch (fact.kind) {
    case "opened":
      return joined([fact.body.number, talk.facility(fact.body.facility)], ", ");
    case "patientAttached":
      return fact.body.patient === "known"
        ? fact.body.identity.name
        : joined([vocabulary.patient.notYetKnown, fact.body.description], ": ");
    case "consentRecorded":
      return joined(
        [
          vocabulary.consentGround[fact.body.ground],
          vocabulary.toldWho[fact.body.told],
          fact.body.toldName,
          fact.body.note,
        ],
        ", ",
      );
    case "recordingConsent":
      return joined(
        [
          vocabulary.recordingConsent[fact.body.given ? "given" : "refused"],
          vocabulary.recordingConsent.by[fact.body.by],
          fact.body.note,
        ],
        ", ",
      );
    case "allergiesAndMedicines":
      return allergyText(fact.body, talk);
    case "vitalSigns":
      return fact.body.readings
        .map(
          (r) =>
            `${signName(r.sign, talk.language)} ${sayNumber(r.value, talk.language)} ${vitalUnit(r.sign, talk.language)}`,
        )
        .join(", ");
    case "diagnosis":
      return diagnosisText(fact.body, talk);
    case "fileAdded":
      return joined(
        [vocabulary.fileRole[fact.body.role], fact.body.caption ?? fact.body.name],
        ": ",
      );
    case "requestSent":
      return joined(
        [
          talk.facility(fact.body.to),
          talk.specialty(fact.body.specialty),
          vocabulary.urgency[fact.body.urgency],
        ],
        ", ",
      );
    case "requestWithdrawn":
    case "declined":
    case "reopened":
      return fact.body.reason;
    case "urgencyChanged":
      return joined(
        [
          vocabulary.urgency[fact.body.urgency],
          fact.body.worse === true ? caseView.worse : undefined,
          fact.body.reason,
        ],
        ", ",
      );
    case "contractNamed":
      return joined([fact.body.contract, fact.body.note], ", ");
    case "allocated":
      return talk.person(fact.body.to);
    case "accepted":
    case "seen":
      return "";
    case "sentOn":
      return joined(
        [talk.facility(fact.body.to), talk.specialty(fact.body.specialty), fact.body.reason],
        ", ",
      );
    case "specialistAsked":
      return joined(
        [
          talk.facility(fact.body.facility),
          talk.specialty(fact.body.specialty),
          fact.body.person === undefined ? undefined : talk.person(fact.body.person),
          fact.body.reason,
        ],
        ", ",
      );
    case "opinionGiven":
      return joined(
        [
          fact.body.text,
          vocabulary.confidence[fact.body.confidence],
          fact.body.dissentsFrom === undefined ? undefined : caseView.dissents,
        ],
        " · ",
      );
    case "decisionMade":
      return joined(
        [
          vocabulary.decision[fact.body.decision],
          fact.body.text === undefined ? undefined : decisions.instead(fact.body.text),
          fact.body.reason === undefined ? undefined : decisions.because(fact.body.reason),
        ],
        "\n",
      );
    case "handedOver":
      return joined([handedTo(fact.body.to, talk), fact.body.note], ": ");
    case "sessionNoted":
      return ""; // SessionNote, which has its words apart
    case "agreedByTelephone":
      return joined([fact.body.with, fact.body.text], ": ");
    case "outcomeTold":
      return joined([vocabulary.result[fact.body.result], fact.body.text], ". ");
    case "closed":
      return fact.body.reason ?? "";
    case "correction":
      return joined(
        [timeline.corrects(kindOf(view, fact.body.target, talk)), fact.body.reason],
        ". ",
      );
    case "conflictResolved":
      return joined([kindOf(view, fact.body.chosen, talk), fact.body.reason], ". ");
    case "withheld":
      return joined(
        [
          kindOf(view, fact.body.target, talk),
          vocabulary.withheldGround[fact.body.ground],
          fact.body.note,
        ],
        ", ",
      );
    case "historyTaken":
    case "examination":
    case "summary":
    case "note":
    case "questionAsked":
    case "messageSent":
    case "informationAsked":
    case "recommendationMade":
    case "textMerged":
      return fact.body.text;
  }
}

function kindOf(view: CaseView, hash: string, talk: Talk): string {
  const entry = view.entries.find((e) => e.hash === hash);
  return entry === undefined ? "" : namedIn(talk.words.vocabulary.kind, entry.kind);
}
