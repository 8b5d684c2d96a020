import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { makePrimitives } from "@lientuyen/server";
import {
  canonicalText,
  consistencyPath,
  depositText,
  makeCheckpoint,
  makeEntry,
  makeReceipts,
  nextChain,
  toBase64url,
  fromBase64url,
  treeHead,
  treeWithPaths,
  uuidv7,
  zeroChain,
  type Checkpoint,
  type Receipt,
  type SignedEntry,
  type Signer,
} from "@lientuyen/record";
import { signExtent } from "../../apps/cli/src/bundle/extent.ts";
import type { Bundle } from "../../apps/cli/src/bundle/format.ts";
import { there, type Dice } from "./dice.ts";

const p = makePrimitives();

export interface Key extends Signer {
  /** base64url of the uncompressed point. */
  readonly publicKey: string;
  readonly secret: KeyObject;
}

export const hashOf = (bytes: Uint8Array | string): string =>
  createHash("sha256").update(bytes).digest("base64url");

export const makeKey = (): Key => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const point = Buffer.concat([
    Buffer.from([4]),
    ...[x, y].map((each) => Buffer.from(each, "base64url")),
  ]);
  return {
    key: hashOf(point),
    publicKey: point.toString("base64url"),
    secret: privateKey,
    sign: (message) => {
      const options = { key: privateKey, dsaEncoding: "ieee-p1363" } as const;
      return Promise.resolve(new Uint8Array(sign("sha256", message, options)));
    },
  };
};

/** A row of a log before its batch is signed. */
export interface Row {
  readonly log: string;
  signed: SignedEntry;
  readonly hash: string;
  readonly seq: number;
  readonly receivedAt: string;
  readonly marks: Receipt["marks"];
  readonly chain: string;
  /** Whose receipt it gets. */
  readonly receiver: Signer;
}

export interface WriteOptions {
  readonly at?: string;
  readonly dir?: string;
  readonly after?: readonly string[];
  readonly n?: number;
  readonly receivedAt?: string;
  readonly marks?: Receipt["marks"];
  /** The entry's texts and signature made over before they are received. */
  readonly change?: (signed: SignedEntry) => SignedEntry | Promise<SignedEntry>;
}

export interface Leaf {
  readonly chain: string;
  /** Undefined for a receipt of a log that is not in the bundle. */
  readonly entry: string | undefined;
}

const dayMs = 86_400_000;

/** An installation with its logs, as a server keeps them: everything is signed for real. */
export interface World {
  readonly dice: Dice;
  readonly root: Key;
  readonly certificate: Key;
  readonly checkpoint: Key;
  /** The receipt key now in use. */
  receipt: Key;
  readonly logs: Map<string, Row[]>;
  /** The receipts of all logs in the order in which they were numbered. */
  readonly leaves: Leaf[];
  /** What came in and was lost when the server was put back to a backup. */
  readonly earlier: Row[];
  /** Epoch of which checkpoints speak. */
  readonly treeEpoch: number;
  readonly files: Map<string, Uint8Array>;
  /** Milliseconds since 1970; each receipt is later than the one before. */
  nowMs: number;
  readonly uuid: () => string;
  readonly time: () => string;
  readonly write: (
    signer: Signer,
    log: string,
    kind: string,
    body: unknown,
    options?: WriteOptions,
  ) => Promise<Row>;
  /** Takes an entry in as it is. */
  readonly receive: (log: string, signed: SignedEntry, options?: WriteOptions) => Promise<Row>;
  /** The chain of the directory's last receipt. */
  readonly knownOf: (facility: string) => string;
}

