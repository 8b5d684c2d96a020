import { setTimeout as wait } from "node:timers/promises";

/** Looks ten times a second until it is so; false where it was not in time. */
export const until = async (limitMs: number, isSo: () => Promise<boolean>): Promise<boolean> => {
  const endMs = performance.now() + limitMs;
  while (performance.now() < endMs) {
    if (await isSo()) return true;
    await wait(100);
  }
  return false;
};
