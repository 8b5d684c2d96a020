import { samplesIn } from "./mark.ts";

export interface Mix {
  /** Adds one voice's samples where they belong; what came later than `keptMs` behind everybody else's is left out. */
  readonly add: (track: string, atMs: number, samples: Int16Array) => void;
  /** Up to this moment everything is handed on. */
  readonly end: (atMs: number) => void;
}

/** Tracks of one recorder come within moments of each other; this much is kept to add to. */
const keptMs = 30_000;

/**
 * All voices as one, in real time from `startMs`: where nothing was recorded there is silence, so that a moment of the
 * session is the same moment of the file. Two recorders at once do not make anybody louder: each track's time counts once.
 */
export const mixFrom = (startMs: number, hand: (samples: Int16Array) => void): Mix => {
  const kept = samplesIn(keptMs);
  const sums = new Int32Array(kept * 2);
  /** Place of `sums[0]` in the file. */
  let begin = 0;
  const takenUntil = new Map<string, number>();

  const handOn = (until: number): void => {
    while (begin < until) {
      const count = Math.min(until - begin, sums.length);
      // A clamped array of 16 bits there is none.
      const samples = new Int16Array(count);
      for (let at = 0; at < count; at++)
        samples[at] = Math.max(-32_768, Math.min(32_767, sums[at] ?? 0));
      hand(samples);
      sums.copyWithin(0, count).fill(0, sums.length - count);
      begin += count;
    }
  };
  return {
    add: (track, atMs, samples) => {
      const from = samplesIn(atMs - startMs);
      const to = from + samples.length;
      if (to - begin > sums.length) handOn(to - kept);
      const first = Math.max(from, begin, takenUntil.get(track) ?? 0);
      for (let at = first; at < to; at++)
        sums[at - begin] = (sums[at - begin] ?? 0) + (samples[at - from] ?? 0);
      takenUntil.set(track, Math.max(to, first));
    },
    end: (atMs) => handOn(samplesIn(atMs - startMs)),
  };
};
