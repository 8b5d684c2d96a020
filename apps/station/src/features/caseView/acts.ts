import { may } from "@lientuyen/record";
import type { Author, CaseFact, CaseView, DirectoryView, RequestView } from "@lientuyen/record";

/** Who asks, about what, knowing what: the arguments of every question to the table of rights. */
export interface Standing {
  readonly actor: Author;
  readonly view: CaseView;
  readonly directory: DirectoryView;
  /** Now, RFC 3339. */
  readonly at: string;
}

export function allows(standing: Standing, fact: CaseFact): boolean {
  const { actor, view, directory, at } = standing;
  const answer = may(actor, fact, view, directory, at);
  // What would be taken in with a mark ("role ended", "case closed") is care already given: no button offers it.
  return answer.verdict === "yes" && answer.marks.every((mark) => mark === "noContract");
}

/** The acts on one request that its screen offers. */
export interface RequestActs {
  readonly accept: boolean;
  readonly allocate: boolean;
  readonly sendOn: boolean;
  readonly decline: boolean;
  readonly askSpecialist: boolean;
  readonly askInformation: boolean;
  readonly answer: boolean;
  readonly recommend: boolean;
  readonly withdraw: boolean;
  readonly changeUrgency: boolean;
}

const ended: ReadonlySet<RequestView["state"]> = new Set(["declined", "withdrawn"]);

/**
 * Asks the record's own table with the act as it would be written.
 * The words in these facts are never written: only kind, target and head count for the answer.
 */
export function requestActs(standing: Standing, request: RequestView): RequestActs {
  const over = ended.has(request.state);
  const asks = (fact: CaseFact) => !over && allows(standing, fact);
  const on = { request: request.hash };
  const moved = { ...on, expects: request.head };
  const me = standing.actor;
  const { facilities, people } = standing.directory;
  const question = request.questions[0]?.question.hash ?? request.hash;
  const waiting = ["sent", "allocated", "sentOn"].includes(request.state);
  return {
    accept: waiting && asks({ kind: "accepted", body: moved }),
    allocate: [...people.values()].some(
      (p) =>
        p.facility === me.facility && asks({ kind: "allocated", body: { ...moved, to: p.person } }),
    ),
    sendOn: [...facilities.keys()].some(
      (to) =>
        to !== me.facility &&
        asks({
          kind: "sentOn",
          body: { ...moved, to, specialty: request.specialty, reason: "?" },
        }),
    ),
    decline: asks({ kind: "declined", body: { ...moved, reason: "?" } }),
    askSpecialist: asks({
      kind: "specialistAsked",
      body: { ...on, facility: me.facility, specialty: request.specialty, reason: "?" },
    }),
    askInformation: asks({ kind: "informationAsked", body: { ...on, text: "?" } }),
    answer: asks({
      kind: "opinionGiven",
      body: { ...on, question, text: "?", confidence: "medium", replaces: [] },
    }),
    recommend: asks({ kind: "recommendationMade", body: { ...on, text: "?", replaces: [] } }),
    withdraw: asks({ kind: "requestWithdrawn", body: { ...on, reason: "?" } }),
    changeUrgency: asks({
      kind: "urgencyChanged",
      body: { ...on, urgency: request.urgency, reason: "?" },
    }),
  };
}

/** The side at the patient: where the case was opened, or to which the patient was handed over. */
export function isTreating(view: CaseView, facility: string): boolean {
  return (
    view.facility === facility ||
    view.handOvers.some(({ body }) => body.to.kind === "facility" && body.to.facility === facility)
  );
}

/** The acts of the side that asks, on the case as a whole. */
export interface CaseActs {
  readonly decide: boolean;
  readonly handOver: boolean;
  readonly tellOutcome: boolean;
  readonly close: boolean;
  readonly reopen: boolean;
  readonly addNote: boolean;
  readonly addVitalSigns: boolean;
  readonly addFile: boolean;
  readonly ask: boolean;
  readonly message: boolean;
  readonly recordCall: boolean;
}

export function caseActs(standing: Standing): CaseActs {
  const { view, at } = standing;
  const open = view.state === "open";
  const treats = isTreating(view, standing.actor.facility);
  const asks = (fact: CaseFact) => allows(standing, fact);
  const recommendation = view.requests.flatMap((r) => r.recommendations)[0];
  return {
    decide:
      recommendation !== undefined &&
      asks({
        kind: "decisionMade",
        body: { recommendation: recommendation.hash, decision: "accept", replaces: [] },
      }),
    handOver:
      open &&
      asks({
        kind: "handedOver",
        body: { to: { kind: "facility", facility: view.facility }, note: "?" },
      }),
    tellOutcome: treats && asks({ kind: "outcomeTold", body: { result: "unknown", at } }),
    close: open && asks({ kind: "closed", body: {} }),
    reopen: !open && asks({ kind: "reopened", body: { reason: "?" } }),
    addNote: open && asks({ kind: "note", body: { text: "?" } }),
    addVitalSigns:
      open &&
      treats &&
      asks({
        kind: "vitalSigns",
        body: { readings: [{ sign: "pulse", value: 80 }], measuredAt: at },
      }),
    addFile:
      open &&
      asks({
        kind: "fileAdded",
        body: { file: { hash: "A".repeat(43), size: 1, type: "image/jpeg" }, role: "photo" },
      }),
    ask: open && treats && asks({ kind: "questionAsked", body: { text: "?" } }),
    message: asks({ kind: "messageSent", body: { text: "?" } }),
    recordCall: asks({ kind: "agreedByTelephone", body: { with: "?", at, text: "?" } }),
  };
}
