import type { EntryAnswer } from "@lientuyen/api";
import type { SignedEntry } from "@lientuyen/record";
import pg from "pg";
import type { Core } from "../core.ts";
import { errorFields } from "../config/logbook.ts";
import { isUnavailable } from "../db/unavailable.ts";
import { byLog, inDependencyOrder, readArrivals, type Arrival } from "./arrival.ts";
import { appendGroup, type GroupInput, type GroupResult } from "./group.ts";
import { eraseDestroyed } from "../files/erase.ts";
import { inScope, type Scope } from "./scope.ts";
import { isSigned, signatoryOf, type Verified } from "./signatory.ts";

/** One transaction for each log; `follow` is told what was committed, log by log. */
export const takeIn = async (
  core: Core,
  scope: Scope,
  entries: readonly SignedEntry[],
  follow: (accepted: readonly Arrival[]) => Promise<void>,
): Promise<readonly EntryAnswer[]> => {
  const answers = new Map<number, EntryAnswer>();
  const read = await readArrivals(core.primitives, entries, core.limits.jsonDepth);
  for (const { index, id, code } of read.unreadable)
    answers.set(index, { answer: "refused", id, code });
  const verified = await verifyAhead(core, read.arrivals);
  for (const [log, group] of byLog(read.arrivals)) {
    for (const result of await appendParts({ core, scope, log, group, verified })) {
      for (const [index, answer] of result.answers) answers.set(index, answer);
      if (result.accepted.length > 0) core.wakeSequencer();
      if (result.destroyed.length > 0) await eraseDestroyed(core);
      await follow(result.accepted);
    }
  }
  noteRefusals(core, answers);
  return entries.map((_, index) => answerAt(answers, index));
};

/**
 * One log of a batch. What nobody foresaw about one entry or one log costs that entry its answer for now,
 * and nothing else: the rest of the batch is taken in, and the device's outbox does not stand still behind it.
 */
const appendParts = async (part: Omit<GroupInput, "tx">): Promise<readonly GroupResult[]> => {
  const { core, scope, group } = part;
  try {
    const whole = await persistently(() =>
      inScope(core, scope, (tx) => appendGroup({ ...part, tx })),
    );
    return [whole];
  } catch (error) {
    if (isUnavailable(error)) throw error;
    core.logbook.error("appendFailed", errorFields(error));
    if (group.length === 1) return [unanswered(group)];
    const results: GroupResult[] = [];
    for (const arrival of inDependencyOrder(group))
      results.push(...(await appendParts({ ...part, group: [arrival] })));
    return results;
  }
};

const unanswered = (group: readonly Arrival[]): GroupResult => ({
  answers: new Map(
    group.map(({ index, entry }) => [
      index,
      { answer: "later", id: entry.header.id, code: "retry_later" },
    ]),
  ),
  accepted: [],
  destroyed: [],
});

const answerAt = (answers: ReadonlyMap<number, EntryAnswer>, index: number): EntryAnswer => {
  const answer = answers.get(index);
  if (answer === undefined) throw new Error("an entry was left without an answer");
  return answer;
};

/** Signatures are checked side by side, before any lock is held; whose key is newer is checked under it. */
const verifyAhead = async (core: Core, arrivals: readonly Arrival[]): Promise<Verified> => {
  const verified: Verified = new Map();
  const directory = core.directory.latest();
  if (directory === undefined) return verified;
  await Promise.all(
    arrivals.map(({ entry }) => {
      const signatory = signatoryOf(directory, entry);
      return signatory === undefined
        ? Promise.resolve(false)
        : isSigned(core.primitives, verified, entry, signatory.publicKey);
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
  for (const answer of answers.values())
    if (answer.answer === "refused") counts.set(answer.code, (counts.get(answer.code) ?? 0) + 1);
  for (const [errorCode, count] of counts)
    core.logbook.warn("entriesRefused", { errorCode, count });
};
