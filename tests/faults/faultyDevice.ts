import { createHash } from "node:crypto";
import { fromBase64url, toBase64url, type Signer, type Urgency } from "@lientuyen/record";
import { enrolAnswer, sessionOf, type TestSession } from "./session.ts";
import {
  createClock,
  createSync,
  httpNetwork,
  makeKeyPair,
  signerOf,
  type FilePriority,
  type Network,
  type Sync,
} from "@lientuyen/sync";
import { createFastClock, createMemoryDisk, type MemoryDisk } from "@lientuyen/sync/testing";
import { createCutLine, type CutLine } from "./cutLine.ts";
import { newUuid, primitives, randomBytes, subtle, type Person } from "./network.ts";

/** A person's device with the real engine, a disk that crashes like one, and a line that breaks. */
export interface FaultyDevice {
  readonly person: Person;
  readonly disk: MemoryDisk;
  readonly line: CutLine;
  readonly network: Network;
  /** Sends sealed batches while the screen is locked. */
  readonly transport: string;
  readonly signer: Signer;
  readonly sync: () => Sync;
  /** The whole profile on a second machine, signed in there. */
  readonly copy: () => Promise<FaultyDevice>;
  /** Signed in anew: a restored server knows no session. */
  readonly signIn: () => Promise<void>;
  /** Power cut, and started again on the same disk. */
  readonly restart: () => Promise<void>;
  /** Hashes, or undefined where the disk was full. */
  readonly write: (
    log: string,
    facts: readonly Fact[],
    urgency?: Urgency,
  ) => Promise<readonly string[] | undefined>;
  readonly addFile: (
    log: string,
    bytes: Uint8Array<ArrayBuffer>,
    priority: FilePriority,
  ) => Promise<{ readonly hash: string; readonly size: number; readonly type: string } | undefined>;
  readonly close: () => Promise<void>;
}

export interface Fact {
  readonly kind: string;
  readonly body: object;
}

/** The engine waits this much faster than it would, unless told. */
const usualFactor = 100;
const realTime = createClock({
  setTimeout,
  clearTimeout,
  now: () => Date.now(),
  elapsed: () => performance.now(),
});

export async function openDevice(
  /** The server's address, or which one each single request goes to. */
  url: string | (() => string),
  person: Person,
  next: () => number,
  clockOffsetMs: number,
  factor = usualFactor,
): Promise<FaultyDevice> {
  const door = typeof url === "string" ? () => url : url;
  const device = newUuid();
  const pair = await makeKeyPair(subtle, false);
  const signer = await signerOf(subtle, pair.privateKey, pair.publicKey);
  const session = await sessionOf(door(), person.account);
  const proof = toBase64url(
    await signer.sign(primitives.encodeUtf8(`lientuyen-enrol|${device}|${person.person}`)),
  );
  const enrolled = await enrolAnswer(door(), session, {
    publicKey: toBase64url(pair.publicKey),
    device,
    deviceName: person.account,
    proof,
  });
  const { transport } = enrolled;
  const profile = { disk: createMemoryDisk(), person, device, signer, transport };
  const opened = await openProfile({ profile, door, next, clockOffsetMs, factor, session });
  await opened.sync().takeIn(enrolled.entries);
  return opened;
}

/** What a browser's profile holds: whoever copies it has all of it. */
interface Profile {
  readonly disk: MemoryDisk;
  readonly person: Person;
  readonly device: string;
  readonly signer: Signer;
  readonly transport: string;
}

interface Machine {
  readonly profile: Profile;
  readonly door: () => string;
  readonly next: () => number;
  readonly clockOffsetMs: number;
  readonly factor: number;
  readonly session: TestSession;
}

async function openProfile(machine: Machine): Promise<FaultyDevice> {
  const { profile, door, next } = machine;
  const { disk, person, device, signer, transport } = profile;
  const line = createCutLine(next);
  let { session } = machine;
  const clock = createFastClock(machine.factor, machine.clockOffsetMs);
  const network = httpNetwork({
    baseUrl: "",
    fetch: (path, request) => line.fetch(door() + path, request),
    clock: realTime,
    primitives,
    device,
    csrf: () => session.csrf,
    headers: () => ({ cookie: session.cookie }),
  });
  const open = () =>
    createSync({
      disk: disk.open(),
      network,
      clock,
      random: randomBytes,
      primitives,
      onChange: () => undefined,
    });
  let sync = await open();
  sync.start();
  return {
    person,
    network,
    transport,
    disk,
    line,
    signer,
    sync: () => sync,
    signIn: async () => {
      session = await sessionOf(door(), person.account);
      sync.resume("signInNeeded");
    },
    copy: async () =>
      openProfile({
        ...machine,
        profile: { ...profile, disk: disk.copy() },
        session: await sessionOf(door(), person.account),
      }),
    restart: async () => {
      disk.crash(next);
      await sync.close();
      sync = await open();
      sync.start();
    },
    write: async (log, facts, urgency) => {
      const answer = await sync.write({ signer, log, facility: person.facility, facts, urgency });
      return answer.ok ? answer.entries.map((entry) => entry.hash) : undefined;
    },
    addFile: (log, bytes, priority) => addFile(sync, log, bytes, priority),
    close: () => sync.close(),
  };
}

async function addFile(
  sync: Sync,
  log: string,
  bytes: Uint8Array<ArrayBuffer>,
  priority: FilePriority,
): ReturnType<FaultyDevice["addFile"]> {
  const file = {
    hash: createHash("sha256").update(bytes).digest("base64url"),
    size: bytes.length,
    type: "image/jpeg",
  };
  const { hash, type } = file;
  const added = await sync.addFile({ log, hash, type, priority, content: new Blob([bytes]) });
  return added === "done" ? file : undefined;
}

/** A small picture that is one by its first bytes, and no other. */
export function picture(next: () => number, size: number): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from({ length: size }, () => Math.floor(next() * 256));
  bytes.set(fromBase64url("_9j_4AAQSkZJRgABAQAAAQABAAA"));
  return bytes;
}
