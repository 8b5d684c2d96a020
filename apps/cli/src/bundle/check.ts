import {
  checkEarlier,
  checkProof,
  toBase64url,
  type CheckpointFacts,
  type DirectoryView,
  type EarlierFault,
  type NamedKey,
  type Primitives,
  type Proof,
  type ProofFault,
} from "@lientuyen/record";
import { openArchive, type Archive } from "./archive.ts";
import { compareDeposits, type DepositFile, type DepositReport } from "./deposits.ts";
import { readExtent, type ExtentFacts } from "./extent.ts";
import { fileNamedBy, indexName, nameOfFile, readBundle, type Bundle } from "./format.ts";
import { readKeys, viewOf } from "./keyring.ts";
import { shelve, trustOf, type Item, type Shelf, type Trust } from "./shelf.ts";
import { checkTree } from "./tree.ts";
import { signedByDisowned, wrongSigners } from "./standing.ts";

export type BundleFaultKind =
  | ProofFault["what"]
  | "order"
  | "repeated"
  | "otherLog"
  | "wrongSigner"
  | "disownedKey"
  | "fileChanged"
  | "fileMissing"
  | "fileStray"
  | "tailCut"
  | EarlierFault["what"]
  | "checkpoint"
  | "checkpointSince"
  | "checkpointDate"
  | "fork"
  | "tree"
  | "extent"
  | "noFounding"
  | "otherRoot"
  | "noCase";

/** What is wrong and where: an entry, or a file that no entry names. */
export interface BundleFault {
  readonly what: BundleFaultKind;
  readonly item?: Item;
  /** Hash of the file; name of the checkpoint that others keep. */
  readonly file?: string;
  /** First seq that is missing; the last one that should be there where the tail is cut off. */
  readonly seq?: number;
  /** The log, where none of its entries is here. */
  readonly log?: string;
}

export interface BundleReport {
  /** Authentic under the root that was asked for; only consistent where none was; else broken. */
  readonly verdict: "authentic" | "consistent" | "broken";
  readonly case: string;
  /** Fingerprint of the bundle's own root key. */
  readonly root: string | undefined;
  readonly entries: number;
  readonly files: number;
  /** By the server's word nothing that was received until then is missing; undefined where that word does not hold. */
  readonly completeAt: string | undefined;
  /** Receipts that the server gave before it was restored from a backup, for entries that it received again. */
  readonly earlier: number;
  /** The tree of all receipts that every entry was proven to be in, to compare with what others keep. */
  readonly checkpoint: CheckpointFacts | undefined;
  /** Where checkpoints that others keep were given. */
  readonly deposits: DepositReport | undefined;
  /** Entries whose body a `withheld` entry took away. */
  readonly withheld: readonly Item[];
  readonly faults: readonly BundleFault[];
}

export type Checked =
  | { readonly read: true; readonly report: BundleReport }
  | { readonly read: false; readonly why: "newer" | "malformed"; readonly detail: string };

/**
 * Checks a bundle by itself: no clock, no network, no disk.
 * @param root fingerprint of the installation's root key, learned on another way than the bundle
 * @param deposited checkpoints that others keep, to be compared with the bundle's history
 * @throws ArchiveFault where the zip is none, or holds what no bundle holds
 */
export const checkBundle = async (
  p: Primitives,
  bytes: Uint8Array,
  root: string | undefined,
  deposited?: readonly DepositFile[],
): Promise<Checked> => {
  const archive = openArchive(bytes);
  const read = readBundle(archive.read(indexName));
  if (!read.ok) return { read: false, why: read.why, detail: read.detail };
  const shelf = await shelve(p, read.bundle);
  const trust = trustOf(shelf);
  const keys = readKeys(shelf.directories);
  const proofs = await proveAll(p, shelf, trust, viewOf(keys));
  const items = [...shelf.installation, ...shelf.directories, ...shelf.case];
  const tree = await checkTree(p, items, read.bundle.tree, trust.checkpoint);
  const extent = await readExtent(p, read.bundle.extent, trust.checkpoint);
  const deposits =
    deposited &&
    (await compareDeposits(p, deposited, tree, { keys: trust.checkpoint, root: trust.root?.key }));
  const faults = [
    ...rootFaults(trust, root),
    ...listingFaults(shelf),
    ...extentFaults(shelf, extent),
    ...tree.faults,
    ...(deposits?.forks ?? []).map((file) => ({ what: "fork", file }) as const),
    ...(await earlierFaults(p, read.bundle, items, trust)),
    ...proofs.flatMap((proof) => namedFaults(shelf, proof)),
    ...wrongSigners(shelf, trust, keys).map((item) => ({ what: "wrongSigner", item }) as const),
    ...signedByDisowned(shelf, keys, tree.order).map(
      (item) => ({ what: "disownedKey", item }) as const,
    ),
    ...(await fileFaults(p, shelf, archive)),
  ];
  const withheld = new Set(proofs.flatMap((proof) => proof.withheld));
  const report: BundleReport = {
    verdict: faults.length > 0 ? "broken" : root === undefined ? "consistent" : "authentic",
    case: read.bundle.case,
    root: trust.root?.key,
    entries: shelf.case.length,
    files: archive.files.length,
    completeAt: extent?.at,
    earlier: read.bundle.earlier?.length ?? 0,
    checkpoint: tree.checkpoint,
    deposits,
    withheld: shelf.case.filter(({ hash }) => withheld.has(hash)),
    faults,
  };
  return { read: true, report };
};

