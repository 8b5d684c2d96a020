import type { CaseView, RequestView } from "./view.ts";

/**
 * A facility's part in a case; it may have several.
 * treating: opened it, or the patient was handed over to it: records, asks and decides.
 * asked: has a request of it, or was asked in: answers.
 * former: had one and declined it or sent it on; what it writes now is accepted with a mark.
 */
export type Part = "treating" | "asked" | "former";

export function partsOf(view: CaseView, facility: string): ReadonlySet<Part> {
  const parts = new Set<Part>();
  if (isTreating(view, facility)) parts.add("treating");
  if (view.requests.some((request) => isAsked(request, facility))) parts.add("asked");
  if (view.requests.some((request) => wasAsked(request, facility))) parts.add("former");
  return parts;
}

function isTreating(view: CaseView, facility: string): boolean {
  return (
    (view.known && view.facility === facility) ||
    view.handOvers.some(({ body }) => body.to.kind === "facility" && body.to.facility === facility)
  );
}

/** The request is there now, or one of its specialists was asked in. */
export function isAsked(request: RequestView, facility: string): boolean {
  return (
    (request.to === facility && request.state !== "declined") ||
    request.specialistsAsked.some((asked) => asked.body.facility === facility)
  );
}

/** It had the request, and it is gone. */
export function wasAsked(request: RequestView, facility: string): boolean {
  const had = request.to === facility || request.formerTo.includes(facility);
  return had && !isAsked(request, facility);
}
