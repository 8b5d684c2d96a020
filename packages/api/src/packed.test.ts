import { createHash, randomBytes, webcrypto } from "node:crypto";
import {
  makeEntry,
  makeReceipts,
  nextChain,
  zeroChain,
  type Receipt,
  type ReceiptRow,
  type SignedEntry,
} from "@lientuyen/record";
import fc from "fast-check";
import { expect, test } from "vitest";
import { packEntries, unpackEntries, type PackedEntries } from "./packedEntries.ts";
import { packReceipts, unpackReceipts } from "./receiptBatches.ts";

const bytes = (n: number) => new Uint8Array(randomBytes(n));
const p = {
  sha256: async (data: Uint8Array<ArrayBuffer>) =>
    new Uint8Array(createHash("sha256").update(data).digest()),
  encodeUtf8: (text: string) => new TextEncoder().encode(text),
  verify: async () => true,
};
const signer = { key: "k".repeat(43), sign: async () => bytes(64) };
const seed = Date.now() % 1_000_000;
const hash = () => randomBytes(32).toString("base64url");
const uuid = () => webcrypto.randomUUID();

/** A case's entries, each after the one before, the last naming one of them. */
async function entriesOf(log: string, texts: readonly string[]) {
  const made: { readonly signed: SignedEntry; readonly hash: string }[] = [];
  for (const [at, text] of texts.entries()) {
    const { signed, parsed } = await makeEntry(p, signer, {
      id: uuid(),
      log,
      kind: "note",
      n: at + 1,
      dir: hash(),
      at: "2026-11-25T10:00:00.000Z",
      after: made.slice(-1).map((entry) => entry.hash),
      body: { text, of: made[0]?.hash ?? hash() },
      salt: bytes(16),
    });
    made.push({ signed, hash: parsed.hash });
  }
  return made;
}

test(`S31 whatever entries there are, what is unpacked is what was packed, to the letter (seed ${seed})`, async () => {
  const anyText = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 60 }),
    fc.constantFrom("\t", "\t0\t", "\t\t1\t", '"\t2\t"', hash(), '"'.concat(hash(), '"')),
  );
  const strange = fc.record({
    header: anyText,
    body: anyText,
    salt: fc.constantFrom("A".repeat(22), "_".repeat(22)),
    sig: fc.constant("B".repeat(86)),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyText, { maxLength: 6 }),
      fc.array(strange, { maxLength: 4 }),
      fc.nat({ max: 6 }),
      async (texts, strangers, bare) => {
        const sound = await entriesOf(`case/${uuid()}`, texts);
        const entries: SignedEntry[] = [
          ...sound.map(({ signed: { header, sig, ...rest } }, at) =>
            at === bare ? { header, sig } : { header, sig, ...rest },
          ),
          ...strangers,
        ];
        expect(await unpackEntries(p, await packEntries(p, entries))).toEqual(entries);
      },
    ),
    { seed, numRuns: 150 },
  );
});

test("S31 what the other side can reckon for itself is not sent", async () => {
  const entries = (await entriesOf(`case/${uuid()}`, ["một", "hai", "ba"])).map((e) => e.signed);
  const packed = await packEntries(p, entries);
  const [, second = "", third = ""] = packed.headers;
  expect(second).toContain('"after":["\t1\t"]');
  expect(third).toContain('"bodyHash":"\t0\t"');
  expect(packed.bodies[2]).toBe('{"of":"\t2\t","text":"ba"}');
});

const columns = (over: Partial<PackedEntries>): PackedEntries => ({
  headers: ["{}"],
  bodies: ["{}"],
  salts: "A".repeat(22),
  sigs: "B".repeat(86),
  ...over,
});

test.each([
  ["a column too few", columns({ headers: ["{}", "{}"] })],
  ["a salt too few", columns({ salts: "" })],
  ["a signature too many", columns({ sigs: "B".repeat(172) })],
  ["a place before the first", columns({ headers: ["\t1\t"] })],
  ["its own place", columns({ bodies: ["\t0\t"] })],
  ["a body that would grow beyond all measure", columns({ bodies: ["\t\t".repeat(90_000)] })],
  ["a header that would", columns({ headers: ['"\t0\t"'.repeat(1_500)] })],
])("S31 %s is not unpacked", async (_, packed) => {
  expect(await unpackEntries(p, packed)).toBeUndefined();
});

/** One batch of receipts for entries of one log. */
async function received(log: string, count: number) {
  const rows: ReceiptRow[] = [];
  const sigs = Array.from({ length: count }, () => randomBytes(64).toString("base64url"));
  let chain = zeroChain;
  for (const [at, sig] of sigs.entries()) {
    const entry = hash();
    const receivedAt = `2026-11-25T10:00:00.${String(100 + at)}Z`;
    const marks = at === 2 ? (["gap"] as const) : [];
    chain = await nextChain(p, chain, { entry, sig, seq: at + 1, receivedAt, marks });
    rows.push({ log, entry, seq: at + 1, receivedAt, marks, chain });
  }
  const receipts = await makeReceipts(p, signer, rows);
  return receipts.map((receipt, at) => ({
    hash: receipt.entry,
    log,
    sig: sigs[at] ?? "",
    receipt,
  }));
}

const log = `case/${uuid()}`;

async function again(entries: Awaited<ReturnType<typeof received>>) {
  const packed = await packReceipts(p, entries);
  const found = new Map<number, Receipt>(packed.loose);
  for (const batch of packed.batches)
    for (const [at, receipt] of (await unpackReceipts(p, entries, batch)) ?? [])
      found.set(at, receipt);
  return { packed, found: entries.map((_, at) => found.get(at)) };
}

test.each([1, 2, 3, 7, 16, 100])(
  "S32 a whole batch of %i receipts goes as one, in whatever order they stand",
  async (size) => {
    const entries = (await received(log, size)).reverse();
    const { packed, found } = await again(entries);
    expect(packed.batches).toHaveLength(1);
    expect(packed.loose.size).toBe(0);
    expect(found).toEqual(entries.map(({ receipt }) => receipt));
  },
);

test("S32 a batch that is not whole, or of which a receipt was spoilt, stays as it is and takes no other along", async () => {
  const part = (await received(log, 9)).slice(2, 7);
  const whole = await received(`case/${uuid()}`, 4);
  const spoilt = await received(`case/${uuid()}`, 4);
  const [, second] = spoilt;
  const receivedAt = "2020-01-01T00:00:00.000Z";
  if (second !== undefined) spoilt[1] = { ...second, receipt: { ...second.receipt, receivedAt } };
  const entries = [...part, ...whole, ...spoilt];
  const { packed, found } = await again(entries);
  expect(packed.batches.map((batch) => batch.of)).toEqual([[5, 6, 7, 8]]);
  expect(found).toEqual(entries.map(({ receipt }) => receipt));
});

test("S32 a batch that names an entry that is not there, or times too few, is none", async () => {
  const entries = await received(log, 3);
  const [batch] = (await packReceipts(p, entries)).batches;
  if (batch === undefined) throw new Error("one batch");
  expect(await unpackReceipts(p, entries, { ...batch, of: [0, 1, 9] })).toBeUndefined();
  expect(await unpackReceipts(p, entries, { ...batch, at: batch.at.slice(1) })).toBeUndefined();
  expect(await unpackReceipts(p, entries, { ...batch, chain: "!".repeat(43) })).toBeUndefined();
});
