import { createClock } from "@lientuyen/sync";

/** The engine's clock over the browser's timers; what time it is comes from whoever wires. */
export const clockOf = (now: () => number) =>
  createClock({
    now,
    elapsed: () => performance.now(),
    setTimeout: (then, ms) => setTimeout(then, ms),
    clearTimeout: (timer) => clearTimeout(timer),
  });
