import { rungs, startLadder, stepLadder, type Change, type Ladder, type Measure } from "./index.ts";

/** What a line carries at one moment; null: nothing at all. */
export type Line = {
  readonly kbps: number;
  readonly loss: number;
  readonly roundTripMs: number;
} | null;

export interface Moment {
  readonly second: number;
  readonly ladder: Ladder;
  readonly change: Change | undefined;
}

/** What the rung puts on the line, its own voice and picture with the headers. */
const sentKbps = (ladder: Ladder): number => rungs[ladder.rung].needsKbps * 0.9;

/**
 * A direction over a line that changes with time: an estimator that falls at once and climbs by an eighth a second, loss
 * where more is sent than goes through, a queue before it.
 */
export const drive = (
  line: (second: number) => Line,
  seconds: number,
  control: (ladder: Ladder, second: number) => Ladder = (ladder) => ladder,
): readonly Moment[] => {
  let estimateKbps = line(0)?.kbps ?? 0;
  let silentSince: number | null = null;
  let ladder: Ladder | undefined;
  const moments: Moment[] = [];
  for (let second = 0; second < seconds; second++) {
    const now = line(second);
    silentSince = now === null ? (silentSince ?? second) : null;
    // A connection made anew begins at 300 kbit/s, as Chromium's estimator does.
    const believed = estimateKbps === 0 ? 300 : Math.max(estimateKbps, 30) * 1.125;
    estimateKbps = Math.min(now?.kbps ?? 0, believed);
    const sent = ladder === undefined ? 0 : sentKbps(ladder);
    const overflow = now === null || sent <= now.kbps ? 0 : (sent - now.kbps) / sent;
    const measure: Measure = {
      atMs: second * 1_000,
      availableKbps: second === 0 ? (now?.kbps ?? 0) : estimateKbps,
      loss: now === null ? 1 : Math.min(1, now.loss + overflow),
      roundTripMs: (now?.roundTripMs ?? 0) + (overflow > 0 ? 400 : 0),
      cpu: 0.4,
      silentMs: silentSince === null ? 0 : (second - silentSince + 1) * 1_000,
    };
    const step: { readonly ladder: Ladder; readonly change: Change | undefined } =
      ladder === undefined
        ? { ladder: startLadder(measure), change: undefined }
        : stepLadder(ladder, measure);
    ladder = control(step.ladder, second);
    moments.push({ second, ladder, change: step.change });
  }
  return moments;
};
