import { msOf } from "./mark.ts";

/** Where the samples of one track belong, told by when they came. */
export interface Timeline {
  /** @returns ms of the first sample, where the frame's last one came at `nowMs` */
  readonly place: (samples: number, nowMs: number) => number;
}

/** Frames that come later than their own count says were lost before, or clocks differ; looked at over this long. */
const windowMs = 5_000;
const mostDriftMs = 60;

/**
 * A track's frames follow each other without a gap, however unevenly they come. Only where for a whole window every one
 * of them was late (something was lost before it got here) is time set anew.
 */
export const startTimeline = (): Timeline => {
  let next: number | undefined;
  let leastLateMs = Infinity;
  let sinceMs = 0;
  return {
    place: (samples, nowMs) => {
      const lengthMs = msOf(samples);
      if (next === undefined) {
        next = nowMs - lengthMs;
        sinceMs = nowMs;
      }
      const lateMs = nowMs - lengthMs - next;
      leastLateMs = Math.min(leastLateMs, lateMs);
      if (nowMs - sinceMs >= windowMs) {
        if (leastLateMs > mostDriftMs) next += leastLateMs;
        leastLateMs = Infinity;
        sinceMs = nowMs;
      }
      const at = next;
      next += lengthMs;
      return at;
    },
  };
};
