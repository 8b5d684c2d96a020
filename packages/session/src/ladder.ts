import { rungNames, rungs, type RungName } from "./rungs.ts";

/** What was measured of one direction, about once a second. */
export interface Measure {
  /** A clock that only goes forward. */
  readonly atMs: number;
  /** What the estimator believes can be carried; undefined while it does not know. */
  readonly availableKbps?: number;
  /** Share of packets lost since the last measure, 0–1. */
  readonly loss: number;
  readonly roundTripMs: number;
  /** Share of this machine's time that media takes, 0–1. */
  readonly cpu: number;
  /** How long nothing has arrived by now. */
  readonly silentMs: number;
}

/** What is to blame, or `stable`, or a person's word. */
export type Reason =
  | "bandwidth"
  | "loss"
  | "roundTrip"
  | "cpu"
  | "silence" // nothing arrives
  | "returned" // something arrives again
  | "stable"
  | "held";

export interface Change {
  readonly from: RungName;
  readonly to: RungName;
  readonly why: Reason;
}

export interface Ladder {
  readonly rung: RungName;
  /** The rung a person holds; null: it moves by itself. */
  readonly held: RungName | null;
  /** Since when every measure asked for a lower rung; null: the last one did not. */
  readonly worseSinceMs: number | null;
  /** Since when every measure would have carried the next rung up. */
  readonly betterSinceMs: number | null;
  readonly climbedAtMs: number | null;
  /** How long it has to be stable before the next climb. */
  readonly patienceMs: number;
  readonly lastMs: number;
  /** Nothing arrives; where it returns, it begins anew. */
  readonly cut: boolean;
}

/** Two measures in a row, a second apart: one alone may be chance. Within 3 s of the line's getting worse. */
const worseMs = 900;
const silenceMs = 2_000;
export const stableMs = 20_000;
const longestPatienceMs = 320_000;
/** A climb that is taken back sooner than this was a mistake, and the next one waits twice as long. */
const mistakeMs = 30_000;
/** A rung that lasted this long has earned the shortest wait again. */
const trustedMs = 120_000;
/** Above what the rung needs, before it is climbed to. */
const headroom = 1.25;
const mostCpu = 0.9;
/** Measures further apart than this say nothing of the time between (the machine slept). */
const gapMs = 5_000;

const placeOf = (name: RungName): number => rungNames.indexOf(name);
const lower = (one: RungName, other: RungName): RungName =>
  placeOf(one) > placeOf(other) ? one : other;

type Fault = "bandwidth" | "loss" | "roundTrip";
const faultOf = (name: RungName, measure: Measure, margin: number): Fault | undefined => {
  const { needsKbps, mostLoss, mostRoundTripMs } = rungs[name];
  if ((measure.availableKbps ?? Infinity) < needsKbps * margin) return "bandwidth";
  if (measure.loss * margin > mostLoss) return "loss";
  return measure.roundTripMs * margin > mostRoundTripMs ? "roundTrip" : undefined;
};

/** The highest rung that the measure carries. */
export const fitting = (measure: Measure): RungName =>
  rungNames.find((name) => faultOf(name, measure, 1) === undefined) ?? "writing";

/** A tired machine costs one size of the picture, never the voice. */
const relieved = (name: RungName): RungName =>
  rungNames[Math.min(placeOf(name) + 1, placeOf("stills"))] ?? name;

const above = (name: RungName): RungName | undefined => rungNames[placeOf(name) - 1];

/** Where a direction begins: on what the line carries now, not on what one would like. */
export const startLadder = (measure: Measure): Ladder => ({
  rung: measure.silentMs >= silenceMs ? "writing" : fitting(measure),
  held: null,
  worseSinceMs: null,
  betterSinceMs: null,
  climbedAtMs: null,
  patienceMs: stableMs,
  lastMs: measure.atMs,
  cut: measure.silentMs >= silenceMs,
});

export interface Step {
  readonly ladder: Ladder;
  readonly change: Change | undefined;
}

const moveTo = (ladder: Ladder, rung: RungName, why: Reason, more: Partial<Ladder> = {}): Step => ({
  ladder: { ...ladder, rung, worseSinceMs: null, betterSinceMs: null, ...more },
  change: rung === ladder.rung ? undefined : { from: ladder.rung, to: rung, why },
});

/**
 * Down to what the line carries. What is lost and late while more is sent than goes through says nothing of the line
 * itself: for bandwidth that alone counts, and for loss or delay one move goes no lower than voice.
 */
