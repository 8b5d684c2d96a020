import type { CaseView, FoldInput } from "@lientuyen/record";
import type { Access } from "../cases/judgeCase.ts";

/** A case as this process has read it, up to one of its entries. Never changed, only replaced. */
export interface KeptCase {
  readonly seq: number;
  /** Of the last entry: binds every receipt before it, so that equal chains mean equal entries. */
  readonly chain: string;
  readonly inputs: readonly FoldInput[];
  readonly view: CaseView | undefined;
  /** What part facilities have in it, as far as that was read: entries alone change it, so that the chain binds it too. */
  readonly access: ReadonlyMap<string, Access>;
  /** Its worklist rows as they were written last. */
  readonly worklist: string | undefined;
}

/**
 * Cases that were appended to lately. What is kept is only a beginning: each use asks the database whether the log
 * still has this chain there, and reads what came after. A case in which something was withheld is not kept: its
 * bodies go without the chain's saying so.
 */
export interface CaseCache {
  readonly find: (log: string) => KeptCase | undefined;
  readonly keep: (log: string, kept: KeptCase) => void;
  readonly drop: (log: string) => void;
}

/** A folded case takes a few times its text. */
const mostCharacters = 16_000_000;

export const openCaseCache = (most: number = mostCharacters): CaseCache => {
  // A Map keeps the order of insertion: the first one was used longest ago.
  const cases = new Map<string, { readonly kept: KeptCase; readonly characters: number }>();
  let characters = 0;
  const drop = (log: string): void => {
    characters -= cases.get(log)?.characters ?? 0;
    cases.delete(log);
  };
  return {
    find: (log) => cases.get(log)?.kept,
    drop,
    keep: (log, kept) => {
      drop(log);
      if (kept.inputs.some(({ entry }) => entry.header.kind === "withheld")) return;
      const added = kept.inputs.reduce((sum, { entry }) => sum + charactersOf(entry), 0);
      cases.set(log, { kept, characters: added });
      characters += added;
      for (const oldest of cases.keys()) {
        if (characters <= most) break;
        drop(oldest);
      }
    },
  };
};

const charactersOf = ({ headerText, bodyText }: FoldInput["entry"]): number =>
  headerText.length + (bodyText?.length ?? 0);
