import { call, protocol, type ErrorCode, type FeedItem, type Me } from "@lientuyen/api";
import {
  fromBase64url,
  installationFactOf,
  parseEntry,
  toBase64url,
  uuidv7,
  verifySignature,
  type Bytes,
  type ParsedEntry,
  type Primitives,
} from "@lientuyen/record";
import { fingerprint, sealBatch, webPrimitives } from "@lientuyen/sync";
import type { GateParts } from "./browser.ts";
import { strict, type Database, type StoredFacility } from "./database.ts";
import { keepPerson, type OpenedPerson } from "./people.ts";
import {
  importSigningKey,
  makeSigningKey,
  randomBytes,
  signWith,
  storeKeysOf,
  utf8,
} from "./vault.ts";

export interface EnrolParts extends GateParts {
  readonly db: Database;
  readonly me: Me;
  readonly csrf: string;
  readonly secret: string;
}

type Failure = { readonly ok: false; readonly error: ErrorCode | "offline" };
export type Enrolled = { readonly ok: true; readonly person: OpenedPerson } | Failure;

/**
 * A person's first time on this device, or a new PIN after the old one was forgotten: a new signing key, certified
 * by the server, and the facility's store secret, both wrapped under the chosen secret. Online only.
 */
export const enrol = async (parts: EnrolParts): Promise<Enrolled> => {
  const { crypto, me } = parts;
  const way = { fetch: parts.fetch, base: parts.base, protocol, csrf: parts.csrf };
  const listed = await call("serverKeys", {}, way);
  if (!listed.ok) return listed;
  const server = await readServerKeys(webPrimitives(crypto.subtle), listed.value.entries);
  if (server === undefined) return { ok: false, error: "internal" };
  const device = await deviceIdOf(parts);
  const scope = `${me.facility}.${server.root.slice(0, 8)}`;

  const store = await storeSecretFor(parts, scope);
  if (!store.ok) return store;
  const { publicKey, pkcs8 } = await makeSigningKey(crypto);
  const signing = await importSigningKey(crypto, pkcs8.slice());
  const proof = await signWith(crypto, signing, utf8(`lientuyen-enrol|${device}|${me.person}`));
  const certified = await call(
    "enrolKey",
    {
      in: {
        publicKey: toBase64url(publicKey),
        device,
        deviceName: parts.deviceName,
        proof: toBase64url(proof),
      },
    },
    way,
  );
  if (!certified.ok) return certified;

  const facility: StoredFacility = {
    scope,
    facility: me.facility,
    root: server.root,
    transport: certified.value.transport,
    sealingKey: server.sealingKey,
    recovery: await sealForRecovery(parts, server.sealingKey, device, store.secret),
  };
  const key = await fingerprint(crypto.subtle, publicKey);
  const stored = await keepPerson(
    parts,
    { me, scope, key, publicKey, storeSecret: store.secret, pkcs8 },
    parts.secret,
    facility,
  );
  pkcs8.fill(0);
  const keys = await storeKeysOf(crypto, store.secret);
  // Asked for now, by the click that just was: later the browser may not ask.
  await parts.storage?.persist();
  return { ok: true, person: { stored, keys, signing } };
};

export const deviceIdOf = async (
  parts: Pick<EnrolParts, "db" | "now" | "crypto">,
): Promise<string> => {
  const known = await parts.db.get("device", "id");
  if (known !== undefined) return known;
  const id = uuidv7(parts.now(), randomBytes(parts.crypto, 10));
  const tx = parts.db.transaction("device", "readwrite", strict);
  await Promise.all([tx.store.put(id, "id"), tx.done]);
  return id;
};

/** A new store's secret, or that of the store which colleagues (or the same person before) have here. */
const storeSecretFor = async (
  parts: EnrolParts,
  scope: string,
): Promise<{ readonly ok: true; readonly secret: Bytes } | Failure> => {
  const facility = await parts.db.get("facilities", scope);
  if (facility === undefined) return { ok: true, secret: randomBytes(parts.crypto, 32) };
  const way = { fetch: parts.fetch, base: parts.base, protocol, csrf: parts.csrf };
  const opened = await call("openStoreSecret", { in: facility.recovery }, way);
  return opened.ok ? { ok: true, secret: fromBase64url(opened.value.secret) } : opened;
};

export const sealForRecovery = (
  parts: Pick<EnrolParts, "crypto" | "me">,
  sealingKey: string,
  device: string,
  secret: Bytes,
) =>
  sealBatch(
    parts.crypto.subtle,
    (length) => randomBytes(parts.crypto, length),
    sealingKey,
    JSON.stringify({ v: 1, facility: parts.me.facility, device, secret: toBase64url(secret) }),
  );

export interface ServerKeys {
  /** Fingerprint of the root key. */
  readonly root: string;
  /** Uncompressed point, base64url. */
  readonly sealingKey: string;
}

/** Root and sealing key as the installation's own log says, each signature checked. */
export const readServerKeys = async (
  p: Primitives,
  items: readonly FeedItem[],
): Promise<ServerKeys | undefined> => {
  const parsed = await Promise.all(items.map(({ entry }) => parseEntry(p, entry)));
  const facts = parsed.flatMap((answer) => {
    const fact = answer.ok
      ? installationFactOf(answer.entry.header.kind, answer.entry.body)
      : undefined;
    return answer.ok && fact?.ok === true ? [{ entry: answer.entry, fact: fact.fact }] : [];
  });
  const isSigned = (entry: ParsedEntry, rootKey: string) => verifySignature(p, entry, rootKey);
  for (const { entry, fact } of facts) {
    if (fact.kind !== "installationFounded") continue;
    const { rootKey } = fact.body;
    if (!(await isSigned(entry, rootKey))) continue;
    const retired = new Set(
      facts.flatMap((one) => (one.fact.kind === "serverKeyRetired" ? [one.fact.body.key] : [])),
    );
    for (const one of [...facts].reverse()) {
      if (one.fact.kind !== "serverKeyCertified" || one.fact.body.use !== "sealing") continue;
      if (retired.has(one.fact.body.key) || !(await isSigned(one.entry, rootKey))) continue;
      return { root: entry.header.key, sealingKey: one.fact.body.publicKey };
    }
  }
  return undefined;
};
