import type { KeptCase } from "./caseCache.ts";
import { mayBegin, type Group, type LookedUp } from "./lookup.ts";

/**
 * What a reading would answer, by the case as this process keeps it or by there being no case yet; the writing demands
 * that it is so. Undefined where a reading is needed: what is sent again, what this process has not kept.
 */
export const guessOf = (
  group: Group,
  kept: KeptCase | undefined,
  version: number,
): LookedUp | undefined => {
  if (!group.log.startsWith("case/")) return undefined;
  if (kept === undefined) return mayBegin(group) ? { ...nothing, version } : undefined;
  const access = kept.access.get(group.facility);
  if (access === undefined || repeats(group, kept)) return undefined;
  const { seq, chain } = kept;
  return { ...nothing, version, head: { seq, chain }, access, since: seq };
};

const nothing = {
  head: null,
  known: [],
  counters: [],
  present: [],
  refused: [],
  quarantined: [],
  access: "none",
  since: 0,
  fresh: [],
} as const satisfies Omit<LookedUp, "version">;

const repeats = (group: Group, kept: KeptCase): boolean => {
  const sent = new Set(group.arrivals.flatMap(({ entry }) => [entry.hash, entry.header.id]));
  return kept.inputs.some(({ entry }) => sent.has(entry.hash) || sent.has(entry.header.id));
};