const lowered = (rung: RungName, fault: Fault, measure: Measure): RungName => {
  const { availableKbps = Infinity } = measure;
  const byBandwidth = rungNames.find((name) => rungs[name].needsKbps <= availableKbps) ?? "writing";
  if (fault === "bandwidth") return byBandwidth;
  const least = placeOf(rung) < placeOf("voice") ? "voice" : "writing";
  return placeOf(fitting(measure)) > placeOf(least) ? least : lower(fitting(measure), rung);
};

/** Where it should be by this measure alone, and who is to blame where that is lower. */
const wanted = (
  rung: RungName,
  measure: Measure,
): { readonly to: RungName; readonly why: Reason } => {
  const fault = faultOf(rung, measure, 1);
  if (fault !== undefined) return { to: lowered(rung, fault, measure), why: fault };
  const tired = measure.cpu > mostCpu && placeOf(rung) < placeOf("stills");
  return tired ? { to: relieved(rung), why: "cpu" } : { to: rung, why: "stable" };
};

/** Voice first: whoever was cut off is heard before anything is seen. */
const returned = (ladder: Ladder, measure: Measure): Step =>
  moveTo(ladder, ladder.held ?? lower("voice", fitting(measure)), "returned", { cut: false });

const down = (ladder: Ladder, to: RungName, why: Reason, atMs: number): Step => {
  const mistaken = ladder.climbedAtMs !== null && atMs - ladder.climbedAtMs < mistakeMs;
  const patienceMs = mistaken
    ? Math.min(ladder.patienceMs * 2, longestPatienceMs)
    : ladder.patienceMs;
  return moveTo(ladder, to, why, { patienceMs, climbedAtMs: null });
};

const up = (ladder: Ladder, atMs: number): Step =>
  moveTo(ladder, above(ladder.rung) ?? ladder.rung, "stable", { climbedAtMs: atMs });

const canClimb = ({ rung }: Ladder, measure: Measure): boolean => {
  const next = above(rung);
  return (
    next !== undefined &&
    faultOf(next, measure, headroom) === undefined &&
    measure.cpu <= mostCpu / headroom
  );
};

const watched = (ladder: Ladder, measure: Measure): Step => {
  const { atMs } = measure;
  const { to, why } = wanted(ladder.rung, measure);
  if (to !== ladder.rung) {
    const since = ladder.worseSinceMs ?? atMs;
    const waiting = { ...ladder, worseSinceMs: since, betterSinceMs: null };
    return atMs - since >= worseMs
      ? down(waiting, to, why, atMs)
      : { ladder: waiting, change: undefined };
  }
  if (!canClimb(ladder, measure))
    return { ladder: { ...ladder, worseSinceMs: null, betterSinceMs: null }, change: undefined };
  const since = ladder.betterSinceMs ?? atMs;
  const waiting = { ...ladder, worseSinceMs: null, betterSinceMs: since };
  return atMs - since >= ladder.patienceMs
    ? up(waiting, atMs)
    : { ladder: waiting, change: undefined };
};

/** What the time since the last measure says by itself. */
const aged = (ladder: Ladder, atMs: number): Ladder => {
  const slept = atMs - ladder.lastMs > gapMs;
  const trusted = ladder.climbedAtMs !== null && atMs - ladder.climbedAtMs >= trustedMs;
  return {
    ...ladder,
    lastMs: atMs,
    ...(slept ? { worseSinceMs: null, betterSinceMs: null } : {}),
    ...(trusted ? { patienceMs: stableMs, climbedAtMs: null } : {}),
  };
};

/**
 * One measure of one direction. Down within 3 s of the line's getting worse, at once to what it carries; up one rung
 * when it has been stable for 20 s with a quarter to spare. A held rung gives way to silence alone.
 */
export const stepLadder = (before: Ladder, measure: Measure): Step => {
  const ladder = aged(before, measure.atMs);
  if (measure.silentMs >= silenceMs) return moveTo(ladder, "writing", "silence", { cut: true });
  if (ladder.cut) return returned(ladder, measure);
  if (ladder.held !== null) return { ladder, change: undefined };
  return watched(ladder, measure);
};

/** A person's word: this rung, or null for by itself again, from where it stands. */
export const holdRung = (ladder: Ladder, held: RungName | null): Step => {
  const next: Ladder = { ...ladder, held, patienceMs: stableMs, climbedAtMs: null };
  return moveTo(next, ladder.cut ? ladder.rung : (held ?? ladder.rung), "held");
};
