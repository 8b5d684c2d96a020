import { webcrypto } from "node:crypto";
import { fromBase64url, toBase64url } from "@lientuyen/record";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fingerprint, makeKeyPair, signerOf, webPrimitives } from "./primitives.ts";
import { makeSealingKeyPair, openBatch, sealBatch } from "./sealed.ts";

const { subtle } = webcrypto;
const random = (n: number) => webcrypto.getRandomValues(new Uint8Array(n));
const limit = 1_000_000;

test("S21 a sealed batch is opened by the server's sealing key, whatever it holds", async () => {
  const server = await makeSealingKeyPair(subtle, false);
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme" }), async (json) => {
      const batch = await sealBatch(subtle, random, toBase64url(server.publicKey), json);
      expect(await openBatch(subtle, server, batch, limit)).toEqual({ ok: true, json });
    }),
    { numRuns: 30 },
  );
});

test("S21 another key, one changed bit and a bomb open nothing", async () => {
  const server = await makeSealingKeyPair(subtle, false);
  const other = await makeSealingKeyPair(subtle, false);
  const batch = await sealBatch(subtle, random, toBase64url(server.publicKey), "x".repeat(100_000));
  const refused = { ok: false, code: "bad_request" };
  expect(await openBatch(subtle, other, batch, limit)).toEqual(refused);
  const bytes = fromBase64url(batch.sealed);
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  expect(await openBatch(subtle, server, { ...batch, sealed: toBase64url(bytes) }, limit)).toEqual(
    refused,
  );
  expect(await openBatch(subtle, server, { ...batch, ephemeral: "AAAA" }, limit)).toEqual(refused);
  expect(await openBatch(subtle, server, batch, 99_999)).toEqual({ ok: false, code: "too_large" });
});

test("S21 nothing of the text can be read in a sealed batch", async () => {
  const server = await makeSealingKeyPair(subtle, false);
  const { sealed } = await sealBatch(subtle, random, toBase64url(server.publicKey), "Giàng A Dế");
  expect(Buffer.from(sealed, "base64url").includes("Giàng")).toBe(false);
});

test("a signer over a key that cannot be exported signs what its public point verifies", async () => {
  const p = webPrimitives(subtle);
  const pair = await makeKeyPair(subtle, false);
  const signer = await signerOf(subtle, pair.privateKey, toBase64url(pair.publicKey));
  const message = p.encodeUtf8("lời khai");
  const signature = await signer.sign(message);
  expect(signature.length).toBe(64);
  expect(pair.publicKey.length).toBe(65);
  expect(signer.key).toBe(await fingerprint(subtle, pair.publicKey));
  expect(await p.verify(pair.publicKey, signature, message)).toBe(true);
  expect(await p.verify(pair.publicKey, signature, p.encodeUtf8("lời khác"))).toBe(false);
  expect(await p.verify(new Uint8Array(65), signature, message)).toBe(false);
});
