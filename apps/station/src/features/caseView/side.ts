import type { RequestView } from "@lientuyen/record";

/** Ours to answer: it came to this facility, or somebody here was asked in. */
export function isAsked(request: RequestView, facility: string): boolean {
  return (
    request.to === facility ||
    request.specialistsAsked.some((asked) => asked.body.facility === facility)
  );
}

/** Requests that this person on this device opens for the first time. */
export function firstOpened(
  requests: readonly RequestView[],
  me: { readonly person: string; readonly facility: string; readonly device: string },
): readonly RequestView[] {
  return requests.filter(
    (r) =>
      isAsked(r, me.facility) &&
      !r.seenBy.some((s) => s.author?.person === me.person && s.author.device === me.device),
  );
}
