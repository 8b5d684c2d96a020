import { foldCase, type CaseFact, type CaseView, type FoldInput } from "@lientuyen/record";
import type { Pen, Written } from "./pen.ts";

/** A case while it is told: what is written goes to the server and into the folded view alike. */
export interface CaseWriter {
  readonly log: string;
  readonly view: () => CaseView;
  /** Writes facts by one author in order, each `secondsApart` after the other, the last at `atMs`; returns their hashes. */
  readonly write: (pen: Pen, facts: readonly Told[], atMs: number) => Promise<readonly string[]>;
}

/** A fact, or one that names the entries written just before it. */
export type Told = CaseFact | ((earlier: readonly Written[]) => CaseFact);

const secondsApart = 35;

export const openCaseWriter = (log: string): CaseWriter => {
  const inputs: FoldInput[] = [];
  const view = (): CaseView => foldCase(log, inputs);
  return {
    log,
    view,
    write: async (pen, facts, atMs) => {
      const written: Written[] = [];
      let heads = view().heads;
      for (const [index, told] of facts.entries()) {
        const fact = typeof told === "function" ? told(written) : told;
        const made = await pen.makeEntry(
          log,
          fact,
          atMs - (facts.length - 1 - index) * secondsApart * 1_000,
          heads,
        );
        written.push(made);
        heads = [made.parsed.hash];
      }
      const answers = await pen.session.post(written.map(({ signed }) => signed));
      for (const [index, { parsed }] of written.entries())
        inputs.push({ entry: parsed, author: pen.author, receipt: answers[index]?.receipt });
      return written.map(({ parsed }) => parsed.hash);
    },
  };
};
