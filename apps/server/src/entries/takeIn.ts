import { setImmediate as nextTurn } from "node:timers/promises";
import type { EntryAnswer } from "@lientuyen/api";
import type { SignedEntry } from "@lientuyen/record";
import type { Core } from "../core.ts";
import { errorFields } from "../config/logbook.ts";
import { isUnavailable } from "../db/unavailable.ts";
import type { KnownDirectory } from "../directory/directory.ts";
import { facilityOf } from "../directory/judgeDirectory.ts";
import { eraseDestroyed } from "../files/erase.ts";
import { byLog, inDependencyOrder, readArrivals, type Arrival } from "./arrival.ts";
import { DirectoryMoved, flyLocked } from "./flight.ts";
import type { GroupInput, GroupResult } from "./group.ts";
import type { Group } from "./lookup.ts";
import { persistently } from "./persistently.ts";
import { inScope, type Scope } from "./scope.ts";
import { isSigned, signatoryOf, type Verified } from "./signatory.ts";

/** What does not change while one batch is taken in. */
interface Batch {
  readonly core: Core;
  readonly scope: Scope;
  readonly verified: Verified;
  readonly follow: (accepted: readonly Arrival[]) => Promise<void>;
  readonly answers: Map<number, EntryAnswer>;
}

/** Each log for itself; `follow` is told what was committed, log by log. */
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
  const directory = await knownDirectory(core, scope);
  const verified = await verifyAhead(core, directory, read.arrivals);
  const batch: Batch = { core, scope, verified, follow, answers };
  for (const logs of inTurns(byLog(read.arrivals)))
    await Promise.all(logs.map((arrivals) => takeLog(batch, inDependencyOrder(arrivals))));
  noteRefusals(core, answers);
  return entries.map((_, index) => answerAt(answers, index));
};

/** A directory's entries say whose keys the others are signed with: they come in turn, cases and patients side by side. */
const inTurns = (
  logs: ReadonlyMap<string, readonly Arrival[]>,
): readonly (readonly (readonly Arrival[])[])[] => {
  const turns: (readonly Arrival[])[][] = [];
  let open: (readonly Arrival[])[] | undefined;
  for (const [log, arrivals] of logs) {
    const isPublic = log === "installation" || log.startsWith("directory/");
    if (open === undefined || isPublic) turns.push((open = []));
    open.push(arrivals);
    if (isPublic) open = undefined;
  }
  return turns;
};

/**
 * One log of a batch, in pieces of one facility's entries each. What nobody foresaw about one entry or one log costs
 * that entry its answer for now, and nothing else: the rest is taken in, and the device's outbox does not stand still.
 */
const takeLog = async (batch: Batch, arrivals: readonly Arrival[]): Promise<void> => {
  const { core, scope } = batch;
  for (let left = arrivals; left.length > 0;) {
    const group = firstGroup(await knownDirectory(core, scope), scope, left);
    const result = await tryGroup({ ...batch, group });
    if (result === "directoryMoved") {
      await readDirectory(core, scope);
      continue;
    }
    if (result !== "unforeseen") await settle(batch, result);
    else if (group.arrivals.length === 1) await settle(batch, unanswered(group.arrivals));
    else for (const arrival of group.arrivals) await takeLog(batch, [arrival]);
    left = left.slice(group.arrivals.length);
  }
};

const tryGroup = async (
  given: GroupInput,
): Promise<GroupResult | "directoryMoved" | "unforeseen"> => {
  try {
    return await appendGroup(given);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    if (error instanceof DirectoryMoved) return "directoryMoved";
    given.core.logbook.error("appendFailed", errorFields(error));
    return "unforeseen";
  }
};

const settle = async (batch: Batch, result: GroupResult): Promise<void> => {
  const { core, answers, follow } = batch;
  for (const [index, answer] of result.answers) answers.set(index, answer);
  if (result.accepted.length > 0) core.wakeSequencer();
  if (result.destroyed.length > 0) await eraseDestroyed(core);
  await follow(result.accepted);
};

/** As far as the entries are in the name of one facility. */
const firstGroup = (
  directory: KnownDirectory,
  scope: Scope,
  arrivals: readonly Arrival[],
): Group => {
  const log = arrivals[0]?.entry.header.log ?? "";
  const own = scope === "system" ? "" : scope.facility;
  const facilities = arrivals.map(({ entry }) => {
    const signatory = scope === "system" ? undefined : signatoryOf(directory, entry);
    if (signatory === undefined) return undefined;
    return signatory.by === "person" ? signatory.author.facility : facilityOf(log);
  });
  const facility = facilities.find((each) => each !== undefined) ?? own;
  const end = facilities.findIndex((each) => each !== undefined && each !== facility);
  return { log, facility, arrivals: end < 0 ? arrivals : arrivals.slice(0, end) };
};

/** In company with other requests' groups; directories and the installation's own log under their lock. */
const appendGroup = async (given: GroupInput): Promise<GroupResult> => {
  const { core, scope, group } = given;
  if (group.log.startsWith("case/") || group.log.startsWith("patient/"))
    return core.intake.take(core, given);
  const [result] = await persistently(() => flyLocked(core, scope, given));
  if (result === undefined) throw new Error("a group was left without a result");
  return result;
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

/** A few milliseconds of signatures: others have their turn before the next ones. */
const mostInTurn = 32;

/** Signatures are checked before anything is asked of the database; whose key is newer is checked after it. */
const verifyAhead = async (
  core: Core,
  directory: KnownDirectory,
  arrivals: readonly Arrival[],
): Promise<Verified> => {
  const verified: Verified = new Map();
  for (const [at, { entry }] of arrivals.entries()) {
    if (at > 0 && at % mostInTurn === 0) await nextTurn();
    const signatory = signatoryOf(directory, entry);
    if (signatory !== undefined)
      await isSigned(core.primitives, verified, entry, signatory.publicKey);
  }
  return verified;
};

const knownDirectory = async (core: Core, scope: Scope): Promise<KnownDirectory> =>
  core.directory.latest() ?? (await readDirectory(core, scope));

const readDirectory = (core: Core, scope: Scope): Promise<KnownDirectory> =>
  inScope(core, scope, (tx) => core.directory.current(tx));

const noteRefusals = (core: Core, answers: ReadonlyMap<number, EntryAnswer>): void => {
  const counts = new Map<string, number>();
  for (const answer of answers.values())
    if (answer.answer === "refused") counts.set(answer.code, (counts.get(answer.code) ?? 0) + 1);
  for (const [errorCode, count] of counts)
    core.logbook.warn("entriesRefused", { errorCode, count });
};
