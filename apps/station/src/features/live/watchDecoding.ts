import { lookEveryMs, startDecoding, stepDecoding, type Decoding } from "./decoding.ts";
import type { Decoded } from "./livekitDecoded.ts";
import type { Line } from "./livekitLine.ts";

/** Measures what the pictures cost while a call goes on; `changed` tells how many may be decoded. Gives the way to stop. */
export const watchDecoding = (line: Line, changed: (most: number) => void): (() => void) => {
  let state: Decoding = startDecoding;
  let before: Decoded | undefined;
  let dueMs = performance.now() + lookEveryMs;
  const look = async (): Promise<void> => {
    const lateMs = Math.max(0, performance.now() - dueMs);
    dueMs = performance.now() + lookEveryMs;
    const now = await line.decoded();
    // A hidden page's timers are late by the browser's own will.
    if (before !== undefined && !document.hidden && before.pictures === now.pictures) {
      const next = stepDecoding(state, { ...costBetween(before, now), lateMs }, now.pictures);
      if (next.most !== state.most) changed(next.most);
      state = next;
    }
    before = now;
  };
  const timer = setInterval(() => void look().catch(() => undefined), lookEveryMs);
  return () => clearInterval(timer);
};

const costBetween = (before: Decoded, now: Decoded) => {
  const frames = Math.max(0, now.frames - before.frames);
  const dropped = Math.max(0, now.dropped - before.dropped);
  const seconds = Math.max(0, now.seconds - before.seconds);
  return {
    decoding: (seconds * 1_000) / lookEveryMs / navigator.hardwareConcurrency,
    dropped: dropped / Math.max(1, frames + dropped),
  };
};
