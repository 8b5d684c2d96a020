import { nextChain, verifyReceipt, zeroChain, type CheckedBatches } from "./chain.ts";
import { isBase64url } from "./base64url.ts";
import { hashText } from "./bytes.ts";
import type { Receipt, SignedEntry } from "./entry.ts";
import { withheldAmong } from "./fold.ts";
import { authorOf } from "./directory.ts";
import { parseEntry, verifySignature } from "./parse.ts";
import type { Primitives } from "./primitives.ts";
import type { DirectoryView, ParsedEntry } from "./view.ts";

export interface ProofInput {
  readonly signed: SignedEntry;
  readonly receipt?: Receipt | undefined;
}

export interface NamedKey {
  readonly key: string;
  readonly publicKey: string;
}

export interface ProofFault {
  readonly entry: string;
  readonly seq?: number;
  readonly what: "signature" | "bodyHash" | "chain" | "receipt" | "unknownKey" | "gap";
}

export interface Proof {
  /** Nothing is wrong with what is here. What is not received yet is no fault. */
  readonly ok: boolean;
  readonly faults: readonly ProofFault[];
  /** Bodies that a `withheld` entry took away: not broken. */
  readonly withheld: readonly string[];
  readonly unreceived: readonly string[];
}

interface Looked {
  readonly hash: string;
  readonly input: ProofInput;
  readonly entry: ParsedEntry | undefined;
  /** Where it cannot be read: the part that is to blame. */
  readonly fault: "signature" | "bodyHash" | undefined;
}

/**
 * Checks whole logs by themselves: each signature under its certified key, each body under its hash, and the
 * receipts' chain of each log from its beginning without a hole.
 * @param receiptKeys the server's receipt keys, as its root certified them
 * @param otherKeys keys of no person: the root and certificate keys, for directory and installation logs
 */
export async function checkProof(
  p: Primitives,
  inputs: readonly ProofInput[],
  keysOf: DirectoryView,
  receiptKeys: readonly NamedKey[],
  otherKeys: readonly NamedKey[] = [],
): Promise<Proof> {
  const looked = await Promise.all(inputs.map((input) => look(p, input)));
  const withheld = withheldOf(looked, keysOf);
  const faults = [
    ...(await Promise.all(looked.map((one) => entryFaults(p, one, keysOf, otherKeys)))).flat(),
    ...missingBodies(looked, withheld),
    ...(await receiptFaults(p, looked, receiptKeys)),
    ...(await chainFaults(p, looked)),
  ];
  return {
    ok: faults.length === 0,
    faults,
    withheld: looked
      .filter((one) => one.entry !== undefined && isBare(one.entry) && withheld.has(one.hash))
      .map((one) => one.hash),
    unreceived: looked.filter((one) => one.input.receipt === undefined).map((one) => one.hash),
  };
}

async function look(p: Primitives, input: ProofInput): Promise<Looked> {
  const parsed = await parseEntry(p, input.signed);
  if (parsed.ok) return { hash: parsed.entry.hash, input, entry: parsed.entry, fault: undefined };
  const { header, sig } = input.signed;
  const isBodys = (await parseEntry(p, { header, sig })).ok;
  const fault = isBodys ? "bodyHash" : "signature";
  return { hash: await hashText(p, header), input, entry: undefined, fault };
}

function isBare(entry: ParsedEntry): boolean {
  return entry.bodyText === undefined;
}

/** An entry without its body is whole where an entry of its own log withheld it. */
function withheldOf(looked: readonly Looked[], keysOf: DirectoryView): ReadonlySet<string> {
  const inputs = looked.flatMap(({ entry }) =>
    entry === undefined
      ? []
      : [{ entry, author: authorOf(keysOf, entry.header.key), receipt: undefined }],
  );
  // A copy of a picture or a correction has lost the reference that tells whose it was, with its body.
  const reached = [...withheldAmong(inputs).keys()];
  const some = inputs.some(({ entry }) => entry.header.kind === "withheld");
  const followers = inputs.filter(
    ({ entry }) => some && isBare(entry) && followerKinds.has(entry.header.kind),
  );
  return new Set([...reached, ...followers.map(({ entry }) => entry.hash)]);
}

