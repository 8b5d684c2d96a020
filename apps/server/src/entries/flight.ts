import { CompiledQuery } from "kysely";
import type pg from "pg";
import type { Core } from "../core.ts";
import type { Statement } from "../db/database.ts";
import type { KeptCase } from "./caseCache.ts";
import { judgeGroup, type GroupInput, type GroupResult, type Judged } from "./group.ts";
import { lookUpStatement, type LookedUp } from "./lookup.ts";
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
 * Judges groups of different logs by one reading and writes them by one statement, which fails where a log or the
 * directories have moved in between; nothing is locked while they are judged.
 */
export const flyFreely = async (
  core: Core,
  scope: Scope,
  groups: readonly GroupInput[],
): Promise<readonly GroupResult[]> => {
  const role = scope === "system" ? "system" : "application";
  const flown = await fly(core, groups, false, (statement) => core.database.ask(role, statement));
  return landed(core, flown);
};

/** The same for one group under its log's lock: nobody else can move it. */
export const flyLocked = async (
  core: Core,
  scope: Scope,
  group: GroupInput,
): Promise<readonly GroupResult[]> => {
  const flown = await inScope(core, scope, (tx) =>
    fly(core, [group], true, async <Row extends pg.QueryResultRow>(statement: Statement) => {
      const query = CompiledQuery.raw(statement.text, [...statement.values]);
      return (await tx.executeQuery<Row>({ ...query })).rows;
    }),
  );
  return landed(core, flown);
};

/** Only what is committed is kept. */
const landed = (core: Core, { results, cases }: Flown): readonly GroupResult[] => {
  for (const [log, kept] of cases) if (kept !== undefined) core.cases.keep(log, kept);
  return results;
};

const fly = async (
  core: Core,
  groups: readonly GroupInput[],
  locking: boolean,
  ask: Ask,
): Promise<Flown> => {
  const directory = core.directory.latest();
  const found = await lookUpAll(core, groups, locking, ask);
  const judged: Judged[] = [];
  for (const { given, looked, kept } of found) {
    if (directory === undefined || looked.version !== directory.version) throw new DirectoryMoved();
    judged.push(await judgeGroup(given, looked, directory, kept));
  }
  const destroyed = await writeAll(judged, ask);
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

/** Destroyed files, for each of the judged. */
const writeAll = async (
  judged: readonly Judged[],
  ask: Ask,
): Promise<readonly (readonly string[])[]> => {
  const writings = judged.flatMap(({ writing }) => writing ?? []);
  if (writings.length === 0) return [];
  const rows = await ask<{ destroyed: readonly string[] }>(writeStatement(writings));
  const destroyed = rows.map((row) => row.destroyed);
  return judged.map(({ writing }) =>
    writing === undefined ? [] : (destroyed[writings.indexOf(writing)] ?? []),
  );
};
