/** Work that follows one another: what comes while something is under way waits for its end. */
export interface Turns {
  /** Rejects as the work does; what comes after goes on. */
  readonly take: (work: () => Promise<void>) => Promise<void>;
  readonly waiting: () => number;
  /** When what was asked for until now is done. */
  readonly settled: () => Promise<void>;
}

/** `ended` is told after each piece of work, `failed` of what went wrong in one. */
export const openTurns = (ended: () => void, failed: (error: unknown) => void): Turns => {
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  return {
    take(work) {
      waiting += 1;
      const turn = last.then(work).finally(() => {
        waiting -= 1;
      });
      last = turn.catch(failed).then(ended);
      return turn;
    },
    waiting: () => waiting,
    settled: () => last,
  };
};
