import type { Clock, StopSignal } from "./ports.ts";

/** The platform's timers, given by whoever wires (`globalThis` and `performance` satisfy it). */
export interface Timers<Timer> {
  setTimeout(then: () => void, ms: number): Timer;
  clearTimeout(timer: Timer): void;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that only move forward. */
  elapsed(): number;
}

/** A clock over the platform's timers; sleeping ends early when its signal stops. */
export function createClock<Timer>(timers: Timers<Timer>): Clock {
  return {
    now: () => timers.now(),
    elapsed: () => timers.elapsed(),
    sleep: (ms: number, signal: StopSignal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const end = (): void => {
          timers.clearTimeout(timer);
          signal.removeEventListener("abort", end);
          resolve();
        };
        const timer = timers.setTimeout(end, ms);
        signal.addEventListener("abort", end);
      }),
  };
}
