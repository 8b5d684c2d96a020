/// <reference types="node" />
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { momentAt, station, uuidOf } from "./caseBuilder.fixture.ts";
import {
  canonicalText,
  checkProof,
  makeEntry,
  makeReceipts,
  nextChain,
  toBase64url,
  verifyReceipt,
  zeroChain,
  type DirectoryView,
  type ProofInput,
  type ReceiptRow,
} from "./index.ts";
import { makeSigner, primitives as p } from "./webPrimitives.fixture.ts";

const author = await makeSigner();
const receiver = await makeSigner();
const other = await makeSigner();
const log = `case/${uuidOf("proof")}`;
const directory: DirectoryView = {
  facilities: new Map(),
  people: new Map(),
  released: new Set(),
  keys: new Map([
    [
      author.key,
      {
        key: author.key,
        publicKey: author.publicKey,
        person: uuidOf("someone"),
        device: uuidOf("device"),
        facility: station,
        confirmed: true,
        disowned: undefined,
        cloned: false,
      },
    ],
  ]),
};
const receiptKeys = [{ key: receiver.key, publicKey: receiver.publicKey }];

/** A log of these kinds and bodies, received in one batch. */
async function logOf(
  facts: readonly (readonly [kind: string, body: object])[],
  signer = author,
): Promise<ProofInput[]> {
  const made = [];
  let after: string[] = [];
  for (const [n, [kind, body]] of facts.entries()) {
    const parts = { id: uuidOf(`${n}`), log, kind, n: n + 1, dir: "", at: momentAt(n) };
    const entry = await makeEntry(p, signer, {
      ...parts,
      after,
      body,
      salt: new Uint8Array(16).fill(n),
    });
    after = [entry.parsed.hash];
    made.push(entry);
  }
  const rows: ReceiptRow[] = [];
  let chain = zeroChain;
  for (const [i, { parsed, signed }] of made.entries()) {
    const link = { entry: parsed.hash, seq: i + 1, receivedAt: momentAt(i), marks: [] };
    chain = await nextChain(p, chain, { ...link, sig: signed.sig });
    rows.push({ log, ...link, chain });
  }
  const receipts = await makeReceipts(p, receiver, rows);
  return made.map(({ signed }, i) => ({ signed, receipt: receipts[i] }));
}
const note = (text: string) => ["note", { text }] as const;
const notes = (count: number) => Array.from({ length: count }, (_, i) => note(`ghi chú ${i}`));
const check = (inputs: readonly ProofInput[]) => checkProof(p, inputs, directory, receiptKeys);
const hashAt = (inputs: readonly ProofInput[], i: number) => inputs[i]?.receipt?.entry ?? "";

describe("I8 the chain binds every part of every receipt", () => {
  const base = {
    entry: "B".repeat(42) + "A",
    sig: "C".repeat(85) + "A",
    seq: 1,
    receivedAt: momentAt(0),
    marks: [],
  };
  it("I8 is SHA-256 over the parts in SPEC.md's order", async () => {
    expect(zeroChain).toBe("A".repeat(43));
    const seq = Buffer.alloc(8);
    seq.writeBigUInt64BE(1n);
    const bytes = Buffer.concat([
      Buffer.alloc(32),
      Buffer.from(base.entry, "base64url"),
      Buffer.from(base.sig, "base64url"),
      seq,
      Buffer.from(base.receivedAt),
      Buffer.from(canonicalText([])),
    ]);
    const expected = toBase64url(await p.sha256(new Uint8Array(bytes)));
    expect(await nextChain(p, zeroChain, base)).toBe(expected);
  });
  it.each([
    ["entry", { ...base, entry: "D".repeat(42) + "A" }],
    ["signature", { ...base, sig: "D".repeat(85) + "A" }],
    ["seq", { ...base, seq: 2 }],
    ["receivedAt", { ...base, receivedAt: momentAt(1) }],
    ["marks", { ...base, marks: ["gap" as const] }],
  ])("I8 another %s is another chain", async (_, parts) => {
    expect(await nextChain(p, zeroChain, parts)).not.toBe(await nextChain(p, zeroChain, base));
  });
});

