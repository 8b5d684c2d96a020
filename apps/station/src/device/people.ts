import type { Me } from "@lientuyen/api";
import type { Bytes } from "@lientuyen/record";
import { strict, type Database, type StoredFacility, type StoredPerson } from "./database.ts";
import type { EnrolledPerson } from "./gate.ts";
import {
  importSigningKey,
  randomBytes,
  storeKeysOf,
  unlockKeyOf,
  unwrap,
  wrap,
  type DeriveSecret,
  type StoreKeys,
} from "./vault.ts";

/** What a person's PIN opens. */
export interface OpenedPerson {
  readonly stored: StoredPerson;
  readonly keys: StoreKeys;
  readonly signing: CryptoKey;
}

export interface PeopleParts {
  readonly db: Database;
  readonly crypto: Crypto;
  readonly derive: DeriveSecret;
  readonly now: () => number;
}

export type Opened =
  | { readonly ok: true; readonly person: OpenedPerson }
  | { readonly ok: false; readonly why: "wrongSecret" | "tooMany"; readonly waitMs: number };

const storeAbout = (person: string) => `store secret of ${person}`;
const signingAbout = (person: string) => `signing key of ${person}`;

export const listPeople = async (db: Database): Promise<readonly StoredPerson[]> =>
  [...(await db.getAll("people"))].sort((a, b) => a.name.localeCompare(b.name, "vi"));

export const enrolledOf = (people: readonly StoredPerson[]): readonly EnrolledPerson[] =>
  people.map(({ person, name, account }) => ({ person, name, account }));

/**
 * Attempts beyond the fifth wait: 30 s, doubling to 15 min. It slows down whoever stands at the screen; whoever has
 * the disk is slowed down by Argon2id alone.
 */
export const waitAfter = (wrongAttempts: number): number =>
  wrongAttempts < 5 ? 0 : Math.min(30_000 * 2 ** (wrongAttempts - 5), 15 * 60_000);

const putPerson = async (db: Database, person: StoredPerson) => {
  const tx = db.transaction("people", "readwrite", strict);
  await Promise.all([tx.store.put(person, person.person), tx.done]);
};

export const openPerson = async (
  parts: PeopleParts,
  person: string,
  secret: string,
): Promise<Opened> => {
  const { db, crypto, derive, now } = parts;
  const stored = await db.get("people", person);
  if (stored === undefined) return { ok: false, why: "wrongSecret", waitMs: 0 };
  const left = Math.min(stored.notBeforeMs - now(), waitAfter(stored.wrongAttempts));
  if (left > 0) return { ok: false, why: "tooMany", waitMs: left };
  // Counted before it is tried: pulling the plug does not buy another attempt.
  const wrongAttempts = stored.wrongAttempts + 1;
  const waitMs = waitAfter(wrongAttempts);
  await putPerson(db, { ...stored, wrongAttempts, notBeforeMs: now() + waitMs });
  const unlockKey = await unlockKeyOf(crypto, derive, secret, stored.salt);
  const store = await unwrap(crypto, unlockKey, stored.storeKey, storeAbout(person));
  const pkcs8 = await unwrap(crypto, unlockKey, stored.signingKey, signingAbout(person));
  if (store === undefined || pkcs8 === undefined) return { ok: false, why: "wrongSecret", waitMs };
  await putPerson(db, { ...stored, wrongAttempts: 0, notBeforeMs: 0 });
  const [keys, signing] = await Promise.all([
    storeKeysOf(crypto, store),
    importSigningKey(crypto, pkcs8),
  ]);
  return { ok: true, person: { stored, keys, signing } };
};

export interface NewPerson {
  readonly me: Me;
  readonly scope: string;
  readonly key: string;
  readonly publicKey: Bytes;
  readonly storeSecret: Bytes;
  readonly pkcs8: Bytes;
}

/** Wraps both for the person, and keeps the facility's row beside it: one transaction. */
export const keepPerson = async (
  parts: PeopleParts,
  someone: NewPerson,
  secret: string,
  facility: StoredFacility,
): Promise<StoredPerson> => {
  const { db, crypto, derive } = parts;
  const { storeSecret, pkcs8, me, ...rest } = someone;
  const salt = randomBytes(crypto, 16);
  const unlockKey = await unlockKeyOf(crypto, derive, secret, salt);
  const [storeKey, signingKey] = await Promise.all([
    wrap(crypto, unlockKey, storeSecret, storeAbout(me.person)),
    wrap(crypto, unlockKey, pkcs8, signingAbout(me.person)),
  ]);
  const { person, facility: code, name, account } = me;
  const whose = { person, facility: code, name, account, me };
  const stored = {
    ...rest,
    ...whose,
    salt,
    storeKey,
    signingKey,
    wrongAttempts: 0,
    notBeforeMs: 0,
  };
  const tx = db.transaction(["people", "facilities"], "readwrite", strict);
  await Promise.all([
    tx.objectStore("people").put(stored, stored.person),
    tx.objectStore("facilities").put(facility, facility.scope),
    tx.done,
  ]);
  return stored;
};
