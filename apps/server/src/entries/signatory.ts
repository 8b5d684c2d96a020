import { authorOf, verifySignature, type ParsedEntry, type Primitives } from "@lientuyen/record";
import type { KnownDirectory } from "../directory/directory.ts";
import type { Signatory } from "./verdict.ts";

/** Whose key this is; undefined where no certificate names it. */
export const signatoryOf = (
  directory: KnownDirectory,
  entry: ParsedEntry,
): Signatory | undefined => {
  const { key, log } = entry.header;
  const certificate = directory.server.certificate.get(key);
  if (certificate !== undefined && log.startsWith("directory/"))
    return { by: "server", publicKey: certificate, use: "certificate" };
  if (log === "installation") return rootOf(directory, entry);
  const known = directory.view.keys.get(key);
  const author = authorOf(directory.view, key);
  if (known === undefined || author === undefined) return undefined;
  return {
    by: "person",
    author,
    publicKey: known.publicKey,
    confirmed: known.confirmed,
    disowned: known.disowned !== undefined,
  };
};

/** The very first entry names the root key itself. */
const rootOf = (directory: KnownDirectory, entry: ParsedEntry): Signatory | undefined => {
  const known = directory.server.root.get(entry.header.key);
  if (known !== undefined) return { by: "server", publicKey: known, use: "root" };
  if (directory.server.founded || entry.header.kind !== "installationFounded") return undefined;
  const { body } = entry;
  const named =
    typeof body === "object" && body !== null && "rootKey" in body ? body.rootKey : undefined;
  return typeof named === "string" ? { by: "server", publicKey: named, use: "root" } : undefined;
};

/** Remembers what was verified, so that a retried transaction does not verify again. */
export type Verified = Map<string, Promise<boolean>>;

export const isSigned = (
  primitives: Primitives,
  verified: Verified,
  entry: ParsedEntry,
  publicKey: string,
): Promise<boolean> => {
  const name = `${publicKey} ${entry.hash} ${entry.sig}`;
  const known = verified.get(name);
  if (known !== undefined) return known;
  const checking = verifySignature(primitives, entry, publicKey);
  verified.set(name, checking);
  return checking;
};