/** Two receipts for one entry are the server's contradiction, unless it stands on record that a new epoch began between. */
const earlierFaults = async (
  p: Primitives,
  { earlier = [] }: Bundle,
  items: readonly Item[],
  trust: Trust,
): Promise<readonly BundleFault[]> => {
  const byHash = new Map(items.map((item) => [item.hash, item]));
  const entries = items.map((item) => ({ ...item, sig: item.signed.sig }));
  const faults = await checkEarlier(p, entries, earlier, trust.receipt);
  return faults.map(({ what, receipt }) => {
    const item = byHash.get(receipt.entry);
    return { what, seq: receipt.seq, ...(item === undefined ? { log: receipt.log } : { item }) };
  });
};

const nobody: DirectoryView = {
  facilities: new Map(),
  people: new Map(),
  keys: new Map(),
  released: new Set(),
};

/** Each kind of log under the keys that sign there: the root, the certificate key and people, people alone. */
const proveAll = (
  p: Primitives,
  shelf: Shelf,
  trust: Trust,
  view: DirectoryView,
): Promise<readonly Proof[]> => {
  const root: readonly NamedKey[] = trust.root === undefined ? [] : [trust.root];
  return Promise.all([
    checkProof(p, shelf.installation, nobody, trust.receipt, root),
    checkProof(p, shelf.directories, view, trust.receipt, trust.certificate),
    checkProof(p, shelf.case, view, trust.receipt),
  ]);
};

/** Only bodies of a case are ever withheld. */
const namedFaults = (shelf: Shelf, { faults, withheld }: Proof): readonly BundleFault[] => {
  const items = [...shelf.installation, ...shelf.directories, ...shelf.case];
  const byHash = new Map(items.map((item) => [item.hash, item]));
  const bare = withheld.flatMap((hash) => byHash.get(hash) ?? []);
  return [
    ...faults.map(({ what, entry, seq }) => {
      const item = byHash.get(entry);
      return {
        what,
        ...(item === undefined ? {} : { item }),
        ...(seq === undefined ? {} : { seq }),
      };
    }),
    ...bare
      .filter(({ log }) => !log.startsWith("case/"))
      .map((item) => ({ what: "bodyHash", item }) as const),
  ];
};

const rootFaults = ({ root }: Trust, wanted: string | undefined): readonly BundleFault[] => {
  if (root === undefined) return [{ what: "noFounding" }];
  return wanted === undefined || root.key === wanted ? [] : [{ what: "otherRoot" }];
};

/** Every entry is listed once, under its own log, at the place that its receipt gives it. */
const listingFaults = (shelf: Shelf): readonly BundleFault[] => {
  const items = [...shelf.installation, ...shelf.directories, ...shelf.case];
  const swapped = items.filter(
    (item, i) => item.log === items[i - 1]?.log && item.receipt.seq <= seqOf(items[i - 1]),
  );
  return [
    ...(shelf.case.length === 0 ? [{ what: "noCase" } as const] : []),
    ...shelf.strangers.map((item) => ({ what: "otherLog", item }) as const),
    ...shelf.repeats.map((item) => ({ what: "repeated", item }) as const),
    ...swapped.map((item) => ({ what: "order", item }) as const),
  ];
};

/** The end of each log, as the server signed it, against the last entry that is here; and no log more or less. */
const extentFaults = (shelf: Shelf, extent: ExtentFacts | undefined): readonly BundleFault[] => {
  if (extent === undefined) return [{ what: "extent" }];
  const last = new Map(
    [...shelf.installation, ...shelf.directories, ...shelf.case].map((item) => [item.log, item]),
  );
  const ends = new Map(extent.logs.map((end) => [end.log, end]));
  const shorter = extent.logs.filter(({ log, seq, chain }) => {
    const receipt = last.get(log)?.receipt;
    return receipt?.seq !== seq || receipt.chain !== chain;
  });
  return [
    ...shorter.map(({ log, seq }): BundleFault => {
      const item = last.get(log);
      return { what: "tailCut", seq, log, ...(item === undefined ? {} : { item }) };
    }),
    ...[...last.values()]
      .filter(({ log }) => !ends.has(log))
      .map((item): BundleFault => ({ what: "otherLog", item })),
  ];
};

const seqOf = (item: Item | undefined): number => item?.receipt.seq ?? 0;

/** Every file that a readable entry names is here with its content, and no other one. */
const fileFaults = async (
  p: Primitives,
  shelf: Shelf,
  archive: Archive,
): Promise<readonly BundleFault[]> => {
  const named = shelf.case.flatMap((item) => {
    const file = item.entry === undefined ? undefined : fileNamedBy(item.entry);
    return file === undefined ? [] : [{ item, file: file.hash, size: file.size }];
  });
  const wanted = new Set(named.map(({ file }) => file));
  const here = new Set(archive.files);
  const sizes = new Map<string, number | undefined>();
  for (const file of wanted)
    if (here.has(file)) sizes.set(file, await soundSize(p, archive.read(nameOfFile(file)), file));
  return [
    ...archive.files
      .filter((file) => !wanted.has(file))
      .map((file): BundleFault => ({ what: "fileStray", file })),
    ...named.flatMap(({ item, file, size }): readonly BundleFault[] => {
      if (!here.has(file)) return [{ what: "fileMissing", item, file }];
      return sizes.get(file) === size ? [] : [{ what: "fileChanged", item, file }];
    }),
  ];
};

/** The content's length where its hash is the one that it is named by. */
const soundSize = async (
  p: Primitives,
  content: Uint8Array<ArrayBuffer>,
  file: string,
): Promise<number | undefined> =>
  toBase64url(await p.sha256(content)) === file ? content.length : undefined;
