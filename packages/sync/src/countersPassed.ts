import type { Checked } from "./check.ts";
import type { Engine } from "./engine.ts";
import type { Step } from "./ports.ts";

/** What another machine with a copy of this device's key has used up is not used here again. */
export function countersPassed({ store }: Engine, items: readonly Checked[]): readonly Step[] {
  const passed = new Map<string, number>();
  for (const { entry, fault } of items) {
    if (entry === undefined || fault !== undefined) continue;
    const { key, n } = entry.header;
    if (store.hasCounter(key) && n > Math.max(store.counter(key), passed.get(key) ?? 0))
      passed.set(key, n);
  }
  return [...passed].map(([key, n]) => ({ do: "putCounter", key, n }));
}
