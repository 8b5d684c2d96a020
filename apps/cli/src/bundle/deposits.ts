import {
  parseDeposit,
  type CheckpointFacts,
  type Deposit,
  type NamedKey,
  type Primitives,
} from "@lientuyen/record";
import { continues, signedFacts, type CheckedTree } from "./tree.ts";

/** A file of a folder in which others keep an installation's checkpoints. */
export interface DepositFile {
  readonly name: string;
  readonly text: string;
}

/** What the checkpoints that others keep say of a bundle. */
export interface DepositReport {
  /** Of this installation, signed by a key that the bundle knows. */
  readonly count: number;
  /** One that the bundle's history holds; undefined where none can be tied to it. */
  readonly confirmed: { readonly name: string; readonly at: string } | undefined;
  /** Names of those that tell another history. */
  readonly forks: readonly string[];
}

interface Kept {
  readonly name: string;
  readonly deposit: Deposit;
  readonly facts: CheckpointFacts;
}

/**
 * Compares the bundle's history with the one that others keep. Checkpoints of one epoch tell one history where those
 * of one size have one root, and each continues the one that was laid down before it.
 * @param keys the bundle's checkpoint keys
 * @param root fingerprint of its root
 */
export const compareDeposits = async (
  p: Primitives,
  files: readonly DepositFile[],
  { checkpoint, since }: Pick<CheckedTree, "checkpoint" | "since">,
  { keys, root }: { readonly keys: readonly NamedKey[]; readonly root: string | undefined },
): Promise<DepositReport> => {
  const kept = await readKept(p, files, keys, root);
  const own = [checkpoint, since].flatMap((facts) => (facts === undefined ? [] : [facts]));
  const bySize = new Map<string, CheckpointFacts[]>();
  for (const facts of [...own, ...kept.map((each) => each.facts)])
    bySize.set(placeOf(facts), [...(bySize.get(placeOf(facts)) ?? []), facts]);
  const forks: string[] = [];
  for (const { name, deposit, facts } of kept) {
    const contradicted = (bySize.get(placeOf(facts)) ?? []).some(
      (each) => each.root !== facts.root,
    );
    const before = bySize.get(placeOf({ epoch: facts.epoch, size: deposit.since })) ?? [];
    const held = before.map((each) => continues(p, each, facts, deposit.path));
    if (contradicted || !(await Promise.all(held)).every(Boolean)) forks.push(name);
  }
  const tied = kept.find(({ facts }) =>
    own.some((each) => placeOf(each) === placeOf(facts) && each.root === facts.root),
  );
  return {
    count: kept.length,
    confirmed: tied === undefined ? undefined : { name: tied.name, at: tied.facts.at },
    forks,
  };
};

const placeOf = ({ epoch, size }: Pick<CheckpointFacts, "epoch" | "size">): string =>
  `${epoch} ${size}`;

const readKept = async (
  p: Primitives,
  files: readonly DepositFile[],
  keys: readonly NamedKey[],
  root: string | undefined,
): Promise<readonly Kept[]> => {
  const kept: Kept[] = [];
  for (const { name, text } of files) {
    const deposit = parseDeposit(text);
    if (deposit === undefined || deposit.root !== root) continue;
    const facts = await signedFacts(p, deposit.checkpoint, keys);
    if (facts !== undefined) kept.push({ name, deposit, facts });
  }
  return kept;
};