const followerKinds: ReadonlySet<string> = new Set(["correction", "fileAdded"]);

async function entryFaults(
  p: Primitives,
  { hash, input, entry, fault = "signature" }: Looked,
  keysOf: DirectoryView,
  otherKeys: readonly NamedKey[],
): Promise<readonly ProofFault[]> {
  const named = { entry: hash, ...(input.receipt === undefined ? {} : { seq: input.receipt.seq }) };
  if (entry === undefined) return [{ ...named, what: fault }];
  const { key } = entry.header;
  const publicKey =
    keysOf.keys.get(key)?.publicKey ?? otherKeys.find((other) => other.key === key)?.publicKey;
  if (publicKey === undefined) return [{ ...named, what: "unknownKey" }];
  return (await verifySignature(p, entry, publicKey)) ? [] : [{ ...named, what: "signature" }];
}

function missingBodies(
  looked: readonly Looked[],
  withheld: ReadonlySet<string>,
): readonly ProofFault[] {
  return looked
    .filter(({ hash, entry }) => entry !== undefined && isBare(entry) && !withheld.has(hash))
    .map(({ hash }) => ({ entry: hash, what: "bodyHash" }));
}

/** The receipt speaks of this very entry, and a receipt key signed it. */
async function receiptFaults(
  p: Primitives,
  looked: readonly Looked[],
  receiptKeys: readonly NamedKey[],
): Promise<readonly ProofFault[]> {
  const checked: CheckedBatches = new Map();
  const faults: ProofFault[] = [];
  for (const { hash, input, entry } of looked) {
    const { receipt } = input;
    if (receipt === undefined) continue;
    const key = receiptKeys.find((one) => one.key === receipt.batch.key);
    const about =
      receipt.entry === hash && (entry === undefined || receipt.log === entry.header.log);
    const holds =
      about && key !== undefined && (await verifyReceipt(p, receipt, key.publicKey, checked));
    if (!holds) faults.push({ entry: hash, seq: receipt.seq, what: "receipt" });
  }
  return faults;
}

interface Link {
  readonly hash: string;
  readonly sig: string;
  readonly receipt: Receipt;
}

async function chainFaults(
  p: Primitives,
  looked: readonly Looked[],
): Promise<readonly ProofFault[]> {
  const logs = new Map<string, Link[]>();
  for (const { hash, input } of looked) {
    if (input.receipt === undefined) continue;
    const links = logs.get(input.receipt.log) ?? [];
    links.push({ hash, sig: input.signed.sig, receipt: input.receipt });
    logs.set(input.receipt.log, links);
  }
  const faults = await Promise.all([...logs.values()].map((links) => chainOf(p, links)));
  return faults.flat();
}

/** From zero, each link from the one before; after a hole the next link is taken as it says. */
async function chainOf(p: Primitives, links: readonly Link[]): Promise<readonly ProofFault[]> {
  const faults: ProofFault[] = [];
  let before = { seq: 0, chain: zeroChain };
  for (const link of [...links].sort((a, b) => a.receipt.seq - b.receipt.seq)) {
    const { seq, chain } = link.receipt;
    if (seq > before.seq + 1) faults.push({ entry: link.hash, seq: before.seq + 1, what: "gap" });
    else if (!(await followsFrom(p, before.chain, link)))
      faults.push({ entry: link.hash, seq, what: "chain" });
    before = { seq, chain };
  }
  return faults;
}

async function followsFrom(p: Primitives, previous: string, link: Link): Promise<boolean> {
  const { entry, seq, receivedAt, marks, chain } = link.receipt;
  if (![previous, entry, link.sig].every(isBase64url)) return false;
  const parts = { entry, sig: link.sig, seq, receivedAt, marks };
  return (await nextChain(p, previous, parts)) === chain;
}
