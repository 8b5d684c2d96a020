import { toBase64url } from "./base64url.ts";
import { hashBody, hashText } from "./bytes.ts";
import { canonicalText } from "./canonical.ts";
import { Header, type SignedEntry } from "./entry.ts";
import type { Bytes, Primitives, Signer } from "./primitives.ts";
import { RecordError } from "./recordError.ts";
import type { ParsedEntry } from "./view.ts";
import * as v from "valibot";

export interface EntryParts {
  readonly id: string;
  readonly log: string;
  readonly kind: string;
  readonly n: number;
  readonly dir: string;
  readonly at: string;
  readonly after: readonly string[];
  readonly body: unknown;
  /** 16 random bytes. */
  readonly salt: Bytes;
}

/** Makes and signs one entry. Throws on parts that no entry can have (they are the program's own). */
export async function makeEntry(
  p: Primitives,
  signer: Signer,
  parts: EntryParts,
): Promise<{ readonly signed: SignedEntry; readonly parsed: ParsedEntry }> {
  if (parts.salt.length !== 16) throw new RecordError("out_of_range", "the salt has 16 bytes");
  const bodyText = canonicalText(parts.body);
  const header = v.parse(Header, {
    v: 1,
    id: parts.id,
    log: parts.log,
    kind: parts.kind,
    key: signer.key,
    n: parts.n,
    dir: parts.dir,
    at: parts.at,
    after: [...new Set(parts.after)].sort(),
    bodyHash: await hashBody(p, parts.salt, bodyText),
  });
  const headerText = canonicalText(header);
  const sig = toBase64url(await signer.sign(p.encodeUtf8(headerText)));
  const salt = toBase64url(parts.salt);
  const body: unknown = JSON.parse(bodyText);
  return {
    signed: { header: headerText, body: bodyText, salt, sig },
    parsed: { hash: await hashText(p, headerText), header, body, salt, sig, headerText, bodyText },
  };
}

/** UUID version 7 (RFC 9562) of a moment and 10 random bytes. */
export function uuidv7(atMs: number, random: Bytes): string {
  if (random.length !== 10 || !(atMs >= 0 && atMs < 2 ** 48))
    throw new RecordError("out_of_range", "a moment and 10 random bytes");
  const time = Math.floor(atMs).toString(16).padStart(12, "0");
  const rest = [...random].map((byte, i) => {
    if (i === 0) return (byte & 0x0f) | 0x70;
    return i === 2 ? (byte & 0x3f) | 0x80 : byte;
  });
  const hex = time + rest.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
