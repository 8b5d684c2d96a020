import { canonicalText } from "./canonical.ts";
import type { CaseBody, CaseFact, CaseKind } from "./caseKinds.ts";
import { bodyOf, isCaseKind } from "./facts.ts";
import type { Knew } from "./order.ts";
import type { Author, Conflict, Fact, FoldInput, Source } from "./view.ts";

export interface FactOf<K extends CaseKind> {
  readonly kind: K;
  readonly body: CaseBody<K>;
}

/** An entry in its place of the fold's order, with what it says after corrections and withholdings. */
export interface Row<F = CaseFact | undefined> {
  readonly place: number;
  readonly hash: string;
  readonly kind: string;
  readonly input: FoldInput;
  readonly fact: F;
  readonly understood: boolean;
  readonly correctedBy: string | undefined;
  readonly withheld: Withheld | undefined;
}

/** `by` is the withheld entry; `effect` the strongest that was asked for. */
export interface Withheld {
  readonly by: string;
  readonly ground: string;
  readonly effect: "hide" | "destroy";
}

/** What a correction must leave as it was: changing it would move the fact elsewhere, not mend it. */
const references = [
  "request",
  "question",
  "recommendation",
  "replaces",
  "file",
  "dissentsFrom",
  "originalOf",
  "retakeOf",
] as const;

/** Kinds whose words may be mended by a correction; the others are acts, undone by another act. */
export const correctable: ReadonlySet<CaseKind> = new Set<CaseKind>([
  "patientAttached",
  "consentRecorded",
  "historyTaken",
  "allergiesAndMedicines",
  "vitalSigns",
  "examination",
  "diagnosis",
  "summary",
  "note",
  "fileAdded",
  "questionAsked",
  "messageSent",
  "informationAsked",
  "opinionGiven",
  "recommendationMade",
  "handedOver",
  "agreedByTelephone",
  "outcomeTold",
]);

export interface ReadRows {
  readonly rows: readonly Row[];
  readonly conflicts: readonly Conflict[];
  /** Entries that a person set aside in a conflict. */
  readonly overruled: ReadonlySet<string>;
}

/** Ordered entries → rows. A withheld entry has no effect at all: what it replaced or corrected is back. */
export function readRows(ordered: readonly FoldInput[], knew: Knew): ReadRows {
  const plain = ordered.map((input, place) => plainRow(input, place));
  const withheld = withheldIn(plain);
  const shown = plain.map((row) => hideRow(row, withheld.get(row.hash)));
  const overruled = overruledIn(shown);
  const { rows, conflicts } = correctRows(shown, overruled, knew);
  return { rows, conflicts, overruled };
}

/**
 * Which entries' bodies are withheld, with the reach of each `withheld` entry: its target, the
 * target's corrections, and the full original of a picture. The server and every device delete by this.
 */
export function withheldAmong(inputs: readonly FoldInput[]): ReadonlyMap<string, Withheld> {
  return withheldIn(inputs.map((input, place) => plainRow(input, place)));
}

function plainRow(input: FoldInput, place: number): Row {
  const { hash, header, body } = input.entry;
  const read = body === undefined ? undefined : bodyOf(header.kind, body);
  const fact = read?.ok === true ? read.fact : undefined;
  return {
    place,
    hash,
    kind: header.kind,
    input,
    fact,
    understood: fact !== undefined,
    correctedBy: undefined,
    withheld: undefined,
  };
}

function withheldIn(rows: readonly Row[]): ReadonlyMap<string, Withheld> {
  const byHash = new Map(rows.map((row) => [row.hash, row]));
  const withheld = new Map<string, Withheld>();
  for (const row of rowsOf(rows, "withheld")) {
    const { target, ground, effect } = row.fact.body;
    const aim = byHash.get(target);
    if (aim === undefined || aim.kind === "withheld" || !sameFacility(row, aim)) continue;
    add(withheld, target, { by: row.hash, ground, effect });
  }
  for (const row of rows) {
    const aim = followsAim(row.fact);
    const reached = aim === undefined ? undefined : withheld.get(aim);
    if (reached !== undefined) add(withheld, row.hash, reached);
  }
  return withheld;
}

function add(withheld: Map<string, Withheld>, target: string, next: Withheld): void {
  const old = withheld.get(target);
  if (old === undefined || (old.effect === "hide" && next.effect === "destroy"))
    withheld.set(target, next);
}

function followsAim(fact: CaseFact | undefined): string | undefined {
  if (fact?.kind === "correction") return fact.body.target;
  return fact?.kind === "fileAdded" ? fact.body.originalOf : undefined;
}

