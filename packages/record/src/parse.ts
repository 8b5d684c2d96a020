import * as v from "valibot";
import { fromBase64url, isBase64url } from "./base64url.ts";
import { fingerprint, hashBody, hashText } from "./bytes.ts";
import { parseCanonical } from "./canonical.ts";
import { Header, type SignedEntry } from "./entry.ts";
import type { Primitives } from "./primitives.ts";
import type { ParsedEntry } from "./view.ts";

export type ParseFault = "not_canonical" | "bad_header" | "bad_body" | "body_hash_mismatch";
export type ParseAnswer =
  | { readonly ok: true; readonly entry: ParsedEntry }
  | { readonly ok: false; readonly code: ParseFault };

const refuse = (code: ParseFault): ParseAnswer => ({ ok: false, code });

/**
 * Reads an entry as it was sent. Says nothing of its signature (`verifySignature`) nor of its kind's
 * body (`bodyOf`): an unknown kind parses. Body and salt are both there or both gone (withheld).
 */
export async function parseEntry(p: Primitives, signed: SignedEntry): Promise<ParseAnswer> {
  const headerJson = parseCanonical(signed.header);
  if (headerJson === undefined || !isBase64url(signed.sig)) return refuse("not_canonical");
  const header = v.safeParse(Header, headerJson.value);
  if (!header.success) return refuse("bad_header");
  const { body: bodyText, salt, sig, header: headerText } = signed;
  const hash = await hashText(p, headerText);
  const read = { hash, header: header.output, sig, headerText };
  if (bodyText === undefined && salt === undefined)
    return { ok: true, entry: { ...read, body: undefined, salt: undefined, bodyText: undefined } };
  if (bodyText === undefined || salt === undefined) return refuse("bad_body");
  const bodyJson = isBase64url(salt) ? parseCanonical(bodyText) : undefined;
  if (bodyJson === undefined) return refuse("not_canonical");
  if (!isObject(bodyJson.value)) return refuse("bad_body");
  if ((await hashBody(p, fromBase64url(salt), bodyText)) !== header.output.bodyHash)
    return refuse("body_hash_mismatch");
  return { ok: true, entry: { ...read, body: bodyJson.value, salt, bodyText } };
}

/** The signature is of this key, over the exact header text, and the key is the one that the header names. */
export async function verifySignature(
  p: Primitives,
  entry: ParsedEntry,
  publicKey: string,
): Promise<boolean> {
  if (!isBase64url(publicKey) || !isBase64url(entry.sig)) return false;
  if ((await fingerprint(p, publicKey)) !== entry.header.key) return false;
  return p.verify(
    fromBase64url(publicKey),
    fromBase64url(entry.sig),
    p.encodeUtf8(entry.headerText),
  );
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
