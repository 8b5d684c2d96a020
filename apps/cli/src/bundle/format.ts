import {
  FileRef,
  LogName,
  parseCanonical,
  Receipt,
  SignedEntry,
  Uuid,
  type ParsedEntry,
} from "@lientuyen/record";
import * as v from "valibot";
import { Extent } from "./extent.ts";
import { TreeProofs } from "./tree.ts";

/** Raised by whatever an older verifier must not pass over in silence. */
export const bundleVersion = 1;
export const indexName = "bundle.json";
const folder = "files/";

const BundledEntry = v.strictObject({ entry: SignedEntry, receipt: Receipt });
export type BundledEntry = v.InferOutput<typeof BundledEntry>;

/** `bundle.json`; docs/verify.md is its description for others. */
export const Bundle = v.strictObject({
  format: v.literal("lientuyen-bundle"),
  v: v.literal(bundleVersion),
  case: Uuid,
  /** The installation's log, the directories and the case; each whole, in the order of its receipts. */
  logs: v.array(
    v.strictObject({ log: LogName, entries: v.pipe(v.array(BundledEntry), v.minLength(1)) }),
  ),
  extent: Extent,
  /** Absent where an entry had no place in the tree yet. */
  tree: v.optional(TreeProofs),
  /** Receipts from before a restore, of entries that were received again; absent where there are none. */
  earlier: v.optional(v.pipe(v.array(Receipt), v.minLength(1))),
});
export type Bundle = v.InferOutput<typeof Bundle>;

const Versioned = v.object({ format: v.literal("lientuyen-bundle"), v: v.number() });

export type ReadBundle =
  | { readonly ok: true; readonly bundle: Bundle }
  | { readonly ok: false; readonly why: "newer" | "malformed"; readonly detail: string };

const malformed = (detail: string): ReadBundle => ({ ok: false, why: "malformed", detail });

/** @param content bytes of `bundle.json`: UTF-8, in the canonical form, so that every reader sees the same */
export const readBundle = (content: Uint8Array): ReadBundle => {
  const value = readIndex(content);
  const versioned = v.safeParse(Versioned, value);
  if (versioned.success && versioned.output.v > bundleVersion)
    return { ok: false, why: "newer", detail: String(versioned.output.v) };
  const read = v.safeParse(Bundle, value);
  if (!read.success) return malformed(`${indexName}: ${v.getDotPath(read.issues[0]) ?? ""}`);
  const { logs } = read.output;
  const twice = logs.find(({ log }, i) => logs.findIndex((each) => each.log === log) !== i);
  return twice === undefined ? { ok: true, bundle: read.output } : malformed(twice.log);
};

const readIndex = (content: Uint8Array): unknown => {
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return parseCanonical(decoder.decode(content))?.value;
  } catch {
    return undefined;
  }
};

export const nameOfFile = (hash: string): string => `${folder}${hash}`;

/** The hash in a file's name; undefined for a name that no bundle holds, a path out of it among them. */
export const hashOfName = (name: string): string | undefined =>
  /^files\/([A-Za-z0-9_-]{43})$/.exec(name)?.[1];

const Adding = v.object({ file: FileRef });
const Correcting = v.object({ body: Adding });

/** The file that an entry adds, or that a correction of such an entry names again. */
export const fileNamedBy = ({ header, body }: ParsedEntry): FileRef | undefined => {
  if (header.kind === "fileAdded") {
    const read = v.safeParse(Adding, body);
    return read.success ? read.output.file : undefined;
  }
  const read = header.kind === "correction" ? v.safeParse(Correcting, body) : undefined;
  return read?.success === true ? read.output.body.file : undefined;
};