function hideRow(row: Row, withheld: Withheld | undefined): Row {
  if (withheld === undefined) return row;
  return { ...row, fact: undefined, understood: isCaseKind(row.kind), withheld };
}

function overruledIn(rows: readonly Row[]): ReadonlySet<string> {
  const overruled = new Set<string>();
  for (const row of rowsOf(rows, "conflictResolved")) {
    for (const hash of row.fact.body.over) overruled.add(hash);
    overruled.delete(row.fact.body.chosen);
  }
  return overruled;
}

function correctRows(
  rows: readonly Row[],
  overruled: ReadonlySet<string>,
  knew: Knew,
): { rows: readonly Row[]; conflicts: readonly Conflict[] } {
  const byHash = new Map(rows.map((row) => [row.hash, row]));
  const fitting = new Map<string, Row<CaseFact>[]>();
  const misfits = new Set<string>();
  for (const row of rowsOf(rows, "correction")) {
    const target = byHash.get(row.fact.body.target);
    if (target === undefined || target.withheld !== undefined) continue;
    const fact = correctedFact(row, target);
    if (fact === undefined) misfits.add(row.hash);
    else fitting.set(target.hash, [...(fitting.get(target.hash) ?? []), { ...row, fact }]);
  }
  const conflicts: Conflict[] = [];
  const corrected = rows.map((row): Row => {
    if (misfits.has(row.hash)) return { ...row, fact: undefined, understood: false };
    const candidates = fitting.get(row.hash) ?? [];
    const heads = latest(candidates, knew, overruled);
    const last = heads.at(-1);
    if (last === undefined) return row;
    if (heads.length > 1)
      conflicts.push({ about: "correction", entries: heads.map((head) => head.hash) });
    return { ...row, fact: last.fact, understood: true, correctedBy: last.hash };
  });
  return { rows: corrected, conflicts };
}

/** The target's kind with the correction's body, where that is allowed and fits. */
function correctedFact(row: Row<FactOf<"correction">>, target: Row): CaseFact | undefined {
  if (!isCaseKind(target.kind) || !correctable.has(target.kind) || !sameFacility(row, target))
    return undefined;
  const read = bodyOf(target.kind, row.fact.body.body);
  if (!read.ok) return undefined;
  return target.fact === undefined || keepsReferences(target.fact.body, read.fact.body)
    ? read.fact
    : undefined;
}

/** Whether both bodies name the same request, question, file and so on. */
export function keepsReferences(before: object, after: object): boolean {
  const old = new Map<string, unknown>(Object.entries(before));
  const now = new Map<string, unknown>(Object.entries(after));
  return references.every(
    (name) => canonicalText(old.get(name) ?? null) === canonicalText(now.get(name) ?? null),
  );
}

/** Both authors unknown counts as the same: a device may hold a case before its directory. */
export function sameFacility(a: Row<unknown>, b: Row<unknown>): boolean {
  return a.input.author?.facility === b.input.author?.facility;
}

export function samePerson(a: Author | undefined, b: Author | undefined): boolean {
  return a?.person === b?.person && a?.facility === b?.facility;
}

/**
 * Those that no other of them knew of, save what was overruled while another one stands:
 * one is the last word, several crossed.
 */
export function latest<R extends Row<unknown>>(
  rows: readonly R[],
  knew: Knew,
  overruled: ReadonlySet<string>,
): readonly R[] {
  const heads = rows.filter((row) => !rows.some((other) => knew(other.hash, row.hash)));
  return standing(heads, (row) => row.hash, overruled);
}

/** Without those that were overruled, unless that would leave none. */
export function standing<T>(
  heads: readonly T[],
  hashOf: (item: T) => string,
  overruled: ReadonlySet<string>,
): readonly T[] {
  const left = heads.filter((head) => !overruled.has(hashOf(head)));
  return left.length === 0 ? heads : left;
}

export function rowsOf<K extends CaseKind>(
  rows: readonly Row<unknown>[],
  kind: K,
): readonly Row<FactOf<K>>[] {
  // A row's fact was read as its kind says, so the kind tells the fact's type.
  return rows.filter((row): row is Row<FactOf<K>> => row.kind === kind && row.fact !== undefined);
}

export function sourceOf(row: Row<unknown>): Source {
  return {
    hash: row.hash,
    author: row.input.author,
    at: row.input.entry.header.at,
    receipt: row.input.receipt,
    correctedBy: row.correctedBy,
  };
}

export function factsOf<K extends CaseKind>(
  rows: readonly Row[],
  kind: K,
): readonly Fact<CaseBody<K>>[] {
  return rowsOf(rows, kind).map((row) => ({ ...sourceOf(row), body: row.fact.body }));
}
