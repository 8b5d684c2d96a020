import { CompiledQuery } from "kysely";
import type pg from "pg";
import type { Core } from "../core.ts";
import type { Statement } from "../db/database.ts";
import type { KeptCase } from "./caseCache.ts";
import { judgeGroup, type GroupInput, type GroupResult, type Judged } from "./group.ts";
import { guessOf } from "./guess.ts";
import { lookUpStatement, namedOf, type LookedUp } from "./lookup.ts";
import { inScope, type Scope } from "./scope.ts";
import { writeStatement } from "./write.ts";

/** Directories have changed since the groups were made: whose keys these are is asked again. */
export class DirectoryMoved extends Error {
  override readonly name = "DirectoryMoved";
}

type Ask = <Row extends pg.QueryResultRow>(statement: Statement) => Promise<readonly Row[]>;

interface Flown {
  readonly results: readonly GroupResult[];
  /** The cases as they are now, by log; undefined where one cannot be kept. */
  readonly cases: readonly (readonly [log: string, kept: KeptCase | undefined])[];
}

/**
 * Judges groups of different logs by what this process keeps and one reading of the rest, and writes them by one statement,
 * which fails where a log or the directories have moved in between; nothing is locked while they are judged.
 */
export const flyFreely = async (
  core: Core,
  scope: Scope,
  groups: readonly GroupInput[],
): Promise<readonly GroupResult[]> => {
  const role = scope === "system" ? "system" : "application";
  const ask: Ask = (statement) => core.database.ask(role, statement);
  const flown =
    (await fly(core, groups, { guessing: true, locking: false }, ask)) ??
    (await fly(core, groups, { guessing: false, locking: false }, ask));
  return landed(core, flown);
};

/** The same for one group under its log's lock: nobody else can move it. */
export const flyLocked = async (
  core: Core,
  scope: Scope,
  group: GroupInput,
): Promise<readonly GroupResult[]> => {
  const flown = await inScope(core, scope, (tx) =>
    fly(
      core,
      [group],
      { guessing: false, locking: true },
      async <Row extends pg.QueryResultRow>(statement: Statement) => {
        const query = CompiledQuery.raw(statement.text, [...statement.values]);
        return (await tx.executeQuery<Row>({ ...query })).rows;
      },
    ),
  );
  return landed(core, flown);
};

/** Only what is committed is kept. */
const landed = (core: Core, flown: Flown | undefined): readonly GroupResult[] => {
  if (flown === undefined) throw new Error("nothing was guessed, and a guess is wrong");
  const { results, cases } = flown;
  for (const [log, kept] of cases) if (kept !== undefined) core.cases.keep(log, kept);
  return results;
};

/**
 * `guessing`: what is known here already is not asked, and the writing demands it. Undefined where that is not so for one
 * of them, or where more comes of it than receipts: then all of them are judged by a reading.
 */
const fly = async (
  core: Core,
  groups: readonly GroupInput[],
  { guessing, locking }: { readonly guessing: boolean; readonly locking: boolean },
  ask: Ask,
): Promise<Flown | undefined> => {
  const directory = core.directory.latest();
  const guessed = guessing ? guessAll(core, groups) : new Map<GroupInput, Found>();
  const unknown = groups.filter((given) => !guessed.has(given));
  const read = new Map(
    (await lookUpAll(core, unknown, locking, ask)).map((found) => [found.given, found]),
  );
  const judged: Judged[] = [];
  for (const given of groups) {
    const found = guessed.get(given) ?? read.get(given);
    if (found === undefined) throw new Error("a group was not looked up");
    const { looked, kept } = found;
    if (directory === undefined || looked.version !== directory.version) throw new DirectoryMoved();
    const one = await judgeGroup(given, looked, directory, kept);
    const { writing } = one;
    if (!guessed.has(given)) judged.push(one);
    else if (writing?.accepted.length !== given.group.arrivals.length) return undefined;
    else judged.push({ ...one, writing: { ...writing, named: namedOf(given.group) } });
  }
  const destroyed = await writeAll(judged, ask);
  return destroyed === undefined ? undefined : flownOf(groups, judged, destroyed);
};

const guessAll = (core: Core, groups: readonly GroupInput[]): ReadonlyMap<GroupInput, Found> => {
  const version = core.directory.latest()?.version;
  const found = groups.flatMap((given) => {
    const kept = core.cases.find(given.group.log);
    const looked = version === undefined ? undefined : guessOf(given.group, kept, version);
    return looked === undefined ? [] : [[given, { given, looked, kept }] as const];
  });
  return new Map(found);
};

const flownOf = (
  groups: readonly GroupInput[],
  judged: readonly Judged[],
  destroyed: readonly (readonly string[])[],
): Flown => {
  return {
    cases: judged.map(({ kept }, at) => [groups[at]?.group.log ?? "", kept]),
    results: judged.map(({ writing, answers }, at) => ({
      answers,
      accepted: writing?.accepted.map(({ arrival }) => arrival) ?? [],
      destroyed: destroyed[at] ?? [],
    })),
  };
};

interface Found {
  readonly given: GroupInput;
  readonly looked: LookedUp;
  readonly kept: KeptCase | undefined;
}

const lookUpAll = async (
  core: Core,
  groups: readonly GroupInput[],
  locking: boolean,
  ask: Ask,
): Promise<readonly Found[]> => {
  if (groups.length === 0) return [];
  const kept = groups.map(({ group }) => core.cases.find(group.log));
  const lookUp = (wanted: readonly GroupInput[], from: readonly (KeptCase | undefined)[]) =>
    ask<{ answer: LookedUp }>(
      lookUpStatement(
        wanted.map(({ group }, at) => ({ group, kept: from[at] })),
        locking,
      ),
    );
  const found: Found[] = [];
  for (const [at, { answer }] of (await lookUp(groups, kept)).entries()) {
    const given = groups[at];
    if (given === undefined) continue;
    if (!takesWordsAway(answer)) {
      found.push({ given, looked: answer, kept: kept[at] });
      continue;
    }
    // What was kept holds words that are withheld now.
    core.cases.drop(given.group.log);
    const [whole] = await lookUp([given], [undefined]);
    if (whole !== undefined) found.push({ given, looked: whole.answer, kept: undefined });
  }
  return found;
};

const takesWordsAway = ({ since, fresh }: LookedUp): boolean =>
  since > 0 && fresh.some(({ kind }) => kind === "withheld");

/** Destroyed files, for each of the judged; undefined where a guess is wrong and nothing was written. */
const writeAll = async (
  judged: readonly Judged[],
  ask: Ask,
): Promise<readonly (readonly string[])[] | undefined> => {
  const writings = judged.flatMap(({ writing }) => writing ?? []);
  if (writings.length === 0) return [];
  const rows = await ask<{ destroyed: readonly string[] | null }>(writeStatement(writings));
  const destroyed = rows.flatMap((row) => (row.destroyed === null ? [] : [row.destroyed]));
  if (destroyed.length < writings.length) return undefined;
  return judged.map(({ writing }) =>
    writing === undefined ? [] : (destroyed[writings.indexOf(writing)] ?? []),
  );
};
