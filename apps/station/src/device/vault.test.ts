import { webcrypto } from "node:crypto";
import { expect, test } from "vitest";
import { waitAfter } from "./people.ts";
import {
  fromUtf8,
  importSigningKey,
  isStrongEnough,
  makeSigningKey,
  randomBytes,
  signWith,
  storeKeysOf,
  unlockKeyOf,
  unwrap,
  utf8,
  wrap,
} from "./vault.ts";

const crypto = globalThis.crypto;

test("six digits or more that are no run and no pattern of two, or twelve characters", () => {
  for (const good of ["905713", "20042022", "đôi dép cũ của tôi"])
    expect(isStrongEnough(good), good).toBe(true);
  for (const weak of ["", "90571", "123456", "987654", "789012", "111111", "121212", "mười một ch"])
    expect(isStrongEnough(weak), weak).toBe(false);
});

test("sealed bytes open in their place and nowhere else", async () => {
  const secret = randomBytes(crypto, 32);
  const copy = secret.slice();
  const keys = await storeKeysOf(crypto, secret);
  expect(secret.every((byte) => byte === 0)).toBe(true);
  const sealed = await keys.seal(utf8("bí mật"), "here");
  expect(fromUtf8(await keys.open(sealed, "here"))).toBe("bí mật");
  await expect(keys.open(sealed, "there")).rejects.toMatchObject({ name: "OperationError" });
  const same = await storeKeysOf(crypto, copy);
  expect(fromUtf8(await same.open(sealed, "here"))).toBe("bí mật");
});

test("a name's tag is the same under one secret, another under another, and tells nothing", async () => {
  const secret = randomBytes(crypto, 32);
  const [one, again, other] = await Promise.all([
    storeKeysOf(crypto, secret.slice()),
    storeKeysOf(crypto, secret.slice()),
    storeKeysOf(crypto, randomBytes(crypto, 32)),
  ]);
  const tag = await one.tag("case/1");
  expect(tag).toMatch(/^[\w-]{22}$/);
  expect(await again.tag("case/1")).toBe(tag);
  expect(await other.tag("case/1")).not.toBe(tag);
  expect(await one.tag("case/2")).not.toBe(tag);
});

test("a wrong secret unwraps nothing", async () => {
  const derive = async (secret: string) =>
    new Uint8Array(await webcrypto.subtle.digest("SHA-256", utf8(secret)));
  const salt = randomBytes(crypto, 16);
  const right = await unlockKeyOf(crypto, derive, "905713", salt);
  const wrong = await unlockKeyOf(crypto, derive, "905714", salt);
  const sealed = await wrap(crypto, right, utf8("key"), "x");
  expect(await unwrap(crypto, wrong, sealed, "x")).toBeUndefined();
  expect(await unwrap(crypto, right, sealed, "y")).toBeUndefined();
  expect(await unwrap(crypto, right, sealed, "x")).toEqual(utf8("key"));
});

test("the signing key leaves the browser's hands once, and signs unextractable", async () => {
  const made = await makeSigningKey(crypto);
  const pkcs8 = made.pkcs8.slice();
  const signing = await importSigningKey(crypto, pkcs8);
  expect(pkcs8.every((byte) => byte === 0)).toBe(true);
  expect(signing.extractable).toBe(false);
  expect(made.signing.extractable).toBe(false);
  expect(await signWith(crypto, signing, utf8("text"))).toHaveLength(64);
});

test("five attempts are free; then the wait doubles to a quarter of an hour", () => {
  expect([0, 4, 5, 6, 7, 30].map(waitAfter)).toEqual([0, 0, 30_000, 60_000, 120_000, 900_000]);
});

test("a file's key opens that file's pieces and nothing else of the store", async () => {
  const keys = await storeKeysOf(crypto, randomBytes(crypto, 32));
  const [one, other] = await Promise.all([keys.fileKey("one"), keys.fileKey("other")]);
  const piece = await one.seal(utf8("ảnh"), "one:0");
  const again = await keys.fileKey("one");
  expect(fromUtf8(await again.open(piece, "one:0"))).toBe("ảnh");
  const wrong = { name: "OperationError" };
  await expect(one.open(piece, "one:1")).rejects.toMatchObject(wrong);
  await expect(other.open(piece, "one:0")).rejects.toMatchObject(wrong);
  await expect(keys.open(piece, "one:0")).rejects.toMatchObject(wrong);
  await expect(one.open(await keys.seal(utf8("ca"), "x"), "x")).rejects.toMatchObject(wrong);
});
