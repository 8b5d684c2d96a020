import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Bytes, Signer } from "@lientuyen/record";
import * as v from "valibot";
import { CannotStart } from "../config/cannotStart.ts";
import { bytesOf } from "./primitives.ts";

export const uses = ["root", "receipt", "certificate", "checkpoint", "sealing"] as const;
export type KeyUse = (typeof uses)[number];

const StoredKey = v.strictObject({
  /** PKCS #8, base64. */
  private: v.pipe(v.string(), v.base64(), v.maxLength(400)),
});
const StoredKeys = v.strictObject({
  v: v.literal(1),
  root: StoredKey,
  receipt: StoredKey,
  certificate: StoredKey,
  checkpoint: StoredKey,
  sealing: StoredKey,
});

/** The server's private keys as they lie in their file: readable by the owner alone. */
export type ServerKeys = v.InferOutput<typeof StoredKeys>;

/** One working key. */
export interface ServerKey extends Signer {
  /** Uncompressed point, base64url. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}
export type OpenKeys = Readonly<Record<KeyUse, ServerKey>>;

export const makeServerKeys = (): ServerKeys => {
  const make = (): { private: string } => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    return { private: privateKey.export({ format: "der", type: "pkcs8" }).toString("base64") };
  };
  return {
    v: 1,
    root: make(),
    receipt: make(),
    certificate: make(),
    checkpoint: make(),
    sealing: make(),
  };
};

/** Reads the keys, or makes them where there are none yet. */
export const keepServerKeys = async (path: string): Promise<ServerKeys> => {
  const text = await readFile(path, "utf8").catch(absent);
  if (text !== undefined) return readKeys(path, text);
  const keys = makeServerKeys();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(`${path}.new`, "w", 0o600);
  await file.writeFile(JSON.stringify(keys));
  await file.sync();
  await file.close();
  await rename(`${path}.new`, path);
  return keys;
};

const absent = (error: unknown): undefined => {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
};

const readKeys = (path: string, text: string): ServerKeys => {
  try {
    return v.parse(StoredKeys, JSON.parse(text));
  } catch {
    throw new CannotStart(
      `The server's keys in ${path} cannot be read; bring that file back from its backup.`,
    );
  }
};

export const openKeys = (keys: ServerKeys): OpenKeys => ({
  root: openKey(keys.root.private),
  receipt: openKey(keys.receipt.private),
  certificate: openKey(keys.certificate.private),
  checkpoint: openKey(keys.checkpoint.private),
  sealing: openKey(keys.sealing.private),
});

const openKey = (pkcs8: string): ServerKey => {
  const privateKey = createPrivateKey({
    key: Buffer.from(pkcs8, "base64"),
    format: "der",
    type: "pkcs8",
  });
  const { x = "", y = "" } = privateKey.export({ format: "jwk" });
  const point = Buffer.concat([
    Buffer.from([4]),
    Buffer.from(x, "base64url"),
    Buffer.from(y, "base64url"),
  ]);
  return {
    key: fingerprintOf(point),
    publicKey: point.toString("base64url"),
    privateKey,
    sign: (message) => signWith(privateKey, message),
  };
};

/** At once, as verifying: see `makePrimitives`. */
const signWith = async (key: KeyObject, message: Bytes): Promise<Bytes> =>
  bytesOf(sign("sha256", message, { key, dsaEncoding: "ieee-p1363" }));

/** base64url SHA-256 of the uncompressed point. */
export const fingerprintOf = (point: Uint8Array): string =>
  createHash("sha256").update(point).digest("base64url");
