/// <reference types="node" />
import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documents, noNumbers, numbers } from "./canonical.vectors.fixture.ts";
import { canonicalText, fromBase64url, isCanonical, RecordError, toBase64url } from "./index.ts";

const numberOf = (bits: string): number => Buffer.from(bits, "hex").readDoubleBE();

describe("I1 the canonical form is RFC 8785", () => {
  it.each(numbers)("I1 number %s is %s", (bits, text) => {
    expect(canonicalText(numberOf(bits))).toBe(text);
  });
  it.each(noNumbers)("I1 number %s has no text", (bits) => {
    expect(() => canonicalText(numberOf(bits))).toThrow(RecordError);
  });
  it.each(documents)("I1 document: $name", ({ input, output }) => {
    expect(canonicalText(JSON.parse(input))).toBe(output);
    expect(isCanonical(output)).toBe(true);
  });
  it("I1 property: agrees with an independent implementation on any JSON value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        expect(canonicalText(value)).toBe(canonicalize(value));
      }),
    );
  });
  it("I1 property: any finite number comes back as itself", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(JSON.parse(canonicalText(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

describe("I2 only JSON values have a canonical form, and only canonical texts are taken", () => {
  const notJson: readonly [string, unknown][] = [
    ["undefined", undefined],
    ["an undefined member", { a: undefined }],
    ["a hole in an array", [, 1]], // eslint-disable-line no-sparse-arrays
    ["a date", new Date(0)],
    ["a map", new Map()],
    ["a big integer", 1n],
    ["a function", () => 1],
    ["a lone surrogate", "\ud800"],
    ["a lone surrogate as a name", { "\udc00": 1 }],
  ];
  it.each(notJson)("I2 refuses %s", (_, value) => {
    expect(() => canonicalText(value)).toThrow(RecordError);
  });
  const notCanonical: readonly [string, string][] = [
    ["a blank", `{"a": 1}`],
    ["wrong order", `{"b":1,"a":1}`],
    ["a duplicate name", `{"a":1,"a":1}`],
    ["another spelling of a number", `{"a":1.0}`],
    ["minus zero", `-0`],
    ["an escape that need not be", `"\\u0041"`],
    ["an escaped lone surrogate", `"\\ud800"`],
    ["no JSON at all", `{`],
    ["nothing", ``],
    ["a JSON bomb", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    ["something after it", `{}{}`],
    ["a byte order mark", `\ufeff{}`],
  ];
  it.each(notCanonical)("I2 refuses a text with %s", (_, text) => {
    expect(isCanonical(text)).toBe(false);
  });
  it("I2 a member named __proto__ is a member like any other", () => {
    const text = `{"__proto__":{"a":1},"b":2}`;
    expect(isCanonical(text)).toBe(true);
  });
  it("I2 property: the canonical text of a value is canonical, and its value has that text again", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        const text = canonicalText(value);
        expect(isCanonical(text)).toBe(true);
        expect(canonicalText(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

describe("I3 one value has one base64url text", () => {
  it("I3 property: there and back, as Node writes it", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = toBase64url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64url"));
        expect([...fromBase64url(text)]).toEqual([...bytes]);
      }),
    );
  });
  it.each(["A", "AB", "AAB", "AA==", "A+", "A/", "Á", "AA A", "AAAAA"])("I3 refuses %s", (text) => {
    expect(() => fromBase64url(text)).toThrow(RecordError);
  });
  it("I3 property: what it takes, it writes back the same", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."AQgw_-9z+".split("")) }), (text) => {
        let bytes: Uint8Array;
        try {
          bytes = fromBase64url(text);
        } catch {
          return;
        }
        expect(toBase64url(bytes)).toBe(text);
      }),
    );
  });
});
