import {
  bodyOf,
  foldCase,
  isCaseKind,
  may,
  rules,
  type Author,
  type CaseFact,
  type CaseView,
  type FoldInput,
} from "@lientuyen/record";
import type { KnownDirectory } from "../directory/directory.ts";
import { later, refuse, verdictOf, type Verdict } from "../entries/verdict.ts";
import { targetsOf } from "./targets.ts";

/** Acts toward others are judged on arrival; everything else is care that was given. */
export const isJudgedOnArrival = (kind: string): boolean =>
  isCaseKind(kind) && rules[kind].judged === "onArrival";

export type Access = "active" | "ended" | "none";

/** A case as the append knows it: what is stored, then what this batch has added so far. */
export interface CaseState {
  readonly log: string;
  readonly has: (hash: string) => boolean;
  /** Folded once, and again only after `add`. */
  readonly view: () => CaseView;
  readonly add: (input: FoldInput) => void;
  readonly inputs: () => readonly FoldInput[];
}

/** `folded`: the view of exactly these inputs, where it is known. */
export const caseStateOf = (
  log: string,
  stored: readonly FoldInput[],
  folded?: CaseView,
): CaseState => {
  const inputs = [...stored];
  const hashes = new Set(inputs.map(({ entry }) => entry.hash));
  let view = folded;
  return {
    log,
    has: (hash) => hashes.has(hash),
    inputs: () => inputs,
    view: () => (view ??= foldCase(log, inputs)),
    add: (input) => {
      inputs.push(input);
      hashes.add(input.entry.hash);
      view = undefined;
    },
  };
};

export interface CaseJudgement {
  readonly entry: FoldInput["entry"];
  readonly author: Author;
  readonly access: Access;
  readonly state: CaseState;
  readonly directory: KnownDirectory;
  /** Entries refused before or in this batch. */
  readonly isRefused: (hash: string) => boolean;
  /** The `opened` of this very case was refused. */
  readonly openingRefused: boolean;
  /** The case has its `opened` already, here or out of the author's sight. */
  readonly exists: boolean;
  readonly now: string;
}

export const judgeCase = (given: CaseJudgement): Verdict => {
  const { entry, author } = given;
  if (!isCaseKind(entry.header.kind)) return refuse("unknown_kind");
  const read = bodyOf(entry.header.kind, entry.body);
  if (!read.ok) return refuse("bad_body", read.path);
  if (read.fact.kind === "opened") return judgeOpening(given, read.fact);
  if (!given.exists) return given.openingRefused ? refuse("target_refused") : later("unknown_log");
  if (given.access === "none") return refuse("strangers_case");
  const dependency = judgeTargets(given);
  if (dependency !== undefined) return dependency;
  return judgedByTable(author, read.fact, given);
};

const judgeOpening = (
  given: CaseJudgement,
  fact: Extract<CaseFact, { kind: "opened" }>,
): Verdict => {
  if (given.exists)
    return given.access === "none" ? refuse("strangers_case") : refuse("wrong_state");
  if (fact.body.facility !== given.author.facility) return refuse("bad_body", "facility");
  // The one text of a case that stands in a column of its own, where a NUL cannot.
  if (fact.body.number.includes("\0")) return refuse("bad_body", "number");
  return judgedByTable(given.author, fact, given);
};

const judgedByTable = (
  author: Author,
  fact: CaseFact,
  { state, directory, now }: CaseJudgement,
): Verdict => {
  const answer = may(author, fact, state.view(), directory.view, now);
  return verdictOf(answer);
};

/** A refused entry takes with it what stands on it; what has not come yet is waited for. */
const judgeTargets = ({ entry, state, isRefused }: CaseJudgement): Verdict | undefined => {
  const missing = targetsOf(entry.header.kind, entry.body).filter((hash) => !state.has(hash));
  if (missing.some(isRefused)) return refuse("target_refused");
  return missing.length > 0 ? later("retry_later") : undefined;
};
