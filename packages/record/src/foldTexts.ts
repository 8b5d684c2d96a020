import type { CaseBody } from "./caseKinds.ts";
import { rowsOf, samePerson, sourceOf, standing, type Row } from "./foldRows.ts";
import type { Fact, Versions } from "./view.ts";

type TextKind = CaseBody<"textMerged">["kind"];

/** Who may replace whose version: colleagues of one facility share their texts, an opinion is one person's own. */
const ownWordsOnly: ReadonlySet<TextKind> = new Set<TextKind>([
  "opinionGiven",
  "recommendationMade",
]);

/** What a merge of this kind says, given the first version that it replaces. */
type Merge<K extends TextKind> = (
  base: CaseBody<K> | undefined,
  merged: CaseBody<"textMerged">,
) => CaseBody<K> | undefined;

const merges: { readonly [K in TextKind]: Merge<K> } = {
  historyTaken: (base, { text, replaces }) => ({ ...base, text, replaces }),
  examination: (_, { text, replaces }) => ({ text, replaces }),
  summary: (_, { text, replaces }) => ({ text, replaces }),
  diagnosis: (base, { text, replaces }) =>
    base === undefined ? undefined : { ...base, text, replaces },
  // One text for two fields: it stands under allergies, which must never be overlooked.
  allergiesAndMedicines: (_, { text, replaces }) => ({ allergies: text, replaces }),
  opinionGiven: (base, { text, replaces }) =>
    base === undefined ? undefined : { ...base, text, replaces },
  recommendationMade: (base, { text, replaces }) =>
    base === undefined ? undefined : { ...base, text, replaces },
};

/** The versions of one kind of text that nothing replaces, in fold order. */
export function textHeads<K extends TextKind>(
  rows: readonly Row[],
  kind: K,
  overruled: ReadonlySet<string>,
): readonly Fact<CaseBody<K>>[] {
  const versions = new Map<string, Fact<CaseBody<K>>>();
  const merge: Merge<K> = merges[kind];
  const written = new Map(rowsOf(rows, kind).map((row) => [row.hash, row.fact.body] as const));
  for (const row of rows) {
    const body = written.get(row.hash) ?? mergedBody(row, kind, merge, versions);
    if (body !== undefined) versions.set(row.hash, { ...sourceOf(row), body });
  }
  const replaced = replacedIn([...versions.values()], versions, kind);
  const heads = [...versions.values()].filter((version) => !replaced.has(version.hash));
  return standing(heads, (head) => head.hash, overruled);
}

function mergedBody<K extends TextKind>(
  row: Row,
  kind: K,
  merge: Merge<K>,
  versions: ReadonlyMap<string, Fact<CaseBody<K>>>,
): CaseBody<K> | undefined {
  if (row.fact?.kind !== "textMerged" || row.fact.body.kind !== kind) return undefined;
  const base = row.fact.body.replaces.flatMap((hash) => versions.get(hash)?.body ?? [])[0];
  return merge(base, row.fact.body);
}

function replacedIn<B extends { readonly replaces: readonly string[] }>(
  all: readonly Fact<B>[],
  byHash: ReadonlyMap<string, Fact<B>>,
  kind: TextKind,
): ReadonlySet<string> {
  const replaced = new Set<string>();
  for (const version of all)
    for (const hash of version.body.replaces) {
      const old = byHash.get(hash);
      if (old !== undefined && hash !== version.hash && mayReplace(kind, version, old))
        replaced.add(hash);
    }
  return replaced;
}

function mayReplace(kind: TextKind, now: Fact<unknown>, old: Fact<unknown>): boolean {
  if (ownWordsOnly.has(kind)) return samePerson(now.author, old.author);
  return now.author?.facility === old.author?.facility;
}

export function versionsOf<K extends TextKind>(
  rows: readonly Row[],
  kind: K,
  overruled: ReadonlySet<string>,
): Versions<CaseBody<K>> {
  const heads = textHeads(rows, kind, overruled);
  return { heads, diverged: heads.length > 1 };
}
