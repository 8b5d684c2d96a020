import * as v from "valibot";

/** base64url SHA-256 without padding: 43 characters. Every reference between entries is one. */
export const Hash = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));
export type Hash = v.InferOutput<typeof Hash>;

/** UUID, lower case (entries and cases: version 7, made by the author). */
export const Uuid = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
);

/** MA_CSKCB: five characters, leading zeros kept. */
export const FacilityCode = v.pipe(v.string(), v.regex(/^[0-9A-Z]{5}$/));

/** RFC 3339 in UTC with milliseconds, e.g. 2026-11-22T15:40:00.000Z. */
export const Instant = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/));

/**
 * A log's name:
 * `case/<uuid>`, `directory/<facility code>`, `patient/<facility code>/<uuid>`, or `installation`
 * (the server's own keys).
 */
export const LogName = v.pipe(
  v.string(),
  v.regex(
    /^(case\/[0-9a-f-]{36}|directory\/[0-9A-Z]{5}|patient\/[0-9A-Z]{5}\/[0-9a-f-]{36}|installation)$/,
  ),
);

/** The signed part. Its RFC 8785 form is what the signature covers and what the entry hash is taken of. */
export const Header = v.strictObject({
  /** Format version. */
  v: v.literal(1),
  id: Uuid,
  log: LogName,
  kind: v.pipe(v.string(), v.regex(/^[a-z][A-Za-z]{1,39}$/)),
  /** Fingerprint of the signing key. */
  key: Hash,
  /** Counter of that key, from 1. */
  n: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** Chain hash of the last receipt of the author's own facility's directory that the author knew; "" before the first. */
  dir: v.union([Hash, v.literal("")]),
  /** The author's clock; never a reason to refuse. */
  at: Instant,
  /** Entry hashes that were the log's heads as the author saw it. */
  after: v.pipe(v.array(Hash), v.maxLength(64)),
  /** base64url SHA-256(16-byte salt ‖ canonical body bytes). */
  bodyHash: Hash,
});
export type Header = v.InferOutput<typeof Header>;

/** An entry as it is stored and sent: exact texts, never re-shaped. */
export const SignedEntry = v.strictObject({
  /** Canonical JSON text of the header. */
  header: v.pipe(v.string(), v.maxLength(8_000)),
  /** Canonical JSON text of the body; absent once withheld. */
  body: v.optional(v.pipe(v.string(), v.maxLength(200_000))),
  /** base64url, 16 bytes; absent once withheld. */
  salt: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/))),
  /** base64url, 64 bytes r‖s over the header's UTF-8 bytes. */
  sig: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{86}$/)),
});
export type SignedEntry = v.InferOutput<typeof SignedEntry>;

/** What the server noted when it took an entry in; closed list, shown on the timeline. */
export const Mark = v.picklist([
  "clockDoubtful", // stated time is after arrival or far before it
  "gap", // an `after` the server did not know on arrival
  "unconfirmedKey", // the key's certificate was not yet co-signed
  "noContract", // an emergency without a contract in force (Decree 96/2023 art. 87)
  "roleEnded", // the author's role had ended when the entry arrived
  "caseClosed", // written by someone who did not know that the case was closed
  "accessEnded", // the facility's part in the case had ended on arrival
  "released", // came out of quarantine
  "keyCloned", // the same counter of the same key with another entry
]);
export type Mark = v.InferOutput<typeof Mark>;

/** The server's signed answer to one entry. */
export const Receipt = v.strictObject({
  v: v.literal(1),
  log: LogName,
  /** Entry hash. */
  entry: Hash,
  /** Position in its log, from 1, without holes. */
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** The legal time. */
  receivedAt: Instant,
  marks: v.array(Mark),
  /** SHA-256(previous chain (32 zero bytes first) ‖ entry hash ‖ signature ‖ seq ‖ receivedAt ‖ marks); see SPEC.md. */
  chain: Hash,
  /**
   * One signature for a batch: over the canonical JSON `{"root":…,"size":…,"v":1}` where root is the
   * RFC 9162 tree head of the batch's chain values; `path` proves that this chain is leaf `index` of it.
   */
  batch: v.strictObject({
    index: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    size: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    path: v.pipe(v.array(Hash), v.maxLength(64)),
    key: Hash,
    sig: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{86}$/)),
  }),
});
export type Receipt = v.InferOutput<typeof Receipt>;
