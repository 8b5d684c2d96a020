import { webcrypto } from "node:crypto";
import {
  makeEntry,
  toBase64url,
  uuidv7,
  type Author,
  type ParsedEntry,
  type Receipt,
  type SignedEntry,
  type Signer,
} from "@lientuyen/record";
import { fingerprint, makeKeyPair, signerOf, webPrimitives } from "@lientuyen/sync";
import type { SeedPerson } from "./network.ts";
import { bytesFrom, deviceId, personId } from "./random.ts";
import { openSession, type Session } from "./session.ts";

const { subtle } = webcrypto;
export const primitives = webPrimitives(subtle);

export interface Written {
  readonly signed: SignedEntry;
  readonly parsed: ParsedEntry;
}

export interface Fact {
  readonly kind: string;
  readonly body: unknown;
}

/** One of the demo's people with a key of their own, certified like any other. The key is forgotten after the seeding. */
export interface Pen {
  readonly author: Author;
  readonly key: string;
  readonly session: Session;
  readonly makeEntry: (
    log: string,
    fact: Fact,
    atMs: number,
    after: readonly string[],
  ) => Promise<Written>;
  /** The directory's chain as this author knows it. */
  readonly knowDirectory: (receipt: Receipt) => void;
}

const enrol = async (session: Session, person: SeedPerson): Promise<Signer> => {
  const { privateKey, publicKey } = await makeKeyPair(subtle, false);
  const signer = await signerOf(subtle, privateKey, publicKey);
  const device = deviceId(person.facility, person.device);
  const proof = await signer.sign(
    primitives.encodeUtf8(`lientuyen-enrol|${device}|${personId(person.account)}`),
  );
  const asked = {
    publicKey: toBase64url(publicKey),
    device,
    deviceName: person.device,
    proof: toBase64url(proof),
  };
  const { key } = await session.call("enrolKey", { in: asked });
  if (key !== (await fingerprint(subtle, publicKey)))
    throw new Error("the server certified another key");
  return signer;
};

/** Signs the person in and has a fresh key certified. */
export const openPen = async (base: string, person: SeedPerson, password: string): Promise<Pen> => {
  const session = await openSession(base, person.account, password);
  const signer = await enrol(session, person);
  let n = 0;
  let dir = "";
  return {
    author: {
      person: personId(person.account),
      facility: person.facility,
      device: deviceId(person.facility, person.device),
    },
    key: signer.key,
    session,
    knowDirectory: (receipt) => {
      if (receipt.log === `directory/${person.facility}`) dir = receipt.chain;
    },
    makeEntry: (log, { kind, body }, atMs, after) => {
      n += 1;
      const words = `${person.account} ${n}`;
      const id = uuidv7(atMs, bytesFrom(`id ${words}`, 10));
      const at = new Date(atMs).toISOString();
      return makeEntry(primitives, signer, {
        id,
        log,
        kind,
        n,
        dir,
        at,
        after,
        body,
        salt: bytesFrom(`salt ${words}`, 16),
      });
    },
  };
};
