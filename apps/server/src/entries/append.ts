import type { EntryAnswer } from "@lientuyen/api";
import type { SignedEntry } from "@lientuyen/record";
import pg from "pg";
import type { Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import { followUp } from "./aftermath.ts";
import { byLog, readArrivals, type Arrival } from "./arrival.ts";
import { appendGroup } from "./group.ts";
import { isSigned, signatoryOf, type Verified } from "./signatory.ts";

/** For whom a batch comes in: a facility's session or device, or the server itself (the installation's log). */
export type Scope = { readonly facility: string } | "system";

export const inScope = <T>(core: Core, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> =>
  scope === "system" ? core.database.asSystem(work) : core.database.asFacility(scope.facility, work);

/**
 * Takes a batch in: one transaction for each log, each entry answered for itself, in the order given.
 * Idempotent: an entry that is there already gets the receipt that it got then.
 * @throws Unavailable when PostgreSQL is away; what was committed before stays and is a repeat next time.
 */
export const append = async (core: Core, scope: Scope, entries: readonly SignedEntry[]): Promise<readonly EntryAnswer[]> => {
  const answers = new Map<number, EntryAnswer>();
  const { arrivals, unreadable } = await readArrivals(core.primitives, entries, core.limits.jsonDepth);
  for (const { index, id, code } of unreadable) answers.set(index, { answer: "refused", id, code });
  const verified = await verifyAhead(core, scope, arrivals);
  for (const [log, group] of byLog(arrivals)) {
    const { answers: answered, accepted, destroyed } = await persistently(() => inScope(core, scope, (tx) => appendGroup({ core, scope, tx, log, group, verified })));
    for (const [index, answer] of answered) answers.set(index, answer);
    if (accepted.length > 0) core.wakeSequencer();
    for (const hash of destroyed) await core.files.destroy(log, hash);
    await followUp(core, accepted);
  }
  noteRefusals(core, answers);
  return entries.map((_, index) => answerAt(answers, index));
};

const answerAt = (answers: ReadonlyMap<number, EntryAnswer>, index: number): EntryAnswer => {
  const answer = answers.get(index);
  if (answer === undefined) throw new Error("an entry was left without an answer");
  return answer;
};

/** Signatures are checked side by side, before any lock is held. */
const verifyAhead = async (core: Core, scope: Scope, arrivals: readonly Arrival[]): Promise<Verified> => {
  const verified: Verified = new Map();
  const directory = await inScope(core, scope, (tx) => core.directory.current(tx));
  await Promise.all(
    arrivals.map(({ entry }) => {
      const signatory = signatoryOf(directory, entry);
      return signatory === undefined ? undefined : isSigned(core.primitives, verified, entry, signatory.publicKey);
    }),
  );
  return verified;
};

/** Serialization, deadlock, or the same id written by another transaction meanwhile: judged again. */
const worthAnotherTry = new Set(["40001", "40P01", "23505"]);
const mostTries = 4;

const persistently = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const again = error instanceof pg.DatabaseError && worthAnotherTry.has(error.code ?? "");
      if (!again || tries >= mostTries) throw error;
    }
  }
};

const noteRefusals = (core: Core, answers: ReadonlyMap<number, EntryAnswer>): void => {
  const counts = new Map<string, number>();
  for (const answer of answers.values()) if (answer.answer === "refused") counts.set(answer.code, (counts.get(answer.code) ?? 0) + 1);
  for (const [errorCode, count] of counts) core.logbook.warn("entriesRefused", { errorCode, count });
};

