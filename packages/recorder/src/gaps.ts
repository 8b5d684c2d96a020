import { msOf, type Mark } from "./mark.ts";

/** From, to: ms since 1970. */
type Span = readonly [fromMs: number, toMs: number];

/** What was not recorded; `who`: one person's voice alone, null: everybody's. In ms since the recording's start. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly who: string | null;
}

const united = (spans: readonly Span[]): readonly Span[] => {
  const joined: [number, number][] = [];
  for (const [from, to] of [...spans].sort(([one], [other]) => one - other)) {
    const last = joined.at(-1);
    // Numbers of samples become fractions of a millisecond; what touches is one.
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
};

/** What of `whole` none of the spans covers. */
const without = ([from, to]: Span, spans: readonly Span[]): readonly Span[] => {
  const left: Span[] = [];
  let at = from;
  for (const [begins, ends] of united(spans)) {
    if (begins > at) left.push([at, Math.min(begins, to)]);
    at = Math.max(at, ends);
    if (at >= to) return left;
  }
  return [...left, [at, to]];
};

const endOf = (mark: Mark): number =>
  mark.mark === "sound" || mark.mark === "quiet" ? mark.atMs + msOf(mark.samples) : mark.atMs;

/** When one run of the recorder was in the room: from being let in until the last that it wrote. */
const presencesOf = (run: readonly Mark[]): readonly Span[] => {
  const spans: Span[] = [];
  let since: number | undefined;
  let last = 0;
  for (const mark of run) {
    if (mark.mark === "in") since = mark.atMs;
    if (since !== undefined) last = Math.max(last, endOf(mark), since);
    if (mark.mark !== "out" || since === undefined) continue;
    spans.push([since, mark.atMs]);
    since = undefined;
  }
  return since === undefined ? spans : [...spans, [since, last]];
};

interface TrackLife {
  readonly who: string;
  readonly from: number;
  ended: number | undefined;
  readonly covered: Span[];
}

/** Lives of the tracks over all runs, in the order of time. */
const livesOf = (marks: readonly Mark[]): readonly TrackLife[] => {
  const lives = new Map<string, TrackLife>();
  const endAbsent = (tracks: readonly string[], atMs: number): void => {
    for (const [track, life] of lives)
      if (!tracks.includes(track) && life.ended === undefined) life.ended = atMs;
  };
  for (const mark of marks) {
    if (mark.mark === "in") endAbsent(mark.tracks, mark.atMs);
    if (mark.mark === "track" && !lives.has(mark.track))
      lives.set(mark.track, { who: mark.who, from: mark.atMs, ended: undefined, covered: [] });
    if (mark.mark === "trackEnd") {
      const life = lives.get(mark.track);
      if (life !== undefined) life.ended ??= mark.atMs;
    }
    if (mark.mark === "sound" || mark.mark === "quiet")
      lives.get(mark.track)?.covered.push([mark.atMs, endOf(mark)]);
  }
  return [...lives.values()];
};

/** Shorter ones are the rounding of clocks, no loss. */
const leastMs = 20;

/**
 * What the runs did not record of [startMs, endMs]: where no recorder was in the room, and, of each track, what is
 * missing of its life beyond that.
 */
export const gapsOf = (
  runs: readonly (readonly Mark[])[],
  startMs: number,
  endMs: number,
): readonly Gap[] => {
  const whole: Span = [startMs, endMs];
  const present = runs.flatMap(presencesOf);
  const absent = without(whole, present);
  const lives = livesOf(runs.flat());
  const each = [
    ...absent.map((span) => ({ span, who: null })),
    ...lives.flatMap(({ who, from, ended, covered }) =>
      without(
        [Math.max(from, startMs), Math.min(ended ?? endMs, endMs)],
        [...covered, ...absent],
      ).map((span) => ({ span, who })),
    ),
  ];
  return each
    .filter(({ span: [from, to] }) => to - from >= leastMs)
    .map(({ span: [from, to], who }) => ({
      fromMs: Math.floor(from - startMs),
      toMs: Math.ceil(to - startMs),
      who,
    }))
    .sort((one, other) => one.fromMs - other.fromMs);
};
