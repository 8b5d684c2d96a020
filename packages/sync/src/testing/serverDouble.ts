import type { EntryAnswer, FeedItem, OwnRun } from "@lientuyen/api";
import {
  consistencyPath,
  fromBase64url,
  makeCheckpoint,
  makeEntry,
  makeReceipts,
  nextChain,
  parseEntry,
  toBase64url,
  treeHead,
  uuidv7,
  zeroChain,
  type Bytes,
  type Mark,
  type ParsedEntry,
  type Primitives,
  type Receipt,
  type SignedEntry,
  type Signer,
} from "@lientuyen/record";
import { joinBytes, type Subtle } from "../platform.ts";
import type {
  HistoryAnswer,
  Network,
  NetworkFailure,
  NetworkRefusal,
  StopSignal,
} from "../ports.ts";
import { makeKeyPair, signerOf } from "../primitives.ts";
import { makeSealingKeyPair } from "../sealed.ts";

/*
 * What a server does to the engine, without a database, and able to do what a sound server never does:
 * answer nonsense, give forged receipts, forget half its log. The cuts that count run on the real server.
 */

export type Judge = (
  entry: ParsedEntry,
) => Exclude<EntryAnswer, { answer: "received" }> | undefined;
export type RequestName =
  | "entries"
  | "feed"
  | "keys"
  | "case"
  | "held"
  | "create"
  | "offset"
  | "chunk"
  | "views";
/** What becomes of a request: `lost` never arrives, `cut` arrives and its answer is lost. */
export type Fate = "lost" | "cut" | NetworkFailure | NetworkRefusal | undefined;

export interface ServerDouble<Key = unknown> {
  readonly network: Network;
  /** Looked at before each request. */
  fate: (name: RequestName, count: number) => Fate;
  judge: Judge;
  /** What the server says of an entry may be changed on its way out. */
  spoil: (item: FeedItem) => FeedItem;
  readonly feed: FeedItem[];
  readonly files: Map<string, { readonly size: number; readonly hash: string; bytes: Uint8Array }>;
  /** Names of the requests in the order in which they came. */
  readonly requests: RequestName[];
  /** Whether each reading of the feed asked for the device's own entries too. */
  readonly wholes: boolean[];
  /** Called on the way out for what is named of a reader's own entries. */
  misname: (run: OwnRun) => OwnRun;
  readonly batches: (readonly SignedEntry[])[];
  /** Receipts from before a restore, as they were handed in. */
  readonly earlier: Receipt[];
  enrol(publicKey: Bytes): Promise<void>;
  /** Somebody else's entry, taken in and put into the feed. */
  receive(signed: SignedEntry): Promise<Receipt>;
  /** Restored from a backup that holds the first `keep` items of the feed. */
  restore(keep: number): void;
  /** The server's time, RFC 3339. */
  readonly clock: { at: string };
  wake(): void;
  /** From now on it signs checkpoints of its feed. */
  certifyCheckpoints(): Promise<void>;
  /** Chain values that its tree shows; by default the feed's. */
  leaves: () => readonly string[];
  /** How often it was asked for a checkpoint. */
  checkpointsAsked(): number;
  readonly sealing: { readonly privateKey: Key; readonly publicKey: Bytes };
}

export const doubleFacility = "12913";
const began = "2026-11-22T15:40:00.000Z";
const offline: NetworkFailure = { result: "offline" };

export async function createServerDouble<Key>(
  subtle: Subtle<Key>,
  p: Primitives,
  random: (n: number) => Bytes,
): Promise<ServerDouble<Key>> {
  const keyed = async () => {
    const pair = await makeKeyPair(subtle, false);
    return {
      signer: await signerOf(subtle, pair.privateKey, pair.publicKey),
      publicKey: toBase64url(pair.publicKey),
    };
  };
  const [root, receipts, certificates, checkpoints] = await Promise.all([
    keyed(),
    keyed(),
    keyed(),
    keyed(),
  ]);
  const sealing = await makeSealingKeyPair(subtle, false);
  const clock = { at: began };
  const log = createLogs(p, receipts.signer, clock);
  const counters = new Map<string, number>();

  const author = async (
    signer: Signer,
    into: string,
    kind: string,
    body: unknown,
  ): Promise<Receipt> => {
    const n = (counters.get(signer.key) ?? 0) + 1;
    counters.set(signer.key, n);
    const made = await makeEntry(p, signer, {
      id: uuidv7(1_790_000_000_000, random(10)),
      log: into,
      kind,
      n,
      dir: "",
      at: began,
      after: [],
      body,
      salt: random(16),
    });
    return log.append(made.signed, made.parsed);
  };
  await author(root.signer, "installation", "installationFounded", {
    name: "Liên Tuyến",
    rootKey: root.publicKey,
  });
  const certify = (key: string, publicKey: string, use: string) =>
    author(root.signer, "installation", "serverKeyCertified", { key, publicKey, use });
  await certify(receipts.signer.key, receipts.publicKey, "receipt");
  await certify(certificates.signer.key, certificates.publicKey, "certificate");
  const sealingKey = toBase64url(sealing.publicKey);
  await certify(toBase64url(await p.sha256(sealing.publicKey)), sealingKey, "sealing");
  const device = uuidv7(1, random(10));

  return assemble({
    p,
    log,
    clock,
    sealing,
    checkpoints: checkpoints.signer,
    certifyCheckpoints: async () => {
      await certify(checkpoints.signer.key, checkpoints.publicKey, "checkpoint");
    },
    enrol: async (publicKey) => {
      const key = toBase64url(await p.sha256(publicKey));
      await author(certificates.signer, `directory/${doubleFacility}`, "keyCertified", {
        key,
        publicKey: toBase64url(publicKey),
        person: uuidv7(2, random(10)),
        device,
      });
    },
  });
}