export const createWorld = (dice: Dice): World => {
  const counters = new Map<string, number>();
  const world: World = {
    dice,
    root: makeKey(),
    certificate: makeKey(),
    checkpoint: makeKey(),
    receipt: makeKey(),
    logs: new Map(),
    leaves: [],
    earlier: [],
    treeEpoch: dice.between(1, 3),
    files: new Map(),
    nowMs: 1_790_000_000_000 + dice.between(0, 1000) * dayMs,
    uuid: () => uuidv7(world.nowMs, dice.bytes(10)),
    time: () => {
      world.nowMs += dice.between(1, 3_600_000);
      return timeOf(world.nowMs);
    },
    write: async (signer, log, kind, body, options = {}) => {
      const next = (counters.get(signer.key) ?? 0) + 1;
      counters.set(signer.key, next);
      const { n = next } = options;
      const rows = world.logs.get(log) ?? [];
      const made = await makeEntry(p, signer, {
        id: world.uuid(),
        log,
        kind,
        n,
        dir: options.dir ?? "",
        at: options.at ?? timeOf(world.nowMs + dice.between(-dayMs, dayMs)),
        after: options.after ?? rows.slice(-1).map(({ hash }) => hash),
        body,
        salt: dice.bytes(16),
      });
      const signed = (await options.change?.(made.signed)) ?? made.signed;
      return world.receive(log, signed, options);
    },
    receive: async (log, signed, options = {}) => {
      const rows = world.logs.get(log) ?? [];
      const hash = hashOf(signed.header);
      const seq = rows.length + 1;
      const { receivedAt = world.time(), marks = [] } = options;
      const parts = { entry: hash, sig: signed.sig, seq, receivedAt, marks };
      const chain = await nextChain(p, rows.at(-1)?.chain ?? zeroChain, parts);
      const row: Row = {
        log,
        signed,
        hash,
        seq,
        receivedAt,
        marks,
        chain,
        receiver: world.receipt,
      };
      world.logs.set(log, [...rows, row]);
      world.leaves.push({ chain, entry: hash });
      return row;
    },
    knownOf: (facility) => world.logs.get(`directory/${facility}`)?.at(-1)?.chain ?? "",
  };
  return world;
};

export const timeOf = (ms: number): string => new Date(ms).toISOString();

/** Receipts of all rows, signed in batches of chance over all logs. */
const receiptsOf = async (world: World): Promise<ReadonlyMap<Row, Receipt>> => {
  const rows = [...[...world.logs.values()].flat(), ...world.earlier];
  const receipts = new Map<Row, Receipt>();
  for (let at = 0; at < rows.length;) {
    const { receiver } = there(rows[at]);
    const most = world.dice.between(1, 9);
    const batch = rows.slice(at, at + most);
    const own = batch.findIndex((row) => row.receiver !== receiver);
    const taken = own === -1 ? batch : batch.slice(0, own);
    const made = await makeReceipts(
      p,
      receiver,
      taken.map(({ log, hash, seq, receivedAt, marks, chain }) => {
        return { log, entry: hash, seq, receivedAt, marks, chain };
      }),
    );
    taken.forEach((row, i) => receipts.set(row, there(made[i])));
    at += taken.length;
  }
  return receipts;
};

/** What a server that is as it should be writes of that case: logs, extent and, where asked for, the tree. */
export const bundleOf = async (world: World, uuid: string, withTree: boolean): Promise<Bundle> => {
  const receipts = await receiptsOf(world);
  const names = [...world.logs.keys()];
  const directories = names.filter((name) => name.startsWith("directory/")).sort();
  const logs = ["installation", ...directories, `case/${uuid}`].map((log) => ({
    log,
    entries: there(world.logs.get(log)).map((row) => ({
      entry: row.signed,
      receipt: there(receipts.get(row)),
    })),
  }));
  const bundle: Bundle = {
    format: "lientuyen-bundle",
    v: 1,
    case: uuid,
    logs,
    extent: await extentOf(world, logs),
    ...(withTree ? { tree: await plantTree(world, world.leaves, { since: sinceOf(world) }) } : {}),
    ...(world.earlier.length === 0
      ? {}
      : { earlier: world.earlier.map((row) => there(receipts.get(row))) }),
  };
  return structuredClone(bundle);
};

