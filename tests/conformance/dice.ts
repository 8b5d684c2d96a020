/** Chance from a seed: the same seed tells the same stories. */
export interface Dice {
  /** 0 ≤ x < 1. */
  readonly next: () => number;
  /** A whole number from `least` to `most`, both included. */
  readonly between: (least: number, most: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(from: readonly T[]) => T;
  readonly bytes: (count: number) => Uint8Array<ArrayBuffer>;
}

/** mulberry32. */
export const makeDice = (seed: number): Dice => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (least: number, most: number): number =>
    least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: (from) => there(from[Math.floor(next() * from.length)]),
    bytes: (count) => Uint8Array.from({ length: count }, () => between(0, 255)),
  };
};

/** What a story is sure to have. */
export const there = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("the story misses what it works on");
  return value;
};
