/**
 * One window owns the store. The lock goes to whoever comes first; the next in line gets it when that window closes,
 * or at once by `takeOver`.
 */
export interface WindowLock {
  takeOver(): void;
  close(): void;
}

export interface WindowLockEvents {
  readonly got: () => void;
  /** Another window has it, from the beginning or because it took over. */
  readonly lost: () => void;
}

const lockName = "lientuyen-store";

export const holdWindow = (locks: LockManager, events: WindowLockEvents): WindowLock => {
  let waiting = new AbortController();
  let closed = false;
  let release: () => void = () => undefined;

  const hold = (): Promise<void> => {
    if (closed) return Promise.resolve();
    events.got();
    return new Promise((resolve) => {
      release = resolve;
    });
  };

  // Rejects with AbortError when another window steals the lock, or when this one stops waiting.
  const request = async (options: LockOptions): Promise<void> => {
    const mine = waiting;
    try {
      await locks.request(lockName, options, hold);
    } catch (error) {
      const isLoss = error instanceof DOMException && error.name === "AbortError";
      if (!isLoss) throw error;
      if (mine.signal.aborted || closed) return;
      events.lost();
      void queue();
    }
  };
  const queue = () => request({ signal: waiting.signal });

  const begin = async () => {
    const { held } = await locks.query();
    if (held?.some(({ name }) => name === lockName) === true) events.lost();
    await queue();
  };
  void begin();

  return {
    takeOver() {
      waiting.abort();
      waiting = new AbortController();
      void request({ steal: true });
    },
    close() {
      closed = true;
      waiting.abort();
      release();
    },
  };
};
