import {
  makeEntry,
  uuidv7,
  type Bytes,
  type Primitives,
  type SignedEntry,
  type Signer,
} from "@lientuyen/record";
import type { Subtle } from "../platform.ts";
import { makeKeyPair, signerOf } from "../primitives.ts";
import { createSync, type Sync } from "../sync.ts";
import type { EngineState } from "../state.ts";
import { createFastClock, seeded } from "./fastClock.ts";
import { createMemoryDisk, type MemoryDisk } from "./memoryDisk.ts";
import { doubleFacility, type ServerDouble } from "./serverDouble.ts";

/** A device with a person's certified key against the server double; `restart` is a power cut. */
export interface Station {
  readonly disk: MemoryDisk;
  readonly signer: Signer;
  sync(): Sync;
  restart(): Promise<void>;
  note(log: string, text?: string): Promise<string>;
  fact(log: string, kind: string, body: object): Promise<string>;
  /** Resolves when the state is as wanted; throws after five seconds. */
  until(wanted: (state: EngineState) => boolean): Promise<void>;
  readonly errors: unknown[];
}

export interface World<Key> {
  readonly subtle: Subtle<Key>;
  readonly primitives: Primitives;
  readonly random: (n: number) => Bytes;
}

/** How much faster than real the engine's clock runs. */
const factor = 200;
const patienceMs = 5_000;

declare const setTimeout: (then: () => void, ms: number) => unknown;
const pauseMs = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export async function until(holds: () => boolean, what = "it never came true"): Promise<void> {
  for (let waited = 0; waited < patienceMs; waited += 5) {
    if (holds()) return;
    await pauseMs(5);
  }
  throw new Error(what);
}

export async function openStation<Key>(
  world: World<Key>,
  server: ServerDouble,
  options: {
    readonly enrolled?: boolean;
    readonly offsetMs?: number;
    readonly started?: boolean;
  } = {},
): Promise<Station> {
  const pair = await makeKeyPair(world.subtle, false);
  const signer = await signerOf(world.subtle, pair.privateKey, pair.publicKey);
  if (options.enrolled !== false) await server.enrol(pair.publicKey);
  const disk = createMemoryDisk();
  const errors: unknown[] = [];
  const clock = createFastClock(factor, options.offsetMs ?? 0);
  const open = () =>
    createSync({
      disk: disk.open(),
      network: server.network,
      clock,
      random: world.random,
      primitives: world.primitives,
      onChange: () => undefined,
      onError: (error) => errors.push(error),
    });
  let sync = await open();
  if (options.started !== false) sync.start();
  const fact = async (log: string, kind: string, body: object): Promise<string> => {
    const answer = await sync.write({
      signer,
      log,
      facility: doubleFacility,
      facts: [{ kind, body }],
    });
    const [entry] = answer.ok ? answer.entries : [];
    if (entry === undefined) throw new Error("not written");
    return entry.hash;
  };
  return {
    disk,
    signer,
    errors,
    sync: () => sync,
    restart: async () => {
      disk.crash(() => 1);
      await sync.close();
      sync = await open();
      sync.start();
    },
    fact,
    note: (log, text = "ghi chú") => fact(log, "note", { text }),
    until: (wanted) => until(() => wanted(sync.state()), JSON.stringify(sync.state())),
  };
}

/** Numbers for keys' salts and ids that a seed repeats; the keys themselves are the platform's. */
export const seededBytes = (seed: number): ((n: number) => Bytes) => {
  const next = seeded(seed);
  return (n) => Uint8Array.from({ length: n }, () => Math.floor(next() * 256));
};

export const newCase = (world: { readonly random: (n: number) => Bytes }): string =>
  `case/${uuidv7(1_790_000_000_000, world.random(10))}`;

/** An entry by somebody whom the station does not know of. */
export async function entryBy<Key>(
  world: World<Key>,
  signer: Signer,
  log: string,
  kind: string,
  body: unknown,
  n = 1,
): Promise<{ readonly signed: SignedEntry; readonly hash: string }> {
  const made = await makeEntry(world.primitives, signer, {
    id: uuidv7(1_790_000_000_000, world.random(10)),
    log,
    kind,
    n,
    dir: "",
    at: "2026-11-22T15:40:00.000Z",
    after: [],
    body,
    salt: world.random(16),
  });
  return { signed: made.signed, hash: made.parsed.hash };
}
