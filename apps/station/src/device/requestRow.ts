import type { CaseView, DirectoryView, RequestView, Source } from "@lientuyen/record";
import { answerWithinMinutes } from "@lientuyen/terms";
import type { RequestRow } from "./device.ts";

/* What the lists show of a request, and of each specialist who was asked in on it. */

const minute = 60_000;

export const timeOf = (source: Source): string => source.receipt?.receivedAt ?? source.at;

export const requestRowOf = (
  request: RequestView,
  view: CaseView,
  directory: DirectoryView,
): RequestRow => ({
  hash: request.hash,
  to: request.to,
  specialty: request.specialty,
  urgency: request.urgency,
  worse: request.worse,
  state: request.state,
  sentAt: request.sent.at,
  dueAtMs: dueAtMs(request, startOf(request, view), view.facility, directory),
  allocatedTo: request.allocatedTo,
  acceptedBy: request.acceptedBy?.person,
  openQuestions: request.questions.filter(({ opinions }) => opinions.length === 0).length,
});

/**
 * What each specialist who was asked in has to do, as a row of its own: it waits there until somebody of that
 * facility (the very person, where one was named) has answered on the request since.
 */
export const askedInRowsOf = (
  request: RequestView,
  view: CaseView,
  directory: DirectoryView,
): readonly RequestRow[] =>
  request.specialistsAsked.map((asked) => ({
    ...requestRowOf(request, view, directory),
    hash: asked.hash,
    to: asked.body.facility,
    specialty: asked.body.specialty,
    state: askedInState(asked, request, view),
    sentAt: asked.at,
    dueAtMs: dueAtMs(request, asked, view.facility, directory),
    allocatedTo: asked.body.person,
    acceptedBy: undefined,
    askedIn: true,
  }));

type Asked = RequestView["specialistsAsked"][number];

const askedInState = (asked: Asked, request: RequestView, view: CaseView): string => {
  if (request.state === "withdrawn" || request.state === "declined") return request.state;
  const since = view.entries.slice(view.entries.findIndex(({ hash }) => hash === asked.hash) + 1);
  const answers = new Set([
    ...request.recommendations.map(({ fact }) => fact.hash),
    ...request.questions.flatMap(({ opinions }) => opinions.map(({ hash }) => hash)),
  ]);
  const { facility, person } = asked.body;
  const answered = since.some(
    ({ hash, author }) =>
      answers.has(hash) &&
      author?.facility === facility &&
      (person === undefined || author.person === person),
  );
  if (answered) return "answered";
  return person === undefined ? "sent" : "allocated";
};

/**
 * The clock runs from when this urgency reached this facility: sent, sent on, or given another urgency.
 * "Worse now" on what is an emergency already must not give the other side its ten minutes anew.
 */
const startOf = (request: RequestView, view: CaseView): Source => {
  const entries = new Map(view.entries.map((entry) => [entry.hash, entry.body]));
  let start: Source = request.sent;
  let urgency: unknown = request.sent.body.urgency;
  for (const { state, source } of request.steps) {
    if (state === "sent" || state === "sentOn") start = source;
    if (state !== "urgencyChanged") continue;
    const now = urgencyOf(entries.get(source.hash));
    if (now !== urgency) start = source;
    urgency = now;
  }
  return start;
};

const urgencyOf = (body: unknown): unknown =>
  typeof body === "object" && body !== null && "urgency" in body ? body.urgency : undefined;

const dueAtMs = (
  request: RequestView,
  source: Source,
  from: string,
  directory: DirectoryView,
): number => {
  const contract = contractOf(request, from, directory)?.answerWithinMinutes;
  const minutes = answerWithinMinutes(request.urgency, timeOf(source), contract);
  return Date.parse(timeOf(source)) + minutes * minute;
};

const contractOf = (request: RequestView, from: string, directory: DirectoryView) =>
  directory.facilities
    .get(from)
    ?.contracts.find(
      (one) => one.contract === request.sent.body.contract && one.with === request.to,
    );

export const finished: ReadonlySet<string> = new Set(["answered", "declined", "withdrawn"]);
const weight = { emergency: 0, urgent: 1, routine: 2 } as const;

/** Unfinished before finished, then by urgency, then by what is due first. */
export const mostPressing = (requests: readonly RequestRow[]): RequestRow | undefined =>
  [...requests].sort(
    (a, b) =>
      Number(finished.has(a.state)) - Number(finished.has(b.state)) ||
      weight[a.urgency] - weight[b.urgency] ||
      a.dueAtMs - b.dueAtMs,
  )[0];
