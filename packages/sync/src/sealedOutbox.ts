import type { EntryAnswer } from "@lientuyen/api";
import type { SignedEntry } from "@lientuyen/record";
import type { Engine } from "./engine.ts";
import { again, createBell, failed, runLoop, type Next } from "./loop.ts";
import { mostEntries, sendable } from "./outbox.ts";
import { newStopper, type Subtle } from "./platform.ts";
import type { Clock, Network, Randomness, SealedBatch } from "./ports.ts";
import { sealBatch } from "./sealed.ts";

/** Characters of one sealed batch before it is packed; the server takes 8 MB of sealed text. */
const mostCharacters = 1_000_000;

/** Seals what waits, in the order in which it would go. The outbox itself stays: sent twice is received once. */
export async function sealOutbox<Key>(
  engine: Engine,
  subtle: Subtle<Key>,
): Promise<readonly SealedBatch[] | undefined> {
  const recipient = engine.book.sealingKey();
  if (recipient === undefined) return undefined;
  const { store } = engine;
  const rows = sendable([...store.outbox.values()], { waits: () => false, reoffer: false });
  const stored = new Map(
    (await store.disk.readEntries(rows.map((row) => row.hash))).map((row) => [row.hash, row]),
  );
  const batches: SignedEntry[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const entry = stored.get(row.hash)?.signed;
    if (entry === undefined) continue;
    const last = batches.at(-1);
    if (last === undefined || last.length >= mostEntries || size + row.size > mostCharacters) {
      batches.push([entry]);
      size = row.size;
    } else {
      last.push(entry);
      size += row.size;
    }
  }
  return Promise.all(
    batches.map((entries) =>
      sealBatch(subtle, engine.random, recipient.publicKey, JSON.stringify({ entries })),
    ),
  );
}

/** Where sealed batches lie while the screen is locked: readable without any key, sealed all the same. */
export interface SealedRows {
  list(): Promise<readonly { readonly id: string; readonly batch: SealedBatch }[]>;
  drop(id: string): Promise<void>;
}

export interface SealedSender {
  /** Batches that have still to go. */
  left(): number;
  nudge(): void;
  /** Twice is fine. */
  stop(): Promise<void>;
}

interface SealedPorts {
  readonly rows: SealedRows;
  readonly network: Pick<Network, "postSealed">;
  readonly clock: Clock;
  readonly random: Randomness;
  /** The device's transport token (enrolKey). */
  readonly transport: string;
  readonly onChange: (left: number) => void;
  readonly onError?: (error: unknown) => void;
}

/**
 * Sends sealed batches while the screen is locked. A batch goes when each of its entries has an answer other
 * than `later`; receipts and refusals are read again at unlock, when the outbox offers the same entries.
 */
export function startSealedSender(ports: SealedPorts): SealedSender {
  const { rows, network, clock, random } = ports;
  const stopper = newStopper();
  const bell = createBell(clock);
  const gone = new Set<string>();
  let left = 0;

  const isLeft = (answers: readonly EntryAnswer[]) =>
    answers.some((answer) => answer.answer === "later");
  const step = async (): Promise<Next> => {
    const waiting = (await rows.list()).filter((row) => !gone.has(row.id));
    if (waiting.length !== left) ports.onChange((left = waiting.length));
    const [first] = waiting;
    if (first === undefined) return { then: "idle" };
    const answer = await network.postSealed(first.batch, ports.transport, stopper.signal);
    // What the server can never open would block the rest; the outbox still holds it.
    if (answer.result === "refused" || (answer.result === "ok" && !isLeft(answer.answers))) {
      await rows.drop(first.id);
      return again;
    }
    if (answer.result !== "ok") return failed;
    gone.add(first.id);
    return again;
  };
  const ended = runLoop(
    {
      clock,
      random,
      bell,
      signal: stopper.signal,
      isPaused: () => false,
      onError: ports.onError ?? (() => undefined),
    },
    step,
  );
  return {
    left: () => left,
    nudge: () => bell.ring("now"),
    stop: async () => {
      stopper.abort();
      await ended;
    },
  };
}
