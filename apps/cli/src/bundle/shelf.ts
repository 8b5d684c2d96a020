import {
  hashText,
  installationFactOf,
  parseEntry,
  type NamedKey,
  type ParsedEntry,
  type Primitives,
  type ProofInput,
  type Receipt,
} from "@lientuyen/record";
import type { Bundle } from "./format.ts";

/** One entry where it stands in the bundle. */
export interface Item extends ProofInput {
  /** Name of the log that it is listed under. */
  readonly log: string;
  /** Its place in that list, from 1. */
  readonly place: number;
  readonly hash: string;
  readonly receipt: Receipt;
  /** Undefined where header or body cannot be read. */
  readonly entry: ParsedEntry | undefined;
}

/** The bundle's entries by what they are there for. */
export interface Shelf {
  readonly installation: readonly Item[];
  readonly directories: readonly Item[];
  readonly case: readonly Item[];
  /** Of another log than they are listed under, or of one that a bundle of this case does not hold. */
  readonly strangers: readonly Item[];
  /** Entries that stand further up already. */
  readonly repeats: readonly Item[];
}

export const shelve = async (
  p: Primitives,
  bundle: Pick<Bundle, "case" | "logs">,
): Promise<Shelf> => {
  const items = await Promise.all(
    bundle.logs.flatMap(({ log, entries }) =>
      entries.map(({ entry, receipt }, index) =>
        itemOf(p, { log, place: index + 1, signed: entry, receipt }),
      ),
    ),
  );
  const own = `case/${bundle.case}`;
  const isDirectory = ({ log }: Item): boolean => log.startsWith("directory/");
  const isStranger = (item: Item): boolean =>
    isElsewhere(item) || !(item.log === "installation" || item.log === own || isDirectory(item));
  const firsts = new Map([...items].reverse().map((item) => [item.hash, item]));
  const isRepeat = (item: Item): boolean => !isStranger(item) && firsts.get(item.hash) !== item;
  const kept = items.filter((item) => !isStranger(item) && !isRepeat(item));
  return {
    installation: kept.filter(({ log }) => log === "installation"),
    directories: kept.filter(isDirectory),
    case: kept.filter(({ log }) => log === own),
    strangers: items.filter(isStranger),
    repeats: items.filter(isRepeat),
  };
};

/** By its receipt's word or its own it belongs to another log. */
const isElsewhere = ({ log, receipt, entry }: Item): boolean =>
  receipt.log !== log || (entry !== undefined && entry.header.log !== log);

const itemOf = async (p: Primitives, given: Omit<Item, "hash" | "entry">): Promise<Item> => {
  const parsed = await parseEntry(p, given.signed);
  return parsed.ok
    ? { ...given, hash: parsed.entry.hash, entry: parsed.entry }
    : { ...given, hash: await hashText(p, given.signed.header), entry: undefined };
};

/** Keys that speak for the installation, as its log in this bundle says. */
export interface Trust {
  /** Undefined where the log does not begin with a founding. */
  readonly root: NamedKey | undefined;
  readonly receipt: readonly NamedKey[];
  readonly certificate: readonly NamedKey[];
  readonly checkpoint: readonly NamedKey[];
}

/** Names only; that each entry is signed by the root is the proof's to see. */
export const trustOf = ({ installation }: Shelf): Trust => {
  const facts = installation.flatMap(({ entry }) => {
    const read =
      entry === undefined ? undefined : installationFactOf(entry.header.kind, entry.body);
    return entry !== undefined && read?.ok === true ? [{ entry, fact: read.fact }] : [];
  });
  const [first] = facts;
  const root =
    first?.fact.kind === "installationFounded" && first.entry === installation[0]?.entry
      ? { key: first.entry.header.key, publicKey: first.fact.body.rootKey }
      : undefined;
  const certified = (use: "receipt" | "certificate" | "checkpoint"): readonly NamedKey[] =>
    facts.flatMap(({ entry, fact }) =>
      fact.kind === "serverKeyCertified" && fact.body.use === use && entry.header.key === root?.key
        ? [{ key: fact.body.key, publicKey: fact.body.publicKey }]
        : [],
    );
  return {
    root,
    receipt: certified("receipt"),
    certificate: certified("certificate"),
    checkpoint: certified("checkpoint"),
  };
};
