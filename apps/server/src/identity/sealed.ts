import { createDecipheriv, createPublicKey, diffieHellman, hkdfSync } from "node:crypto";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import {
  SealedBatch,
  sealedInfo,
  sealedVersion,
  StoreSecret,
  type EntryAnswer,
} from "@lientuyen/api";
import * as v from "valibot";
import type { Core } from "../core.ts";
import { receive } from "../entries/cloned.ts";
import { isDeeperThan } from "../http/depth.ts";
import { Failure } from "../http/failure.ts";
import { spkiOf } from "./primitives.ts";
import type { ServerKey } from "./serverKeys.ts";
import type { Session } from "./sessions.ts";
import type { Transport } from "./transports.ts";

export interface Sealed {
  readonly ephemeral: string;
  readonly iv: string;
  readonly sealed: string;
}

/** Opens what a locked screen sealed (see `SealedBatch` in @lientuyen/api) and appends it. */
export const appendSealed = async (
  core: Core,
  transport: Transport,
  given: Sealed,
): Promise<readonly EntryAnswer[]> => {
  const batch = v.safeParse(SealedBatch, await open(core, given));
  if (!batch.success) throw new Failure("bad_request", "sealed");
  return receive(core, { facility: transport.facility }, batch.output.entries);
};

/** Gives a device's store secret back to somebody of the same facility who has just signed in. */
export const openStoreSecret = async (
  core: Core,
  session: Session,
  given: Sealed,
): Promise<string> => {
  const read = v.safeParse(StoreSecret, await open(core, given));
  if (!read.success) throw new Failure("bad_request", "sealed");
  const { facility, device, secret } = read.output;
  if (facility !== session.facility) throw new Failure("forbidden");
  const { view } = await core.database.asFacility(facility, (tx) => core.directory.current(tx));
  const disowned = view.facilities
    .get(facility)
    ?.devices.find((each) => each.device === device)?.disowned;
  if (disowned === true) throw new Failure("forbidden", "device");
  core.logbook.info("storeSecretOpened", { facility });
  return secret;
};

const inflate = promisify(gunzip);

/** One answer for whatever is wrong, so that nothing is learned from it; only a bomb says that it is one. */
const open = async (core: Core, given: Sealed): Promise<unknown> => {
  const content = decrypt(core.keys.sealing, given);
  if (content === undefined || content[0] !== sealedVersion)
    throw new Failure("bad_request", "sealed");
  try {
    const text = (
      await inflate(content.subarray(1), { maxOutputLength: core.limits.inflatedBytes })
    ).toString("utf8");
    if (isDeeperThan(core.limits.jsonDepth, text)) throw new Failure("too_deep");
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    if (error instanceof Failure) throw error;
    const bomb = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    throw new Failure(bomb ? "too_large" : "bad_request", "sealed");
  }
};

const tagBytes = 16;

const decrypt = (key: ServerKey, given: Sealed): Buffer | undefined => {
  const point = Buffer.from(given.ephemeral, "base64url");
  const sealed = Buffer.from(given.sealed, "base64url");
  if (sealed.length < tagBytes) return undefined;
  try {
    const publicKey = createPublicKey({ key: spkiOf(point), format: "der", type: "spki" });
    const shared = diffieHellman({ privateKey: key.privateKey, publicKey });
    const salt = Buffer.concat([point, Buffer.from(key.publicKey, "base64url")]);
    const secret = hkdfSync("sha256", shared, salt, sealedInfo, 32);
    const cipher = createDecipheriv(
      "aes-256-gcm",
      Buffer.from(secret),
      Buffer.from(given.iv, "base64url"),
    );
    cipher.setAuthTag(sealed.subarray(-tagBytes));
    return Buffer.concat([cipher.update(sealed.subarray(0, -tagBytes)), cipher.final()]);
  } catch {
    // Not a point, or not sealed to this key, or altered.
    return undefined;
  }
};
