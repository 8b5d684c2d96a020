import { newStopper } from "./platform.ts";
import type { Clock, Randomness, StopSignal } from "./ports.ts";

const firstDelayMs = 1_000;
const longestDelayMs = 60_000;

/** How long to wait after the `attempt`-th failure in a row (from 1): doubling to a minute, the upper half by chance. */
export function backoffMs(attempt: number, chance: number): number {
  const whole = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt - 1, 16));
  return whole / 2 + (whole / 2) * chance;
}

/** A number in [0, 1). */
export const chanceOf = (random: Randomness): number => {
  const [high = 0, low = 0] = random(2);
  return (high * 256 + low) / 65_536;
};

/** Wakes a loop: `work` only one that idles, `now` also one that waits after a failure. Never lost between two waits. */
export interface Bell {
  ring(how: "work" | "now"): void;
  /** Waits until a ring that counts, or `ms`; says whether it was a ring `now`. */
  wait(ms: number | undefined, hears: "work" | "now", signal: StopSignal): Promise<boolean>;
}

/** Longest that any loop sleeps without looking: a day, far below what timers can hold. */
const longestSleepMs = 86_400_000;

export function createBell(clock: Clock): Bell {
  let rung: "work" | "now" | undefined;
  let wake: ((how: "work" | "now") => void) | undefined;
  return {
    ring: (how) => {
      rung = rung === "now" ? "now" : how;
      wake?.(how);
    },
    wait: async (ms, hears, signal) => {
      const counts = (how: "work" | "now" | undefined) =>
        how === "now" || (how === "work" && hears === "work");
      const stopper = newStopper();
      const stop = () => stopper.abort();
      signal.addEventListener("abort", stop);
      if (!counts(rung) && !signal.aborted) {
        wake = (how) => {
          if (counts(how)) stop();
        };
        await clock.sleep(Math.min(ms ?? longestSleepMs, longestSleepMs), stopper.signal);
        wake = undefined;
      }
      signal.removeEventListener("abort", stop);
      const wasNow = rung === "now";
      if (counts(rung)) rung = undefined;
      return wasNow;
    },
  };
}

/** What a loop does after one step. */
export type Next =
  | { readonly then: "again" }
  /** Until a ring, or `ms` if given. */
  | { readonly then: "idle"; readonly ms?: number | undefined }
  /** With back-off, at least `atLeastMs`. */
  | { readonly then: "failed"; readonly atLeastMs?: number | undefined };

export const again: Next = { then: "again" };
export const failed: Next = { then: "failed" };

interface LoopPorts {
  readonly clock: Clock;
  readonly random: Randomness;
  readonly bell: Bell;
  readonly signal: StopSignal;
  /** While this says yes the loop idles. */
  readonly isPaused: () => boolean;
  readonly onError: (error: unknown) => void;
}

/** Runs `step` for ever: what is thrown is told and retried like any failure, so that no loop ever dies. */
export async function runLoop(ports: LoopPorts, step: () => Promise<Next>): Promise<void> {
  const { bell, signal, random } = ports;
  let failures = 0;
  while (!signal.aborted) {
    const next: Next = ports.isPaused() ? { then: "idle" } : await attempt(ports, step);
    if (signal.aborted) return;
    if (next.then === "failed") {
      failures += 1;
      const ms = Math.max(backoffMs(failures, chanceOf(random)), next.atLeastMs ?? 0);
      if (await bell.wait(ms, "now", signal)) failures = 0;
    } else {
      failures = 0;
      if (next.then === "idle") await bell.wait(next.ms, "work", signal);
    }
  }
}

async function attempt(ports: LoopPorts, step: () => Promise<Next>): Promise<Next> {
  try {
    return await step();
  } catch (error) {
    if (!ports.signal.aborted) ports.onError(error);
    return failed;
  }
}
