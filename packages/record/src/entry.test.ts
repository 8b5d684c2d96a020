import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashOf, log, momentAt, uuidOf } from "./caseBuilder.fixture.ts";
import {
  bodyOf,
  canonicalText,
  caseBodies,
  directoryBodies,
  directoryFactOf,
  installationBodies,
  installationFactOf,
  isClockDoubtful,
  makeCaseNumber,
  makeEntry,
  parseEntry,
  patientBodies,
  patientFactOf,
  readCaseNumber,
  uuidv7,
  verifySignature,
  type SignedEntry,
} from "./index.ts";
import { makeSigner, primitives as p } from "./webPrimitives.fixture.ts";

const signer = await makeSigner();
const stranger = await makeSigner();
const parts = {
  id: uuidOf("entry"),
  log,
  kind: "note",
  n: 1,
  dir: "",
  at: momentAt(0),
  after: [],
  body: { text: "Đỗ Văn Á" },
  salt: new Uint8Array(16).fill(7),
};
const good = await makeEntry(p, signer, parts);

describe("I4 what was signed is what is checked, byte for byte", () => {
  it("I4 an entry that was made parses to the same, and its signature holds", async () => {
    const parsed = await parseEntry(p, good.signed);
    expect(parsed).toEqual({ ok: true, entry: good.parsed });
    expect(await verifySignature(p, good.parsed, signer.publicKey)).toBe(true);
    expect(good.parsed.hash).toBe(hashOf(good.signed.header));
  });
  it("I4 property: any JSON body comes through unchanged", async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (body) => {
        const made = await makeEntry(p, signer, { ...parts, body });
        const parsed = await parseEntry(p, made.signed);
        expect(parsed.ok && parsed.entry.bodyText).toBe(canonicalText(body));
      }),
      { numRuns: 40 },
    );
  });
  it("I4 a key that signs is the one that the header names", async () => {
    expect(await verifySignature(p, good.parsed, stranger.publicKey)).toBe(false);
    expect(await verifySignature(p, good.parsed, "!")).toBe(false);
    const headerText = good.signed.header.replace(momentAt(0), momentAt(1));
    expect(await verifySignature(p, { ...good.parsed, headerText }, signer.publicKey)).toBe(false);
  });
  it("I4 a header that names another's key is not that key's, whoever signed", async () => {
    const borrowed = { key: signer.key, sign: stranger.sign };
    const { parsed } = await makeEntry(p, borrowed, parts);
    expect(await verifySignature(p, parsed, stranger.publicKey)).toBe(false);
    expect(await verifySignature(p, parsed, signer.publicKey)).toBe(false);
  });
  it("I4 property: one changed character in header or body never passes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("header" as const, "body" as const, "salt" as const, "sig" as const),
        fc.nat(),
        fc.constantFrom("0", "A", "b", '"', " "),
        async (field, at, letter) => {
          const text = good.signed[field] ?? "";
          const place = at % text.length;
          const altered = text.slice(0, place) + letter + text.slice(place + 1);
          fc.pre(altered !== text);
          const parsed = await parseEntry(p, { ...good.signed, [field]: altered });
          const passes = parsed.ok && (await verifySignature(p, parsed.entry, signer.publicKey));
          expect(passes).toBe(false);
        },
      ),
    );
  });
});

describe("I5 each bad form has its own answer", () => {
  const header = (change: object): string =>
    canonicalText({ ...good.parsed.header, after: [...good.parsed.header.after], ...change });
  const cases: readonly [string, Partial<SignedEntry>, string][] = [
    ["a header with a blank", { header: `${good.signed.header} ` }, "not_canonical"],
    ["a signature with a stray bit", { sig: `${good.signed.sig.slice(0, -1)}_` }, "not_canonical"],
    ["a body with a blank", { body: `{"text": "a"}` }, "not_canonical"],
    ["a body with a duplicate name", { body: `{"text":"a","text":"a"}` }, "not_canonical"],
    ["another format version", { header: header({ v: 2 }) }, "bad_header"],
    ["an unknown header field", { header: header({ person: "me" }) }, "bad_header"],
    ["a log of no family", { header: header({ log: "elsewhere/1" }) }, "bad_header"],
    ["a body that is a list", { body: "[]" }, "bad_body"],
    ["another body", { body: `{"text":"b"}` }, "body_hash_mismatch"],
  ];
  it.each(cases)("I5 %s", async (_, change, code) => {
    expect(await parseEntry(p, { ...good.signed, ...change })).toEqual({ ok: false, code });
  });
  it("I5 a body without its salt, or a salt without its body", async () => {
    const { header: text, body, salt, sig } = good.signed;
    if (body === undefined || salt === undefined) throw new Error("made without a body");
    expect(await parseEntry(p, { header: text, body, sig })).toMatchObject({ code: "bad_body" });
    expect(await parseEntry(p, { header: text, salt, sig })).toMatchObject({ code: "bad_body" });
  });
  it("I5 a withheld entry, header alone, parses", async () => {
    const { header: text, sig } = good.signed;
    const parsed = await parseEntry(p, { header: text, sig });
    expect(parsed.ok && parsed.entry.body).toBe(undefined);
    expect(parsed.ok && (await verifySignature(p, parsed.entry, signer.publicKey))).toBe(true);
  });
  it("I5 an entry of a kind that nobody knows yet parses", async () => {
    const made = await makeEntry(p, signer, { ...parts, kind: "fromTheFuture" });
    expect(await parseEntry(p, made.signed)).toMatchObject({ ok: true });
    expect(bodyOf("fromTheFuture", {})).toEqual({ ok: false, path: "" });
  });
});