/** Some size that the tree had. */
const sinceOf = ({ dice, leaves }: World): number =>
  dice.chance(0.5) ? dice.between(1, leaves.length) : 0;

export const extentOf = (
  world: World,
  logs: Bundle["logs"],
  signer: Signer = world.checkpoint,
): Promise<Bundle["extent"]> =>
  signExtent(p, signer, {
    at: world.time(),
    logs: logs.map(({ log, entries }) => {
      const { seq, chain } = there(entries.at(-1)).receipt;
      return { log, seq, chain };
    }),
  });

export interface TreeOptions {
  readonly at?: string;
  readonly signer?: Signer;
  /** Leaves of the checkpoint that it says to continue; 0: it says nothing of one. */
  readonly since?: number;
}

/** The tree over these leaves, with the proof of each that is an entry of the bundle. */
export const plantTree = async (
  world: World,
  leaves: readonly Leaf[],
  { at = world.time(), signer = world.checkpoint, since = 0 }: TreeOptions = {},
): Promise<NonNullable<Bundle["tree"]>> => {
  const bytes = leaves.map(({ chain }) => fromBase64url(chain));
  const { paths } = await treeWithPaths(p, bytes);
  const proofs = leaves.flatMap(({ entry }, index) =>
    entry === undefined ? [] : [{ entry, index, path: there(paths[index]).map(toBase64url) }],
  );
  const checkpoint = await checkpointOf(world, leaves, { at, signer });
  if (since === 0) return { checkpoint, proofs };
  const older = await checkpointOf(world, leaves.slice(0, since), { at, signer });
  return { checkpoint, since: { checkpoint: older, path: await pathOf(leaves, since) }, proofs };
};

const checkpointOf = async (
  world: World,
  leaves: readonly Leaf[],
  { at, signer }: { readonly at: string; readonly signer: Signer },
): Promise<Checkpoint> => {
  const root = await treeHead(
    p,
    leaves.map(({ chain }) => fromBase64url(chain)),
  );
  const facts = { at, epoch: world.treeEpoch, root, size: leaves.length };
  return makeCheckpoint(p, signer, facts);
};

const pathOf = async (leaves: readonly Leaf[], size: number): Promise<string[]> => {
  const bytes = leaves.map(({ chain }) => fromBase64url(chain));
  return (await consistencyPath(p, bytes, size)).map(toBase64url);
};

/** What others keep: a checkpoint of each of these sizes, each with what ties it to the one before. */
export const layDown = async (
  world: World,
  leaves: readonly Leaf[],
  sizes: readonly number[],
): Promise<{ readonly name: string; readonly text: string }[]> => {
  const deposits = [];
  for (const [i, size] of sizes.entries()) {
    const since = sizes[i - 1] ?? 0;
    const held = leaves.slice(0, size);
    const checkpoint = await checkpointOf(world, held, {
      at: world.time(),
      signer: world.checkpoint,
    });
    const path = since === 0 ? [] : await pathOf(held, since);
    const text = depositText({ checkpoint, root: world.root.key, since, path });
    deposits.push({ name: `${i}.json`, text });
  }
  return deposits;
};

/** Signs any text at all, as a key in wrong hands would. */
export const signText = async (signer: Signer, text: string): Promise<string> =>
  toBase64url(await signer.sign(p.encodeUtf8(text)));

/** An entry with another header than any product would make: texts are signed as they are. */
export const forge = async (
  signer: Signer,
  header: string | object,
  body?: { readonly text: string; readonly salt: string },
): Promise<SignedEntry> => {
  const text = typeof header === "string" ? header : canonicalText(header);
  return {
    header: text,
    ...(body === undefined ? {} : { body: body.text, salt: body.salt }),
    sig: await signText(signer, text),
  };
};
