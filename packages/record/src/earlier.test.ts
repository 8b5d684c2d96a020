import { beforeAll, describe, expect, it } from "vitest";
import {
  checkEarlier,
  makeEntry,
  makeReceipts,
  nextChain,
  uuidv7,
  zeroChain,
  type NamedKey,
  type ParsedEntry,
  type Receipt,
  type ReceivedEntry,
  type Signer,
} from "./index.ts";
import { makeSigner, primitives as p } from "./webPrimitives.fixture.ts";

type Keyed = Signer & { readonly publicKey: string };

let author: Keyed;
let server: Keyed;
let stranger: Keyed;
beforeAll(async () => {
  [author, server, stranger] = await Promise.all([makeSigner(), makeSigner(), makeSigner()]);
});

let n = 0;
const random = (count: number) => crypto.getRandomValues(new Uint8Array(count));
const entryOf = async (log: string, kind: string, body: unknown): Promise<ParsedEntry> => {
  n += 1;
  const made = await makeEntry(p, author, {
    id: uuidv7(n, random(10)),
    log,
    kind,
    n,
    dir: "",
    at: "2026-11-25T08:00:00.000Z",
    after: [],
    body,
    salt: random(16),
  });
  return made.parsed;
};

const caseLog = "case/01890000-0000-7000-8000-000000000001";
const timeOf = (hour: number): string => `2026-11-25T${String(hour).padStart(2, "0")}:00:00.000Z`;

/** The next receipt of a log, at this hour. */
const receive = async (
  entry: ParsedEntry,
  before: Receipt | undefined,
  hour: number,
  signer: Signer = server,
): Promise<Receipt> => {
  const { log } = entry.header;
  const seq = (before?.seq ?? 0) + 1;
  const row = { entry: entry.hash, sig: entry.sig, seq, receivedAt: timeOf(hour), marks: [] };
  const chain = await nextChain(p, before?.chain ?? zeroChain, row);
  const [receipt] = await makeReceipts(p, signer, [{ ...row, log, chain }]);
  if (receipt === undefined) throw new Error("one row, one receipt");
  return receipt;
};

const received = (entry: ParsedEntry, receipt: Receipt): ReceivedEntry => ({
  hash: entry.hash,
  log: entry.header.log,
  sig: entry.sig,
  receipt,
  entry,
});

/**
 * A case of three entries. All came in at 8, 9 and 10; the server was put back to what it held at 8:30; the second
 * and the third came in again at 13 and 14, the other way round.
 */
const restored = async ({ epoch, at = 12 }: { epoch: number; at?: number }) => {
  const entries = [
    await entryOf(caseLog, "note", { text: "một" }),
    await entryOf(caseLog, "note", { text: "hai" }),
    await entryOf(caseLog, "note", { text: "ba" }),
  ] as const;
  const [one, two, three] = entries;
  const first = await receive(one, undefined, 8);
  const lost2 = await receive(two, first, 9);
  const lost3 = await receive(three, lost2, 10);
  const again3 = await receive(three, first, 13);
  const again2 = await receive(two, again3, 14);
  const started = await entryOf("installation", "epochStarted", { epoch, reason: "restored" });
  const statement = received(started, await receive(started, undefined, at));
  const kept = [received(one, first), received(three, again3), received(two, again2)];
  return { entries, kept, statement, lost2, lost3, first, again3 };
};

const keys = (): readonly NamedKey[] => [{ key: server.key, publicKey: server.publicKey }];
const faultsOf = async (kept: readonly ReceivedEntry[], earlier: readonly Receipt[]) =>
  (await checkEarlier(p, kept, earlier, keys())).map(({ what, receipt }) => [what, receipt.seq]);

describe("earlier receipts after a restore", () => {
  it("I39 I41 doubled receipts are allowed with the statement of a new epoch between them, and only then", async () => {
    const { kept, statement, lost2, lost3 } = await restored({ epoch: 2 });
    const doubled = [
      ["doubled", 2],
      ["doubled", 3],
    ];
    expect(await faultsOf([...kept, statement], [lost3, lost2])).toEqual([]);
    expect(await faultsOf(kept, [lost2, lost3])).toEqual(doubled);
    // The founding's own epoch states nothing.
    const founding = (await restored({ epoch: 1 })).statement;
    expect(await faultsOf([...kept, founding], [lost2, lost3])).toEqual(doubled);
  });

  it("I41 a statement before the earlier receipt, or after the one that counts, explains nothing", async () => {
    const { kept, lost2, lost3 } = await restored({ epoch: 2 });
    const statementAt = async (at: number) => (await restored({ epoch: 2, at })).statement;
    expect(await faultsOf([...kept, await statementAt(10)], [lost2, lost3])).toEqual([
      ["doubled", 3],
    ]);
    expect(await faultsOf([...kept, await statementAt(14)], [lost2, lost3])).toEqual([
      ["doubled", 3],
    ]);
    expect(await faultsOf([...kept, await statementAt(15)], [lost2, lost3])).toEqual([
      ["doubled", 2],
      ["doubled", 3],
    ]);
  });

  it("I40 an earlier receipt proves itself: entry, log, key, signature and its link", async () => {
    const { entries, kept, statement, lost2, lost3, first, again3 } = await restored({ epoch: 2 });
    const all = [...kept, statement];
    const bad = (seq: number) => [["earlierReceipt", seq]];
    // Its link is missing: what it follows was left out.
    expect(await faultsOf(all, [lost3])).toEqual(bad(3));
    expect(await faultsOf(all, [{ ...lost2, receivedAt: timeOf(7) }])).toEqual(bad(2));
    expect(await faultsOf(all, [{ ...lost2, marks: ["gap"] }])).toEqual(bad(2));
    expect(await faultsOf(all, [{ ...lost2, log: "installation" }])).toEqual(bad(2));
    expect(await faultsOf(all, [{ ...lost2, entry: entries[0].hash }])).toEqual(bad(2));
    expect(await faultsOf(all, [{ ...lost2, chain: lost3.chain }])).toEqual(bad(2));
    expect(await faultsOf(all, [await receive(entries[1], first, 9, stranger)])).toEqual(bad(2));
    const unknown = await entryOf(caseLog, "note", { text: "không có trong gói" });
    expect(await faultsOf(all, [await receive(unknown, first, 9)])).toEqual(bad(2));
    // The one that counts is no earlier one, and none is listed twice.
    expect(await faultsOf(all, [again3])).toEqual(bad(2));
    expect(await faultsOf(all, [lost2, lost2])).toEqual(bad(2));
  });

  it("I40 I41 a log that was lost from its first entry on, and a server that was restored twice", async () => {
    const entry = await entryOf(caseLog, "note", { text: "một" });
    const lost = [await receive(entry, undefined, 8), await receive(entry, undefined, 10)];
    const now = received(entry, await receive(entry, undefined, 14));
    const { statement } = await restored({ epoch: 3, at: 12 });
    expect(await faultsOf([now, statement], lost)).toEqual([]);
  });
});
