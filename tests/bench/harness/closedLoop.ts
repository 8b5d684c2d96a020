/** What several loops did side by side, each beginning its next turn when the last one had its answer. */
export interface Run {
  readonly done: number;
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
}

/** Takes turns until the time is over or all loops have nothing left (`false`). */
export async function runFor(
  forMs: number,
  turns: readonly (() => Promise<boolean>)[],
): Promise<Run> {
  const latenciesMs: number[] = [];
  const startedMs = performance.now();
  let endedMs = startedMs;
  await Promise.all(
    turns.map(async (turn) => {
      for (;;) {
        const beganMs = performance.now();
        if (beganMs - startedMs > forMs) return;
        if (!(await turn())) return;
        endedMs = performance.now();
        latenciesMs.push(endedMs - beganMs);
      }
    }),
  );
  return { done: latenciesMs.length, seconds: (endedMs - startedMs) / 1_000, latenciesMs };
}

/** The value below which so many hundredths lie. */
export const readHundredth = (values: readonly number[], hundredth: number): number =>
  [...values].sort((a, b) => a - b)[
    Math.min(values.length - 1, Math.floor((values.length * hundredth) / 100))
  ] ?? Number.NaN;
