import type { CaseKind } from "./caseKinds.ts";
import type { Role } from "./directoryKinds.ts";
import type { RequestState } from "./view.ts";

/**
 * The table that `may` reads, one row for each kind of case entry: who on which side may write it, and
 * what is asked besides. SPEC.md prints it; a test compares the two word by word.
 */
export interface Rule {
  /** Roles on the side that treats the patient, and on the side that was asked; undefined = that side does not write it. */
  readonly treating: readonly Role[] | undefined;
  readonly asked: readonly Role[] | undefined;
  /**
   * asWritten: what was done or said; a role that ended, a case closed or access ended since then is a
   * mark, never a refusal. onArrival: an act toward others, judged as things stand now.
   */
  readonly judged: "asWritten" | "onArrival";
  /** Roles of the treating side that may too, where the urgency is emergency: nothing blocks an emergency. */
  readonly inEmergency?: readonly Role[];
  /** Exclusive acts and others on a request: the states from which they go. */
  readonly from?: readonly RequestState[];
  /** Written on a closed case without a mark. */
  readonly whenClosed?: true;
}

const doctors: readonly Role[] = ["physician", "departmentHead", "facilityHead"];
const clinicians: readonly Role[] = [...doctors, "physicianAssistant"];
const recorders: readonly Role[] = [...clinicians, "nurse"];
const allocators: readonly Role[] = ["coordinator", "departmentHead", "facilityHead"];
const movers: readonly Role[] = [...doctors, "coordinator"];
/** Everybody who takes part; the IT administrator has nothing clinical to say or see. */
const everybody: readonly Role[] = [...recorders, "coordinator"];

/** Something that both sides may note down. */
const recorded: Rule = { treating: recorders, asked: recorders, judged: "asWritten" };
/** Something said, after the case was closed as well. */
const said: Rule = { treating: everybody, asked: everybody, judged: "asWritten", whenClosed: true };
/** What the asked side answers. */
const answered: Rule = { treating: undefined, asked: doctors, judged: "asWritten" };
/** Law 15/2023 art. 80(2)(a): the requesting side decides. */
const decided: Rule = { treating: clinicians, asked: undefined, judged: "asWritten" };
const untaken: readonly RequestState[] = ["sent", "sentOn", "allocated", "accepted", "answering"];

export const rules: { readonly [K in CaseKind]: Rule } = {
  opened: { treating: recorders, asked: undefined, judged: "asWritten" },
  patientAttached: { treating: recorders, asked: undefined, judged: "asWritten" },
  consentRecorded: recorded,
  recordingConsent: recorded,
  historyTaken: recorded,
  allergiesAndMedicines: recorded,
  vitalSigns: recorded,
  examination: recorded,
  diagnosis: { treating: clinicians, asked: clinicians, judged: "asWritten" },
  summary: recorded,
  note: recorded,
  fileAdded: recorded,
  questionAsked: recorded,
  requestSent: { ...decided, judged: "onArrival", inEmergency: ["nurse"] },
  requestWithdrawn: { ...decided, inEmergency: ["nurse"], whenClosed: true },
  // "Worse now" is never blocked; on the other side whoever sorts the list may change it too.
  urgencyChanged: { treating: recorders, asked: movers, judged: "asWritten" },
  contractNamed: { treating: movers, asked: movers, judged: "onArrival", whenClosed: true },
  allocated: { treating: undefined, asked: allocators, judged: "onArrival", from: untaken },
  accepted: { treating: undefined, asked: doctors, judged: "onArrival", from: untaken },
  sentOn: { treating: undefined, asked: movers, judged: "onArrival", from: untaken },
  declined: { treating: undefined, asked: movers, judged: "onArrival", from: untaken },
  specialistAsked: {
    treating: undefined,
    asked: movers,
    judged: "onArrival",
    from: [...untaken, "answered"],
  },
  seen: said,
  messageSent: said,
  informationAsked: { treating: undefined, asked: everybody, judged: "asWritten" },
  opinionGiven: answered,
  recommendationMade: answered,
  decisionMade: decided,
  handedOver: decided,
  agreedByTelephone: said,
  sessionNoted: said,
  outcomeTold: { ...recorded, whenClosed: true },
  closed: { ...decided, whenClosed: true },
  reopened: { ...decided, whenClosed: true },
  // The roles are those of the target's kind; and only at the facility that wrote it.
  correction: said,
  textMerged: recorded,
  conflictResolved: { treating: clinicians, asked: movers, judged: "asWritten", whenClosed: true },
  // Only what one's own facility wrote; what needs its head, see judgeWithholding.
  withheld: said,
};
