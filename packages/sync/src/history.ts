import {
  isContinued,
  parseCheckpoint,
  verifyCheckpoint,
  type Checkpoint,
  type CheckpointFacts,
} from "@lientuyen/record";
import type { Engine } from "./engine.ts";
import type { HistoryAnswer, KeptHistory } from "./ports.ts";
import type { Store } from "./store.ts";

/** How often at most: one small question, and nothing of it is urgent. */
const pauseMs = 240_000;
/** More contradictions than this say nothing new; the first ones stay. */
const mostKept = 8;

/** Compares the server's history with what this device has seen of it; to be called whenever the feed is read to its end. */
export function createHistoryWatch(engine: Engine): () => Promise<void> {
  let askedAt: number | undefined;
  return async () => {
    const now = engine.clock.elapsed();
    if (askedAt !== undefined && now - askedAt < pauseMs) return;
    askedAt = now;
    const since = factsOf(engine.store.history()?.last)?.size ?? 0;
    const answer = await engine.network.getCheckpoint(since, engine.signal);
    // The feed's own requests say how the line is.
    if (answer.result === "ok" && !engine.signal.aborted) await compare(engine, answer);
  };
}

const factsOf = (checkpoint: Checkpoint | undefined): CheckpointFacts | undefined =>
  checkpoint === undefined ? undefined : parseCheckpoint(checkpoint.text);

async function compare(engine: Engine, { checkpoint, path }: HistoryAnswer): Promise<void> {
  const { store, primitives, book } = engine;
  const publicKey = book.checkpointKeyOf(checkpoint.key);
  const seen = factsOf(checkpoint);
  if (
    seen === undefined ||
    publicKey === undefined ||
    !(await verifyCheckpoint(primitives, checkpoint, publicKey))
  ) {
    engine.flags.faults += 1;
    engine.changed();
    return;
  }
  // The feed tells of a new epoch by itself; what was signed before it says nothing of it.
  if (seen.epoch !== store.place()?.epoch) return;
  const outcome = await store.transact(async () => {
    const next = await historyAfter(engine, store.history(), { checkpoint, path });
    return {
      steps: next === undefined ? [] : [{ do: "putHistory", history: next } as const],
      value: next !== undefined,
    };
  });
  if (outcome.ok && outcome.value) engine.changed();
}

/** What is kept after this checkpoint was seen; undefined where nothing changes. */
async function historyAfter(
  engine: Engine,
  kept: KeptHistory | undefined,
  { checkpoint, path }: HistoryAnswer,
): Promise<KeptHistory | undefined> {
  const seen = factsOf(checkpoint);
  const last = factsOf(kept?.last);
  if (seen === undefined || checkpoint.text === kept?.last.text) return undefined;
  if (kept === undefined || last === undefined)
    return { last: checkpoint, earlier: [], contradictions: [] };
  if (seen.epoch > last.epoch)
    return { ...kept, last: checkpoint, earlier: [...kept.earlier, kept.last] };
  const holds =
    seen.epoch === last.epoch &&
    path !== undefined &&
    (await isContinued(engine.primitives, last, seen, path));
  if (holds) return { ...kept, last: checkpoint };
  const known = kept.contradictions.some((one) => one.seen.text === checkpoint.text);
  if (known || kept.contradictions.length >= mostKept) return undefined;
  const contradictions = [...kept.contradictions, { kept: kept.last, seen: checkpoint }];
  return { ...kept, contradictions };
}

/** What the server last signed of its history in this epoch; undefined where it has contradicted itself in it. */
export function undisputed(store: Pick<Store, "history" | "place">): CheckpointFacts | undefined {
  const history = store.history();
  const last = factsOf(history?.last);
  return last?.epoch === store.place()?.epoch && !isContradicted(history) ? last : undefined;
}

/** The server has contradicted itself within the epoch that this device reads. */
export function isContradicted(history: KeptHistory | undefined): boolean {
  const epoch = factsOf(history?.last)?.epoch;
  return (history?.contradictions ?? []).some((one) => factsOf(one.kept)?.epoch === epoch);
}
