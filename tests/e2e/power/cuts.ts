import type { Desk } from "./desk.ts";
import type { Part, Telling } from "./snakebite.ts";

/** When the power goes while a part is being played. */
export interface Cut {
  readonly part: string;
  /** `during`: so long after the part began; `pressed`: so long after a button was pressed that writes. */
  readonly when: "during" | "pressed";
  readonly afterMs: number;
}

/** By chance, but the same for the same `next`: half of the cuts follow a button that writes, where two writes may be parted. */
export function planCuts(
  parts: readonly Part[],
  count: number,
  next: () => number,
): readonly Cut[] {
  return Array.from({ length: count }, () => {
    const part = parts[Math.floor(next() * parts.length)];
    if (part === undefined) throw new Error("no parts");
    const when = next() < 0.5 ? "during" : "pressed";
    const afterMs = Math.floor(next() * (when === "during" ? part.usualMs : 120));
    return { part: part.name, when, afterMs };
  });
}

export interface Played {
  readonly cuts: number;
  readonly slowestBackMs: number;
}

/** Plays the parts one after the other; each is cut as planned, and goes on when the machine is on again. */
export async function playThrough(
  desk: Desk,
  telling: Telling,
  parts: readonly Part[],
  cuts: readonly Cut[],
): Promise<Played> {
  let made = 0;
  let slowestBackMs = 0;
  for (const part of parts) {
    for (const cut of cuts.filter((one) => one.part === part.name)) {
      await playUntil(desk, telling, part, cut);
      made += 1;
      const startedMs = performance.now();
      await desk.switchOn();
      slowestBackMs = Math.max(slowestBackMs, performance.now() - startedMs);
    }
    await part.play(desk, telling);
  }
  return { cuts: made, slowestBackMs };
}

/** A part that ends before its cut is cut at its end: right after what it wrote was shown as written. */
async function playUntil(desk: Desk, telling: Telling, part: Part, cut: Cut): Promise<void> {
  let isCut = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const go = (): void => {
    if (isCut) return;
    isCut = true;
    clearTimeout(timer);
    desk.cutPower();
  };
  const start = (): void => {
    clearTimeout(timer);
    timer = setTimeout(go, cut.afterMs);
  };
  desk.pressing.tell = cut.when === "pressed" ? start : () => undefined;
  if (cut.when === "during") start();
  try {
    await part.play(desk, telling);
  } catch (error) {
    if (!isCut) throw error;
  }
  go();
  desk.pressing.tell = () => undefined;
}
