import { RecordError } from "./recordError.ts";

/** Deeper than any body; a JSON bomb stops here instead of on the stack. */
const deepest = 64;

/**
 * RFC 8785 text of a JSON value. Written here, not taken from npm `canonicalize`: that one calls
 * String.isWellFormed, which Chrome 109 lacks, turns Date into text and drops `undefined`; both are
 * refused here. The tests hold the two against each other.
 */
export function canonicalText(value: unknown): string {
  return serialise(value, 0);
}

/** The text is its own canonical form: no duplicate keys, no lone surrogates, no other spelling. */
export function isCanonical(text: string): boolean {
  return parseCanonical(text) !== undefined;
}

/** The value of a canonical text, boxed because `null` is a value too; undefined where it is not canonical. */
export function parseCanonical(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return canonicalText(value) === text ? { value } : undefined;
  } catch (error) {
    if (error instanceof RecordError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function serialise(value: unknown, depth: number): string {
  if (depth > deepest) throw new RecordError("too_deep", "nested too deeply");
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return serialiseNumber(value);
  if (typeof value === "string") return serialiseString(value);
  if (Array.isArray(value)) return serialiseArray(value, depth);
  if (isPlainObject(value)) return serialiseObject(value, depth);
  throw new RecordError("not_json", `not a JSON value: ${typeof value}`);
}

function serialiseNumber(value: number): string {
  // ECMAScript's own shortest form is RFC 8785 section 3.2.2.3; -0 becomes 0.
  if (!Number.isFinite(value)) throw new RecordError("not_json", "not a finite number");
  return JSON.stringify(value);
}

function serialiseString(value: string): string {
  // With the u flag a pair is one code point, so this matches lone surrogates only.
  if (/\p{Surrogate}/u.test(value)) throw new RecordError("not_json", "lone surrogate");
  return JSON.stringify(value);
}

function serialiseArray(values: readonly unknown[], depth: number): string {
  // Array.from, so that a hole is seen as undefined and refused.
  return `[${Array.from(values, (value) => serialise(value, depth + 1)).join(",")}]`;
}

function serialiseObject(value: Readonly<Record<string, unknown>>, depth: number): string {
  // Default sort compares UTF-16 code units, as RFC 8785 section 3.2.3 asks.
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${serialiseString(key)}:${serialise(value[key], depth + 1)}`).join(",")}}`;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // The second test lets objects of another window or worker in.
  return (
    prototype === null ||
    prototype === Object.prototype ||
    Object.getPrototypeOf(prototype) === null
  );
}