type Logs = ReturnType<typeof createLogs>;

function createLogs(p: Primitives, signer: Signer, clock: ServerDouble["clock"]) {
  const feed: FeedItem[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const find = (hash: string) => feed.find((item) => item.receipt.entry === hash);
  const appendOne = async (signed: SignedEntry, entry: ParsedEntry): Promise<Receipt> => {
    const old = find(entry.hash);
    if (old !== undefined) return old.receipt;
    const { log } = entry.header;
    const before = feed.filter((item) => item.receipt.log === log).at(-1)?.receipt;
    const marks: readonly Mark[] = [];
    const seq = (before?.seq ?? 0) + 1;
    const receivedAt = clock.at;
    const chain = await nextChain(p, before?.chain ?? zeroChain, {
      entry: entry.hash,
      sig: signed.sig,
      seq,
      receivedAt,
      marks,
    });
    const [receipt] = await makeReceipts(p, signer, [
      { log, entry: entry.hash, seq, receivedAt, marks, chain },
    ]);
    if (receipt === undefined) throw new Error("one row, one receipt");
    feed.push({ position: (feed.at(-1)?.position ?? 0) + 1, entry: signed, receipt });
    return receipt;
  };
  return {
    feed,
    append: (signed: SignedEntry, entry: ParsedEntry): Promise<Receipt> => {
      const turn = last.then(() => appendOne(signed, entry));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

interface Parts<Key> {
  readonly p: Primitives;
  readonly log: Logs;
  readonly clock: ServerDouble["clock"];
  readonly sealing: { readonly privateKey: Key; readonly publicKey: Bytes };
  readonly enrol: (publicKey: Bytes) => Promise<void>;
  readonly checkpoints: Signer;
  readonly certifyCheckpoints: () => Promise<void>;
}

function assemble<Key>(parts: Parts<Key>): ServerDouble<Key> {
  const { p, log, clock, sealing, enrol } = parts;
  let epoch = 1;
  let signs = false;
  let asked = 0;
  const wakers = new Set<() => void>();
  /** Whoever reads is told of these as their own: who is not their author asks again. */
  const sent = new Set<string>();
  const counts = new Map<RequestName, number>();
  const wake = (): void => wakers.forEach((waker) => waker());
  const entryOf = async (signed: SignedEntry): Promise<ParsedEntry> => {
    const parsed = await parseEntry(p, signed);
    if (!parsed.ok) throw new Error(parsed.code);
    return parsed.entry;
  };

  /** One request: its fate first, then the work, then perhaps the loss of the answer. */
  const request = async <T>(
    name: RequestName,
    work: () => Promise<T>,
  ): Promise<T | NetworkFailure | NetworkRefusal> => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    double.requests.push(name);
    const fate = double.fate(name, count);
    if (fate === "lost") return offline;
    if (typeof fate === "object") return fate;
    const answer = await work();
    return fate === "cut" ? offline : answer;
  };

  const answerOne = async (signed: SignedEntry): Promise<EntryAnswer> => {
    const entry = await entryOf(signed);
    return (
      double.judge(entry) ?? {
        answer: "received",
        id: entry.header.id,
        receipt: await log.append(signed, entry),
      }
    );
  };

  const network: Network = {
    postEntries: (entries, _signal, earlier = []) =>
      request("entries", async () => {
        double.batches.push(entries);
        double.earlier.push(...earlier);
        for (const signed of entries) sent.add((await entryOf(signed)).hash);
        const answers: EntryAnswer[] = [];
        for (const signed of entries) answers.push(await answerOne(signed));
        wake();
        return { result: "ok", answers, sentBytes: JSON.stringify(entries).length } as const;
      }),
    getFeed: (place, { limit, whole }) =>
      request("feed", async () => {
        double.wholes.push(whole);
        const from = place?.epoch === epoch ? place.position : 0;
        const rest = log.feed.filter((item) => item.position > from);
        const page = rest.slice(0, limit);
        const isOwn = (item: FeedItem) => !whole && sent.has(item.receipt.entry);
        const items = page.filter((item) => !isOwn(item)).map((item) => double.spoil(item));
        const own = page
          .filter(isOwn)
          .map(({ position, receipt: { log: of, seq, chain } }) =>
            double.misname({ position, log: of, from: seq, to: seq, chain }),
          );
        const next = page.at(-1)?.position ?? from;
        return {
          result: "ok",
          page: { epoch, items, own, next, more: rest.length > limit },
        } as const;
      }),
    getCase: (of) =>
      request("case", async () => {
        const items = log.feed.filter((item) => item.receipt.log === of);
        return items.length === 0
          ? ({ result: "refused", status: 404, code: "not_found" } as const)
          : ({ result: "ok", items: items.map((item) => double.spoil(item)) } as const);
      }),
    getServerKeys: () =>
      request(
        "keys",
        async () =>
          ({
            result: "ok",
            items: log.feed.filter((item) => item.receipt.log === "installation"),
          }) as const,
      ),
    getCheckpoint: async (since) => {
      if (!signs) return { result: "unavailable" };
      asked += 1;
      return {
        result: "ok",
        ...(await signedTree(
          p,
          parts.checkpoints,
          { at: clock.at, epoch, since },
          double.leaves(),
        )),
      };
    },
    postViews: () => request("views", async () => ({ result: "ok" }) as const),
    postSealed: async () => offline,
    getFile: async () => offline,
    wake: (onWake, signal) => waitForWake(wakers, onWake, signal),
    ...filesOf(request, () => double.files),
  };

  const double: ServerDouble<Key> = {
    network,
    fate: () => undefined,
    judge: () => undefined,
    spoil: (item) => item,
    feed: log.feed,
    files: new Map(),
    requests: [],
    wholes: [],
    misname: (run) => run,
    batches: [],
    earlier: [],
    enrol,
    receive: async (signed) => {
      const receipt = await log.append(signed, await entryOf(signed));
      wake();
      return receipt;
    },
    restore: (keep) => {
      log.feed.splice(keep);
      epoch += 1;
      wake();
    },
    wake,
    certifyCheckpoints: async () => {
      await parts.certifyCheckpoints();
      signs = true;
    },
    clock,
    leaves: () => log.feed.map(({ receipt }) => receipt.chain),
    checkpointsAsked: () => asked,
    sealing,
  };
  return double;
}

const signedTree = async (
  p: Primitives,
  signer: Signer,
  { at, epoch, since }: { readonly at: string; readonly epoch: number; readonly since: number },
  chains: readonly string[],
): Promise<HistoryAnswer> => {
  const leaves = chains.map(fromBase64url);
  const root = await treeHead(p, leaves);
  const checkpoint = await makeCheckpoint(p, signer, { at, epoch, root, size: leaves.length });
  if (since < 1 || since > leaves.length) return { checkpoint };
  return { checkpoint, path: (await consistencyPath(p, leaves, since)).map(toBase64url) };
};

const waitForWake = (
  wakers: Set<() => void>,
  onWake: () => void,
  signal: StopSignal,
): Promise<{ readonly result: "ended" }> =>
  new Promise((resolve) => {
    wakers.add(onWake);
    onWake();
    signal.addEventListener("abort", () => {
      wakers.delete(onWake);
      resolve({ result: "ended" });
    });
  });

type Asked = <T>(
  name: RequestName,
  work: () => Promise<T>,
) => Promise<T | NetworkFailure | NetworkRefusal>;

function filesOf(
  request: Asked,
  files: () => ServerDouble["files"],
): Pick<Network, "filesHeld" | "createUpload" | "uploadOffset" | "sendChunk"> {
  return {
    filesHeld: () =>
      request(
        "held",
        async () =>
          ({
            result: "ok",
            held: [...files().values()].flatMap((file) =>
              file.bytes.length === file.size ? [file.hash] : [],
            ),
          }) as const,
      ),
    createUpload: (file) =>
      request("create", async () => {
        const url = `/v1/files/${files().size + 1}`;
        files().set(url, { size: file.size, hash: file.hash, bytes: new Uint8Array(0) });
        return { result: "ok", url } as const;
      }),
    uploadOffset: (url) =>
      request("offset", async () => {
        const file = files().get(url);
        return file === undefined
          ? ({ result: "gone" } as const)
          : ({ result: "ok", offset: file.bytes.length } as const);
      }),
    sendChunk: (url, offset, bytes) =>
      request("chunk", async () => {
        const file = files().get(url);
        if (file === undefined) return { result: "gone" } as const;
        if (file.bytes.length !== offset) return { result: "moved" } as const;
        file.bytes = joinBytes([file.bytes, bytes]);
        return { result: "ok", offset: file.bytes.length } as const;
      }),
  };
}
