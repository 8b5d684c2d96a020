import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { makePrimitives } from "@lientuyen/server";
import { checkBundle, type BundleFault } from "../../apps/cli/src/bundle/check.ts";
import type { DepositFile } from "../../apps/cli/src/bundle/deposits.ts";
import { ArchiveFault } from "../../apps/cli/src/bundle/zip.ts";
import { makeDice, type Dice } from "./dice.ts";
import { honestDraft, keepElsewhere, pack } from "./draft.ts";
import { startPython, type Report } from "./pythonVerifier.ts";
import type { Expected } from "./spoil.ts";
import { entrySpoils } from "./spoilEntries.ts";
import { formSpoils } from "./spoilForms.ts";
import { keySpoils } from "./spoilKeys.ts";
import { receiptSpoils } from "./spoilReceipts.ts";

const spoils = [...entrySpoils, ...keySpoils, ...receiptSpoils, ...formSpoils];

/** One bundle over which the two verifiers, or they and the story, do not agree. */
export interface Dispute {
  readonly name: string;
  readonly seed: number;
  readonly expected: string;
  readonly typescript: string;
  readonly python: string;
  /** Where the bundle was kept. */
  readonly file: string;
}

export interface Outcome {
  readonly honest: number;
  readonly spoilt: number;
  /** Ways in which bundles were spoilt. */
  readonly ways: number;
  readonly disputes: readonly Dispute[];
  readonly ms: { readonly typescript: number; readonly python: number };
}

const p = makePrimitives();

/** Faults whose `seq` is not that of the entry. */
const ownSeq: ReadonlySet<string> = new Set(["gap", "tailCut", "earlierReceipt", "doubled"]);

const nameOf = (fault: BundleFault): string => {
  const { what, item, file, log } = fault;
  const seq = ownSeq.has(what) ? fault.seq : item?.receipt.seq;
  const parts = [what, item?.log ?? log, seq, item?.hash, file];
  return parts
    .map((part) => part ?? "")
    .join(" ")
    .trim();
};

/** What the product's own verifier says. */
const ask = async ({ bytes, root, deposits }: Made): Promise<Report> => {
  try {
    const checked = await checkBundle(p, bytes, root, deposits);
    if (!checked.read) return { verdict: checked.why === "newer" ? "newerFormat" : "notBundle" };
    const { report } = checked;
    const { verdict, faults, withheld, completeAt, checkpoint, root: own } = report;
    return {
      verdict,
      faults: faults.map(nameOf).sort(),
      withheld: withheld.map(({ hash }) => hash).sort(),
      root: own ?? null,
      completeAt: completeAt ?? null,
      checkpoint:
        checkpoint === undefined
          ? null
          : { at: checkpoint.at, size: checkpoint.size, root: checkpoint.root },
      confirmed: report.deposits?.confirmed?.name ?? null,
    };
  } catch (error) {
    if (error instanceof ArchiveFault) return { verdict: "notBundle" };
    throw error;
  }
};

const isAs = ({ verdict, fault, entry = "" }: Expected, report: Report): boolean => {
  if (verdict === undefined) return !sound.has(report.verdict);
  const faults = report.faults ?? [];
  const found = faults.some((each) => each.split(" ")[0] === fault && each.includes(entry));
  return report.verdict === verdict && (fault === undefined || found);
};

const sound: ReadonlySet<string> = new Set(["authentic", "consistent"]);

interface Made {
  readonly name: string;
  readonly bytes: Buffer;
  readonly root: string | undefined;
  readonly deposits: readonly DepositFile[] | undefined;
  readonly right: (report: Report) => boolean;
  readonly expected: string;
}

const makeHonest = async (dice: Dice): Promise<Made> => {
  const told = await honestDraft(dice);
  const kept = told.bundle.tree !== undefined && dice.chance(0.5);
  const draft = kept ? await keepElsewhere(told) : told;
  const verdict = draft.root === undefined ? "consistent" : "authentic";
  return {
    name: "honest",
    bytes: pack(draft),
    root: draft.root,
    deposits: draft.deposits,
    right: (report) =>
      report.verdict === verdict &&
      report.completeAt !== null &&
      (report.confirmed !== null) === (draft.deposits !== undefined),
    expected: verdict,
  };
};

const makeSpoilt = async (dice: Dice, turn: number): Promise<Made> => {
  const { name, run } = spoils[turn % spoils.length] ?? dice.pick(spoils);
  const { draft, expected } = await run(dice);
  return {
    name,
    bytes: pack(draft),
    root: draft.root,
    deposits: draft.deposits,
    right: (report) => isAs(expected, report),
    expected: JSON.stringify(expected),
  };
};

export interface ContestOptions {
  /** Each bundle has a seed of its own, from this one on. */
  readonly seed: number;
  readonly honest: number;
  readonly spoilt: number;
  readonly say?: (line: string) => void;
}

/** Both verifiers over the same bundles, some honest, some spoilt in every way that we know. */
export const holdContest = async ({
  seed,
  honest,
  spoilt,
  say,
}: ContestOptions): Promise<Outcome> => {
  const folder = await mkdtemp(path.join(tmpdir(), "lientuyen-conformance-"));
  const python = startPython();
  const disputes: Dispute[] = [];
  const ms = { typescript: 0, python: 0 };
  try {
    for (let i = 0; i < honest + spoilt; i++) {
      const dice = makeDice(seed + i);
      const made = i < honest ? await makeHonest(dice) : await makeSpoilt(dice, i - honest + seed);
      const file = path.join(folder, `${i}.zip`);
      await writeFile(file, made.bytes);
      const startedMs = performance.now();
      const ours = await ask(made);
      const betweenMs = performance.now();
      const theirs = await python.ask(file, made.root, made.deposits);
      ms.typescript += betweenMs - startedMs;
      ms.python += performance.now() - betweenMs;
      const [one, other] = [JSON.stringify(ours), JSON.stringify(theirs)];
      if (one === other && made.right(ours)) await rm(file);
      else {
        const { name, expected } = made;
        disputes.push({ name, seed: seed + i, expected, typescript: one, python: other, file });
      }
      if (i % 200 === 199) say?.(`${i + 1} bundles, ${disputes.length} disputes`);
    }
  } finally {
    await python.close();
    if (disputes.length === 0) await rm(folder, { recursive: true });
  }
  return { honest, spoilt, ways: Math.min(spoils.length, spoilt), disputes, ms };
};