describe("I11 one signature receives a whole batch, and each receipt proves itself", () => {
  it("I11 property: every receipt of a batch of any size, and none with another chain or key", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), async (count) => {
        const inputs = await logOf(notes(count));
        const seen = new Map<string, boolean>();
        for (const { receipt } of inputs) {
          if (receipt === undefined) throw new Error("no receipt");
          expect(await verifyReceipt(p, receipt, receiver.publicKey, seen)).toBe(true);
          expect(await verifyReceipt(p, receipt, other.publicKey, seen)).toBe(false);
          const batch = { ...receipt.batch, key: other.key };
          expect(await verifyReceipt(p, { ...receipt, batch }, receiver.publicKey)).toBe(false);
          const chain = toBase64url(new Uint8Array(32).fill(1));
          expect(await verifyReceipt(p, { ...receipt, chain }, receiver.publicKey, seen)).toBe(
            false,
          );
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe("I34 the proof names what is wrong, and calls withheld what was withheld", () => {
  it("I34 a whole log holds, in any order; without receipts it holds and says so", async () => {
    const inputs = await logOf(notes(5));
    expect(await check([...inputs].reverse())).toEqual({
      ok: true,
      faults: [],
      withheld: [],
      unreceived: [],
    });
    const bare = inputs.map(({ signed }) => ({ signed }));
    expect(await check(bare)).toMatchObject({
      ok: true,
      unreceived: inputs.map((_, i) => hashAt(inputs, i)),
    });
  });
  it("I34 an altered body", async () => {
    const inputs = await logOf(notes(3));
    const [first, second, third] = inputs;
    if (first === undefined || second === undefined || third === undefined) throw new Error();
    const altered = { ...second, signed: { ...second.signed, body: `{"text":"khác"}` } };
    const proof = await check([first, altered, third]);
    expect(proof.faults).toEqual([{ entry: hashAt(inputs, 1), seq: 2, what: "bodyHash" }]);
  });
  it("I34 an altered header is another entry, which no receipt and no signature fits", async () => {
    const inputs = await logOf(notes(2));
    const [first, second] = inputs;
    if (first === undefined || second === undefined) throw new Error();
    const header = second.signed.header.replace(momentAt(1), momentAt(2));
    const proof = await check([first, { ...second, signed: { ...second.signed, header } }]);
    expect(proof.faults.map((fault) => fault.what).sort()).toEqual(["receipt", "signature"]);
  });
  it("I34 a back-dated receipt, a changed mark", async () => {
    const inputs = await logOf(notes(2));
    const [first, second] = inputs;
    if (first?.receipt === undefined || second === undefined) throw new Error();
    const early = { ...first, receipt: { ...first.receipt, receivedAt: momentAt(-60) } };
    const marked = { ...first, receipt: { ...first.receipt, marks: ["released" as const] } };
    for (const altered of [early, marked])
      expect((await check([altered, second])).faults).toEqual([
        { entry: hashAt(inputs, 0), seq: 1, what: "chain" },
      ]);
  });
  it("I34 a removed entry leaves a hole", async () => {
    const inputs = await logOf(notes(3));
    const [first, , third] = inputs;
    if (first === undefined || third === undefined) throw new Error();
    expect((await check([first, third])).faults).toEqual([
      { entry: hashAt(inputs, 2), seq: 2, what: "gap" },
    ]);
  });
  it("I34 a key that no directory certified, a receipt key that the root did not name", async () => {
    const strange = await logOf(notes(1), other);
    expect((await check(strange)).faults).toMatchObject([{ what: "unknownKey" }]);
    const named = [{ key: other.key, publicKey: other.publicKey }];
    expect(await checkProof(p, strange, directory, receiptKeys, named)).toMatchObject({ ok: true });
    const inputs = await logOf(notes(1));
    expect((await checkProof(p, inputs, directory, named)).faults).toMatchObject([
      { what: "receipt" },
    ]);
  });
  it("I34 a withheld body is withheld; a body gone without that entry is broken", async () => {
    const [first] = await logOf([note("nhầm bệnh nhân")]);
    const target = first?.receipt?.entry ?? "";
    const inputs = await logOf([
      note("nhầm bệnh nhân"),
      ["withheld", { target, ground: "wrongPatient", effect: "destroy" }],
    ]);
    const bare = inputs.map((input, i) => {
      const { header, sig } = input.signed;
      return i === 0 ? { ...input, signed: { header, sig } } : input;
    });
    expect(await check(bare)).toMatchObject({ ok: true, withheld: [target] });
    const [lost] = bare;
    if (lost === undefined) throw new Error();
    expect((await check([lost])).faults).toEqual([{ entry: target, what: "bodyHash" }]);
  });
});