describe("I6 every kind has its one schema, and nothing else passes for it", () => {
  const missing = { ok: false, path: "" };
  it.each(Object.keys(caseBodies))(
    "I6 case kind %s is read, and an empty body is refused",
    (kind) => {
      // closed and seen are whole without any field.
      const whole = kind === "closed" || kind === "seen";
      const empty = bodyOf(kind, {});
      expect(empty.ok).toBe(whole);
      expect(empty).not.toEqual(missing);
      expect(bodyOf(kind, { noSuchField: 1 })).toMatchObject({ ok: false });
    },
  );
  it.each(Object.keys(directoryBodies))("I6 directory kind %s is read", (kind) => {
    expect(directoryFactOf(kind, {})).not.toEqual(missing);
  });
  it.each(Object.keys(patientBodies))("I6 patient kind %s is read", (kind) => {
    expect(patientFactOf(kind, {})).not.toEqual(missing);
  });
  it.each(Object.keys(installationBodies))("I6 installation kind %s is read", (kind) => {
    expect(installationFactOf(kind, {})).not.toEqual(missing);
  });
  it("I6 the first wrong field is named", () => {
    const body = { readings: [{ sign: "pulse", value: "104" }], measuredAt: momentAt(0) };
    expect(bodyOf("vitalSigns", body)).toEqual({ ok: false, path: "readings.0.value" });
  });
});

describe("I7 names are made without a server and do not meet", () => {
  it("I7 property: uuidv7 carries its moment and version", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 47 }),
        fc.uint8Array({ minLength: 10, maxLength: 10 }),
        (atMs, bytes) => {
          const id = uuidv7(atMs, new Uint8Array(bytes));
          expect(id).toMatch(
            /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
          );
          expect(parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(atMs);
        },
      ),
    );
  });
  const bytes = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((some) => new Uint8Array(some));
  it("I7 property: a case number is read back however it is spoken or typed", () => {
    fc.assert(
      fc.property(bytes, (random) => {
        const number = makeCaseNumber("12913", random);
        expect(number.length).toBeLessThanOrEqual(24);
        expect(readCaseNumber(number)).toBe(number);
        expect(readCaseNumber(` ${number.toLowerCase().replaceAll("-", " ")} `)).toBe(number);
        const rest = number.slice(5).replaceAll("0", "o").replaceAll("1", "l");
        expect(readCaseNumber(number.slice(0, 5) + rest)).toBe(number);
        // Telex makes đ of dd and ư of w.
        const telex = number.replaceAll("DD", "đ").replaceAll("W", "ư");
        expect(readCaseNumber(telex)).toBe(number);
      }),
    );
  });
  it("I7 property: one wrong sign, or two neighbours swapped, is caught", () => {
    fc.assert(
      fc.property(
        bytes,
        fc.nat(7),
        fc.constantFrom(..."0123456789BCDFGHJKMNPQRSTVWXZ".split("")),
        (random, at, sign) => {
          const number = makeCaseNumber("12913", random).replaceAll("-", "");
          const place = 5 + at;
          const wrong = number.slice(0, place) + sign + number.slice(place + 1);
          expect(readCaseNumber(wrong) === undefined).toBe(wrong !== number);
          const next = Math.min(place + 1, 12);
          const letters = number.split("");
          [letters[place], letters[next]] = [letters[next] ?? "", letters[place] ?? ""];
          const swapped = letters.join("");
          expect(readCaseNumber(swapped) === undefined).toBe(swapped !== number);
        },
      ),
    );
  });
});

describe("I35 a clock marks and never refuses", () => {
  it.each([
    [0, 0, false],
    [1, 0, false],
    [5, 0, true],
    [0, 60 * 24 * 29, false],
    [0, 60 * 24 * 31, true],
    [60 * 24 * 365 * 6, 0, true],
  ])("I35 stated at minute %i, received at minute %i", (stated, received, doubtful) => {
    expect(isClockDoubtful(momentAt(stated), momentAt(received))).toBe(doubtful);
  });
  it("I35 a date that is none is doubtful, not a crash", () => {
    expect(isClockDoubtful("2026-99-99T00:00:00.000Z", momentAt(0))).toBe(true);
  });
});
