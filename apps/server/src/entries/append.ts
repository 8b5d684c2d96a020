import type { EntryAnswer } from "@lientuyen/api";
import type { SignedEntry } from "@lientuyen/record";
import type { Core } from "../core.ts";
import { followUp } from "./aftermath.ts";
import type { Scope } from "./scope.ts";
import { takeIn } from "./takeIn.ts";

/**
 * Takes a batch in: one transaction for each log, each entry answered for itself, in the order given.
 * Idempotent: an entry that is there already gets the receipt that it got then.
 * @throws Unavailable when PostgreSQL is away; what was committed before stays and is a repeat next time.
 */
export const append = (
  core: Core,
  scope: Scope,
  entries: readonly SignedEntry[],
): Promise<readonly EntryAnswer[]> =>
  takeIn(core, scope, entries, (accepted) => followUp(core, accepted));
