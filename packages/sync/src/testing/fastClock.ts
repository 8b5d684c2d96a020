import type { Clock, StopSignal } from "../ports.ts";

declare const performance: { now(): number };
declare const setTimeout: (then: () => void, ms: number) => unknown;
declare const clearTimeout: (timer: unknown) => void;

/** A clock that runs `factor` times as fast as the real one and stands `offsetMs` off the right time. */
export function createFastClock(factor: number, offsetMs = 0): Clock {
  const beganAt = Date.now();
  const began = performance.now();
  const elapsed = (): number => (performance.now() - began) * factor;
  return {
    elapsed,
    now: () => Math.floor(beganAt + offsetMs + elapsed() / factor),
    sleep: (ms: number, signal: StopSignal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
          resolve();
        };
        const timer = setTimeout(end, Math.min(ms / factor, 2_000_000_000));
        signal.addEventListener("abort", end);
      }),
  };
}

/** Numbers in [0, 1) from a seed (mulberry32): the same seed, the same run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
