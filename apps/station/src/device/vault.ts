import type { Bytes } from "@lientuyen/record";

/**
 * Everything of this device that is a key. Two kinds:
 * - the *unlock key* of a person, from PIN or passphrase by Argon2id: wraps what only that person may use;
 * - the *store keys* of this device at a facility, from one random secret: encrypt everything on disk.
 * Raw secrets live in arrays that are wiped as soon as they have been imported.
 */

/**
 * AES-GCM: 12 bytes of IV, then the ciphertext. `about` says what the bytes are and where they lie, so that no two
 * can be exchanged on disk.
 */
export type Sealed = Bytes;

export interface ContentKey {
  seal(plain: Bytes, about: string): Promise<Sealed>;
  /** Throws where the bytes were changed or belong elsewhere. */
  open(sealed: Sealed, about: string): Promise<Bytes>;
}

export interface StoreKeys extends ContentKey {
  /** The key of one file. Opens nothing else, and whoever holds it does not hold the store's. */
  fileKey(file: string): Promise<ContentKey>;
  /** A name that tells nothing: HMAC of it, base64url, 22 characters. */
  tag(name: string): Promise<string>;
}

export type DeriveSecret = (secret: string, salt: Bytes) => Promise<Bytes>;

const text = new TextEncoder();
const readText = new TextDecoder("utf-8", { fatal: true });

export const utf8 = (value: string): Bytes => text.encode(value);
export const fromUtf8 = (bytes: Bytes): string => readText.decode(bytes);

export const sameBytes = (a: Bytes, b: Bytes): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);

export const randomBytes = (crypto: Crypto, length: number): Bytes =>
  crypto.getRandomValues(new Uint8Array(length));

const base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** First `characters` of the bytes in base64url: enough for a name, not meant to be read back. */
const shortName = (bytes: Bytes, characters: number): string => {
  let out = "";
  for (let at = 0; at < characters; at++) {
    const bit = at * 6;
    const two = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    out += base64url.charAt((two >> (10 - (bit & 7))) & 63);
  }
  return out;
};

const ivLength = 12;

const sealWith = async (crypto: Crypto, key: CryptoKey, plain: Bytes, about: string) => {
  const iv = randomBytes(crypto, ivLength);
  const algorithm = { name: "AES-GCM", iv, additionalData: utf8(about) };
  const data = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plain));
  const out = new Uint8Array(ivLength + data.length);
  out.set(iv);
  out.set(data, ivLength);
  return out;
};

const openWith = async (crypto: Crypto, key: CryptoKey, sealed: Sealed, about: string) => {
  const iv = sealed.subarray(0, ivLength);
  const algorithm = { name: "AES-GCM", iv, additionalData: utf8(about) };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.subarray(ivLength)));
};

/** Made out here, so that what it gives away remembers this one key and not what is around it. */
const contentKeyOf = (crypto: Crypto, key: CryptoKey): ContentKey => ({
  seal: (plain, about) => sealWith(crypto, key, plain, about),
  open: (sealed, about) => openWith(crypto, key, sealed, about),
});

/** The store's keys from its 32-byte secret; the secret is wiped. */
export const storeKeysOf = async (crypto: Crypto, secret: Bytes): Promise<StoreKeys> => {
  const root = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  secret.fill(0);
  const from = (info: string) => ({
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(32),
    info: utf8(info),
  });
  const contentKey = (info: string) =>
    crypto.subtle.deriveKey(from(info), root, { name: "AES-GCM", length: 256 }, false, [
      "encrypt",
      "decrypt",
    ]);
  const [content, names] = await Promise.all([
    contentKey("lientuyen store 1"),
    crypto.subtle.deriveKey(
      from("lientuyen names 1"),
      root,
      { name: "HMAC", hash: "SHA-256", length: 256 },
      false,
      ["sign"],
    ),
  ]);
  return {
    ...contentKeyOf(crypto, content),
    fileKey: async (file) => contentKeyOf(crypto, await contentKey(`lientuyen file 1|${file}`)),
    tag: async (name) =>
      shortName(new Uint8Array(await crypto.subtle.sign("HMAC", names, utf8(name))), 22),
  };
};

/** What a person's secret opens: one AES key, used for the two wrapped things below and nothing else. */
export const unlockKeyOf = async (
  crypto: Crypto,
  derive: DeriveSecret,
  secret: string,
  salt: Bytes,
): Promise<CryptoKey> => {
  const bytes = await derive(secret.normalize("NFC"), salt);
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  bytes.fill(0);
  return key;
};

export const wrap = (crypto: Crypto, unlockKey: CryptoKey, plain: Bytes, about: string) =>
  sealWith(crypto, unlockKey, plain, about);

/** undefined: the secret was wrong (or the bytes were changed, which cannot be told apart). */
export const unwrap = async (
  crypto: Crypto,
  unlockKey: CryptoKey,
  sealed: Sealed,
  about: string,
): Promise<Bytes | undefined> => {
  try {
    return await openWith(crypto, unlockKey, sealed, about);
  } catch {
    return undefined;
  }
};

const p256 = { name: "ECDSA", namedCurve: "P-256" } as const;

export interface NewSigningKey {
  /** Uncompressed point, 65 bytes. */
  readonly publicKey: Bytes;
  /** To be wrapped, then wiped by the caller. */
  readonly pkcs8: Bytes;
  readonly signing: CryptoKey;
}

/** Made extractable once, so that it can be wrapped; the key that goes on signing is not. */
export const makeSigningKey = async (crypto: Crypto): Promise<NewSigningKey> => {
  const pair = await crypto.subtle.generateKey(p256, true, ["sign", "verify"]);
  const [publicKey, pkcs8] = await Promise.all([
    crypto.subtle.exportKey("raw", pair.publicKey),
    crypto.subtle.exportKey("pkcs8", pair.privateKey),
  ]);
  const bytes = new Uint8Array(pkcs8);
  return {
    publicKey: new Uint8Array(publicKey),
    pkcs8: bytes,
    signing: await importSigningKey(crypto, bytes.slice()),
  };
};

/** Non-extractable; the bytes are wiped. */
export const importSigningKey = async (crypto: Crypto, pkcs8: Bytes): Promise<CryptoKey> => {
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, p256, false, ["sign"]);
  pkcs8.fill(0);
  return key;
};

export const signWith = async (crypto: Crypto, key: CryptoKey, message: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, message));

/** Six digits or more that are not one run or one digit, or a passphrase of twelve characters or more. */
export const isStrongEnough = (secret: string): boolean => {
  if (!/^\d+$/.test(secret)) return secret.trim().length >= 12;
  return secret.length >= 6 && !isRun(secret) && new Set(secret).size > 2;
};

const isRun = (digits: string): boolean =>
  [1, 9].some((step) =>
    Array.from(digits).every(
      (digit, at) => at === 0 || (Number(digits.charAt(at - 1)) + step) % 10 === Number(digit),
    ),
  );
