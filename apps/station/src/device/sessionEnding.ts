/**
 * On the lock screen the server's session ends, as soon as there is a line for it. It must never be the one that
 * somebody is opening at that moment: who signs in stops it first.
 */
export interface SessionEnding {
  /** From now on nobody is here: what session the browser still has ends. */
  readonly want: () => void;
  /** Somebody is here. */
  readonly forget: () => void;
  /** Tries now: the line may be back. */
  readonly look: () => void;
  /** While this goes on nothing is ended; afterwards what is still wanted is. */
  readonly suspendFor: <T>(act: () => Promise<T>) => Promise<T>;
}

/** `end` answers true once there is no session; it may be stopped at any time. */
export const createSessionEnding = (
  end: (signal: AbortSignal) => Promise<boolean>,
): SessionEnding => {
  let isWanted = false;
  let suspended = 0;
  let running: AbortController | undefined;

  const once = async () => {
    if (!isWanted || suspended > 0 || running !== undefined) return;
    const mine = new AbortController();
    running = mine;
    const hasEnded = await end(mine.signal).catch(() => false);
    if (running !== mine) return;
    running = undefined;
    if (hasEnded) isWanted = false;
  };
  const look = () => void once();
  const stop = () => {
    running?.abort();
    running = undefined;
  };
  return {
    want() {
      isWanted = true;
      look();
    },
    forget() {
      isWanted = false;
      stop();
    },
    look,
    async suspendFor(act) {
      suspended += 1;
      stop();
      try {
        return await act();
      } finally {
        suspended -= 1;
        look();
      }
    },
  };
};
