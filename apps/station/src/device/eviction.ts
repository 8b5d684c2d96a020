import type { EvictionParts } from "./lettingGo.ts";

/** Sees to it that this device lets go of the cases that it is not to keep, while there is a line to read them again. */
export interface Eviction {
  /** Looks whether it is time: everything has been read, and the server has signed a later hour than last time. */
  readonly look: () => void;
}

const hourMs = 60 * 60_000;

export const createEviction = (parts: EvictionParts): Eviction => {
  const { sync } = parts;
  let lastMs = Number.NEGATIVE_INFINITY;
  let running = false;
  const run = async (nowMs: number) => {
    // Nobody who opens the application waits for it.
    const { evict } = await import("./lettingGo.ts");
    await evict(parts, nowMs);
  };
  const look = () => {
    if (parts.signal.aborted) return;
    const nowMs = sync.signedAtMs();
    if (running || nowMs === undefined || nowMs - lastMs < hourMs || !sync.state().caughtUp) return;
    lastMs = nowMs;
    running = true;
    void run(nowMs)
      .catch(reportError)
      .finally(() => {
        running = false;
        // A later hour may have been signed meanwhile, and nothing else would tell of it.
        look();
      });
  };
  return { look };
};
