import type { Dice } from "./dice.ts";
import type { Draft } from "./draft.ts";

/** What a check has to find: that it is not sound, this verdict, this fault at this entry. */
export interface Expected {
  readonly verdict?: "broken" | "notBundle" | "newerFormat";
  readonly fault?: string;
  /** Hash of the entry. */
  readonly entry?: string;
}

export interface Spoilt {
  readonly draft: Draft;
  readonly expected: Expected;
}

/** One way to spoil a bundle; names are told where two verifiers disagree. */
export interface Spoil {
  readonly name: string;
  readonly run: (dice: Dice) => Promise<Spoilt>;
}
