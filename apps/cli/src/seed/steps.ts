import type { CaseFact, CaseView, RequestView } from "@lientuyen/record";
import { vitalsOf } from "./opening.ts";
import type { Step } from "./plot.ts";
import { personId } from "./random.ts";

const requestIn = (view: CaseView): RequestView => {
  const [request] = view.requests;
  if (request === undefined) throw new Error("this step needs a request");
  return request;
};

const at = <T>(rows: readonly T[], index: number): T => {
  const row = rows[index];
  if (row === undefined) throw new Error(`there is no row ${index}`);
  return row;
};

/** What a step of the plot is as an entry, given the case as it stands. */
export const factOf = (step: Step, view: CaseView, atMs: number): CaseFact => {
  const handled = handlingOf(step, view);
  if (handled !== undefined) return handled;
  return step.act === "opine" || step.act === "recommend" || step.act === "decide"
    ? adviceOf(step, view)
    : careOf(step, view, atMs);
};

type Advice = Extract<Step, { act: "opine" | "recommend" | "decide" }>;

/** What is done with the request itself. */
const handlingOf = (step: Step, view: CaseView): CaseFact | undefined => {
  switch (step.act) {
    case "allocate":
      return {
        kind: "allocated",
        body: {
          request: requestIn(view).hash,
          to: personId(step.to),
          expects: requestIn(view).head,
        },
      };
    case "accept":
      return {
        kind: "accepted",
        body: { request: requestIn(view).hash, expects: requestIn(view).head },
      };
    case "sendOn":
      return {
        kind: "sentOn",
        body: {
          request: requestIn(view).hash,
          to: step.to,
          specialty: step.specialty,
          reason: step.reason,
          expects: requestIn(view).head,
        },
      };
    case "decline":
      return {
        kind: "declined",
        body: { request: requestIn(view).hash, reason: step.reason, expects: requestIn(view).head },
      };
    case "withdraw":
      return {
        kind: "requestWithdrawn",
        body: { request: requestIn(view).hash, reason: step.reason },
      };
    case "worse":
      return {
        kind: "urgencyChanged",
        body: {
          request: requestIn(view).hash,
          urgency: step.urgency,
          reason: step.reason,
          worse: true,
        },
      };
    case "see":
      return { kind: "seen", body: { request: requestIn(view).hash } };
    case "ask":
      return { kind: "informationAsked", body: { request: requestIn(view).hash, text: step.text } };
    default:
      return undefined;
  }
};

const adviceOf = (step: Advice, view: CaseView): CaseFact => {
  const request = requestIn(view);
  switch (step.act) {
    case "opine":
      return {
        kind: "opinionGiven",
        body: {
          request: request.hash,
          question: at(request.questions, step.question).question.hash,
          text: step.text,
          confidence: step.confidence,
          replaces: [],
        },
      };
    case "recommend":
      return {
        kind: "recommendationMade",
        body: { request: request.hash, text: step.text, replaces: [] },
      };
    case "decide":
      return {
        kind: "decisionMade",
        body: {
          recommendation: at(request.recommendations, step.recommendation).hash,
          decision: step.decision,
          ...(step.text === undefined ? {} : { text: step.text }),
          ...(step.reason === undefined ? {} : { reason: step.reason }),
          replaces: [],
        },
      };
  }
};

type Care = Extract<
  Step,
  { act: "say" | "note" | "handOver" | "telephone" | "measure" | "outcome" | "close" }
>;
const isCare = (step: Step): step is Care =>
  ["say", "note", "handOver", "telephone", "measure", "outcome", "close"].includes(step.act);

const careOf = (step: Step, view: CaseView, atMs: number): CaseFact => {
  if (!isCare(step)) throw new Error(`unknown step ${step.act}`);
  const instant = new Date(atMs).toISOString();
  switch (step.act) {
    case "say":
      return { kind: "messageSent", body: { text: step.text } };
    case "note":
      return { kind: "note", body: { text: step.text } };
    case "handOver":
      return {
        kind: "handedOver",
        body: { to: { kind: "facility", facility: step.facility }, note: step.text },
      };
    case "telephone":
      return {
        kind: "agreedByTelephone",
        body: { request: requestIn(view).hash, with: step.with, at: instant, text: step.text },
      };
    case "measure":
      return vitalsOf(step.vitals, atMs);
    case "outcome":
      return { kind: "outcomeTold", body: { result: step.result, text: step.text, at: instant } };
    case "close":
      return { kind: "closed", body: {} };
  }
};
