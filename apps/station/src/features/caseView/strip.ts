import type { Author, RequestView, Source } from "@lientuyen/record";

/** One step of the way that a request goes, as its sender follows it. */
export interface StripStep {
  readonly what: "written" | "arrived" | "opened" | "taken" | "answered";
  readonly state: "done" | "now" | "ahead";
  /** Official time where there is a receipt, else the author's own. */
  readonly when: string | undefined;
  readonly who: Author | undefined;
}

/** Where the way ended before an answer came. */
export type StripEnd = {
  readonly what: "declined" | "withdrawn" | "sentOn";
  readonly source: Source;
  readonly reason: string | undefined;
};

export interface Strip {
  readonly steps: readonly StripStep[];
  readonly end: StripEnd | undefined;
  /** Questions with an opinion, of all. */
  readonly answered: number;
  readonly asked: number;
  /** Still nobody's: a deadline that passes calls for the telephone. */
  readonly waits: boolean;
}

export const officialTime = (source: Source): string => source.receipt?.receivedAt ?? source.at;

type Done = { readonly when: string; readonly who: Author | undefined } | undefined;

const doneBy = (source: Source | undefined): Done =>
  source === undefined ? undefined : { when: officialTime(source), who: source.author };

export function stripOf(request: RequestView): Strip {
  const last = (state: string) => request.steps.filter((s) => s.state === state).at(-1);
  const taken = last("accepted")?.source;
  const answered = request.questions.filter((q) => q.opinions.length > 0).length;
  const received = request.sent.receipt;
  const firstSeen = request.seenBy[0];
  const way: readonly (readonly [StripStep["what"], Done])[] = [
    ["written", { when: request.sent.at, who: request.sent.author }],
    ["arrived", received && { when: received.receivedAt, who: undefined }],
    ["opened", doneBy(earlier(firstSeen, taken))],
    ["taken", doneBy(taken)],
    ["answered", request.state === "answered" ? doneBy(lastOpinion(request)) : undefined],
  ];
  const furthest = way.reduce((at, [, done], i) => (done === undefined ? at : i), 0);
  return {
    steps: way.map(([what, done], i) => ({
      what,
      state: i <= furthest ? "done" : i === furthest + 1 ? "now" : "ahead",
      when: done?.when,
      who: done?.who,
    })),
    end: endOf(request),
    answered,
    asked: request.questions.length,
    waits: !["answered", "declined", "withdrawn"].includes(request.state),
  };
}

/** Who accepted has opened it, whether or not their device said so before. */
function earlier(a: Source | undefined, b: Source | undefined): Source | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return officialTime(a) <= officialTime(b) ? a : b;
}

function lastOpinion(request: RequestView): Source | undefined {
  const opinions = request.questions.flatMap((q) => q.opinions);
  return opinions.reduce<Source | undefined>(
    (latest, o) => (latest === undefined || officialTime(o) > officialTime(latest) ? o : latest),
    undefined,
  );
}

function endOf(request: RequestView): StripEnd | undefined {
  const step = request.steps.at(-1);
  for (const what of ["declined", "withdrawn"] as const) {
    if (request.state !== what) continue;
    const found = request.steps.filter((s) => s.state === what).at(-1);
    if (found !== undefined) return { what, source: found.source, reason: found.reason };
  }
  const on = request.steps.filter((s) => s.state === "sentOn").at(-1);
  if (on === undefined || step === undefined) return undefined;
  return { what: "sentOn", source: on.source, reason: on.reason };
}
