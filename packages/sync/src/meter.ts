/** What the line has carried lately: for sizes of batches and chunks and for "about 2 minutes". */
export interface Meter {
  /** `bytes` went over the line in `ms`, the answer's way included. */
  sent(bytes: number, ms: number): void;
  /** Bytes a second; undefined before the first measurement. */
  bytesPerSecond(): number | undefined;
}

/** Compressed share of a character of the outbox before anything has been sent. */
export const likelyRatio = 0.4;

/** How much the newest measurement weighs. */
const weight = 0.3;

export function createMeter(): Meter {
  let rate: number | undefined;
  return {
    sent: (bytes, ms) => {
      if (bytes <= 0) return;
      const now = (bytes * 1_000) / Math.max(ms, 1);
      rate = rate === undefined ? now : rate * (1 - weight) + now * weight;
    },
    bytesPerSecond: () => rate,
  };
}

/** A size that grows while the line is quick and shrinks when it is slow or breaks. */
export interface Pace {
  size(): number;
  took(ms: number): void;
  broke(): void;
}

const quickMs = 2_000;
const slowMs = 8_000;

export function createPace(limits: {
  readonly start: number;
  readonly least: number;
  readonly most: number;
  /** What took less may be larger the next time; 2 s where it is not said. */
  readonly quickMs?: number;
  /** What took more is smaller the next time; 8 s where it is not said. */
  readonly slowMs?: number;
}): Pace {
  let size = limits.start;
  const set = (to: number) => {
    size = Math.round(Math.min(limits.most, Math.max(limits.least, to)));
  };
  return {
    size: () => size,
    took: (ms) =>
      set(
        ms < (limits.quickMs ?? quickMs)
          ? size * 2
          : ms > (limits.slowMs ?? slowMs)
            ? size / 2
            : size,
      ),
    broke: () => set(size / 2),
  };
}
