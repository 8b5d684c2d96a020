import type { EntryAnswer } from "@lientuyen/api";
import type { CheckedBatches, Receipt, SignedEntry } from "@lientuyen/record";
import { receiptFault, type Checked } from "./check.ts";
import { atLeastMs, reached, type Engine } from "./engine.ts";
import { arrived, serverKeysKnown } from "./feed.ts";
import { backoffMs, again, chanceOf, failed, type Next } from "./loop.ts";
import { createPace, likelyRatio } from "./meter.ts";
import { dependentsOf, mostEntries, planBatch, sendable } from "./outbox.ts";
import { waitsOn, type Doubtful, type Waits } from "./notYet.ts";
import type { HeldRow, OutboxRow, Step, StoredEntry } from "./ports.ts";
import type { Transaction } from "./store.ts";

/** Compressed bytes of one batch; over a satellite the way there and back alone takes most of two seconds. */
const batchBytes = {
  start: 32_768,
  least: 4_096,
  most: 262_144,
  quickMs: 5_500,
  slowMs: 11_000,
};
/** What failed sooner met no line: that says nothing of the size. */
const carriedMs = 1_000;
/** Views sent at once. */
const mostViews = 500;

export interface Sender {
  readonly step: () => Promise<Next>;
  /** Something could go now: files wait for it. */
  readonly hasWork: () => boolean;
  /** Compressed share of a character of the outbox. */
  readonly ratio: () => number;
  /** Forgets all waiting: try at once. */
  readonly hurry: () => void;
}

export function createSender(engine: Engine): Sender {
  const { store, clock, flags } = engine;
  const waits: Waits = new Map();
  const doubts = new Map<string, number>();
  const pace = createPace(batchBytes);
  let ratio = likelyRatio;
  let entries = mostEntries;

  const isWaiting = (hash: string): boolean => (waits.get(hash)?.dueAt ?? 0) > clock.elapsed();
  const limits = () => ({ waits: isWaiting, reoffer: flags.caughtUp });
  const rows = () => [...store.outbox.values()];

  const send = async (batch: readonly OutboxRow[]): Promise<Next> => {
    const stored = new Map(
      (await store.disk.readEntries(batch.map((row) => row.hash))).map((row) => [row.hash, row]),
    );
    const signed = batch.flatMap((row): SignedEntry[] => {
      const entry = stored.get(row.hash)?.signed;
      return entry === undefined ? [] : [entry];
    });
    const wasOnline = flags.online !== false;
    const began = clock.elapsed();
    const earlier = earlierReceipts(batch, stored);
    const answer = await engine.network.postEntries(signed, engine.signal, earlier);
    const tookMs = clock.elapsed() - began;
    reached(engine, answer);
    if (answer.result === "offline" && wasOnline && tookMs > carriedMs) pace.broke();
    if (answer.result === "refused") return wholeRefused(batch, answer.code, answer.detail);
    if (answer.result !== "ok") return { then: "failed", atLeastMs: atLeastMs(answer) };
    const size = batch.reduce((sum, row) => sum + row.size, 0);
    ratio = ratio * 0.7 + 0.3 * Math.min(1, answer.sentBytes / Math.max(size, 1));
    engine.meter.sent(answer.sentBytes, tookMs);
    // A batch that the outbox could not fill says nothing against larger ones.
    if (size * ratio > pace.size() / 2 || tookMs > 2_000) pace.took(tookMs);
    entries = Math.min(mostEntries, entries * 2);
    return settle(batch, stored, answer.answers);
  };

  const settle = async (
    batch: readonly OutboxRow[],
    stored: ReadonlyMap<string, StoredEntry>,
    answers: readonly EntryAnswer[],
  ): Promise<Next> => {
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    const faults = await faultyReceipts(engine, batch, byId);
    const outcome = await store.transact(() =>
      settleSteps(engine, { batch, stored, byId, faults, waits, doubts }),
    );
    // Where the disk is full the server has the entries all the same; the next try gets the same receipts.
    if (!outcome.ok) return failed;
    noteOutcome(engine, waits, outcome.value);
    return again;
  };

  /** The request as a whole was not understood: halved until the one that is to blame stands alone. */
  const wholeRefused = async (
    batch: readonly OutboxRow[],
    code: string,
    detail: string | undefined,
  ): Promise<Next> => {
    const [only] = batch;
    if (batch.length > 1 || only === undefined) {
      entries = Math.max(1, Math.floor(batch.length / 2));
      return again;
    }
    const outcome = await store.transact(async () => {
      const steps = refusalSteps(
        engine,
        [{ row: only, state: "refused", code, detail }],
        store.outbox,
      );
      return { steps, value: undefined };
    });
    return outcome.ok ? again : failed;
  };

  const idle = async (): Promise<Next> => {
    if (store.views.size > 0) return sendViews(engine);
    const due = rows().flatMap((row) => waits.get(row.hash)?.dueAt ?? []);
    const now = clock.elapsed();
    const next = Math.min(...due.filter((at) => at > now));
    // What came due between planning and here would otherwise be slept over.
    if (sendable(rows(), limits()).length > 0) return again;
    return { then: "idle", ms: Number.isFinite(next) ? Math.max(next - now, 50) : undefined };
  };

  return {
    ratio: () => ratio,
    hasWork: () => sendable(rows(), limits()).length > 0,
    hurry: () =>
      waits.forEach((wait, hash) => waits.set(hash, { attempts: wait.attempts, dueAt: 0 })),
    step: async () => {
      const lost = await dropTargetless(engine);
      if (lost === "full") return failed;
      const batch = planBatch(rows(), { ...limits(), size: pace.size() / ratio, entries });
      if (batch.length === 0) return idle();
      if (!(await serverKeysKnown(engine))) return failed;
      const sent = send(batch);
      engine.sending.now = sent.catch(() => undefined);
      return sent;
    },
  };
}

/** The most that one request may carry (packages/api `entries`). */
const mostEarlier = 2_000;

/** What a restored server has given before for what is offered to it again. */
function earlierReceipts(
  batch: readonly OutboxRow[],
  stored: ReadonlyMap<string, StoredEntry>,
): readonly Receipt[] {
  const receipts = batch.flatMap((row): readonly Receipt[] => {
    const entry = stored.get(row.hash);
    if (row.reoffer !== true || entry === undefined) return [];
    return [
      ...(entry.earlierReceipts ?? []),
      ...(entry.receipt === undefined ? [] : [entry.receipt]),
    ];
  });
  return receipts.slice(0, mostEarlier);
}

/** What was written on top of an entry after its refusal had come: it can only be refused as well. */
async function dropTargetless(engine: Engine): Promise<"ok" | "full"> {
  const { store } = engine;
  const refused = () =>
    new Set([...store.held.values()].flatMap((row) => (row.state === "refused" ? [row.hash] : [])));
  if (dependentsOf(refused(), [...store.outbox.values()]).length === 0) return "ok";
  const outcome = await store.transact(async () => ({
    steps: refusalSteps(engine, [], store.outbox, refused()),
    value: undefined,
  }));
  return outcome.ok ? "ok" : "full";
}

async function sendViews(engine: Engine): Promise<Next> {
  const views = [...engine.store.views.values()].slice(0, mostViews);
  const answer = await engine.network.postViews(views, engine.signal);
  reached(engine, answer);
  // A view that the server does not understand must not keep the others back for ever.
  if (answer.result !== "ok" && answer.result !== "refused")
    return { then: "failed", atLeastMs: atLeastMs(answer) };
  const outcome = await engine.store.transact(async () => ({
    steps: views.map((view): Step => ({ do: "dropView", id: view.id })),
    value: undefined,
  }));
  return outcome.ok ? again : failed;
}

/** Hashes whose receipt the server did not sign, or gave for another entry: they count as unanswered. */
async function faultyReceipts(
  engine: Engine,
  batch: readonly OutboxRow[],
  byId: ReadonlyMap<string, EntryAnswer>,
): Promise<ReadonlySet<string>> {
  const check = async (): Promise<Set<string>> => {
    const faulty = new Set<string>();
    const batches: CheckedBatches = new Map();
    await Promise.all(
      batch.map(async (row) => {
        const answer = byId.get(row.id);
        if (answer?.answer !== "received") return;
        if (
          (await receiptFault(
            engine.primitives,
            engine.book,
            answer.receipt,
            { hash: row.hash, header: row },
            batches,
          )) !== undefined
        )
          faulty.add(row.hash);
      }),
    );
    return faulty;
  };
  const faulty = await check();
  if (faulty.size === 0) return faulty;
  // Perhaps the server signs by a new key: ask for its keys once before believing the worse.
  return (await serverKeysKnown(engine, true)) ? check() : faulty;
}

interface Settlement extends Doubtful {
  readonly batch: readonly OutboxRow[];
  readonly stored: ReadonlyMap<string, StoredEntry>;
  readonly faults: ReadonlySet<string>;
}

interface Outcome {
  readonly later: readonly string[];
  readonly settled: readonly string[];
  readonly logs: readonly string[];
  readonly receivedAt: string | undefined;
  readonly faults: number;
}

interface Refused {
  readonly row: OutboxRow;
  readonly state: HeldRow["state"];
  readonly code: string;
  readonly detail?: string | undefined;
}

async function settleSteps(engine: Engine, s: Settlement): Promise<Transaction<Outcome>> {
  const { store } = engine;
  const current = new Map(
    (await store.disk.readEntries(s.batch.map((row) => row.hash))).map((row) => [row.hash, row]),
  );
  const steps: Step[] = [];
  const refused: Refused[] = [];
  const later: string[] = [];
  let receivedAt: string | undefined;
  for (const row of s.batch) {
    // The feed may have brought it in the meantime.
    if (!store.outbox.has(row.hash)) continue;
    const answer = s.byId.get(row.id);
    const old = current.get(row.hash);
    if (old === undefined) {
      // An outbox row without its entry is nothing that could be sent.
      steps.push({ do: "dropOutbox", hash: row.hash });
    } else if (answer === undefined || s.faults.has(row.hash) || waitsOn(engine, row, answer, s)) {
      later.push(row.hash);
    } else if (answer.answer === "received") {
      const item: Checked = {
        hash: row.hash,
        signed: old.signed,
        receipt: answer.receipt,
        entry: undefined,
        fault: undefined,
      };
      const after = arrived(old, item, row);
      if (after !== undefined) steps.push({ do: "putEntry", row: after });
      steps.push({ do: "dropOutbox", hash: row.hash });
      receivedAt = answer.receipt.receivedAt;
    } else {
      refused.push({
        row,
        state: answer.answer === "quarantined" ? "quarantined" : "refused",
        code: answer.code,
        detail: answer.answer === "refused" ? answer.detail : undefined,
      });
    }
  }
  // What the server has just received rests on nothing refused, whatever it names.
  const received = new Set(steps.flatMap((step) => (step.do === "dropOutbox" ? [step.hash] : [])));
  const left = new Map([...store.outbox].filter(([hash]) => !received.has(hash)));
  steps.push(...refusalSteps(engine, refused, left));
  const settled = s.batch.flatMap((row) => (later.includes(row.hash) ? [] : [row.hash]));
  return {
    steps,
    value: {
      later,
      settled,
      logs: [...new Set(s.batch.map((row) => row.log))],
      receivedAt,
      faults: s.faults.size,
    },
  };
}

/** Refused rows leave the outbox and are kept with their code; so are those that rest on them. */
function refusalSteps(
  engine: Engine,
  refused: readonly Refused[],
  outbox: ReadonlyMap<string, OutboxRow>,
  before: ReadonlySet<string> = new Set(),
): Step[] {
  const at = new Date(engine.clock.now()).toISOString();
  const hold = ({ row, state, code, detail }: Refused): Step[] => [
    { do: "dropOutbox", hash: row.hash },
    // Nobody here is concerned when a restored server does not take back what others wrote.
    ...(row.reoffer === true && !engine.store.hasCounter(row.key)
      ? []
      : [
          {
            do: "putHeld",
            row: {
              hash: row.hash,
              id: row.id,
              log: row.log,
              kind: row.kind,
              state,
              code,
              detail,
              at,
            },
          } as const,
        ]),
  ];
  const gone = new Set([
    ...before,
    ...refused.flatMap(({ row, state }) => (state === "refused" ? [row.hash] : [])),
  ]);
  const own = new Set(refused.map(({ row }) => row.hash));
  const dependents = dependentsOf(gone, [...outbox.values()]).filter((row) => !own.has(row.hash));
  return [
    ...refused,
    ...dependents.map((row): Refused => ({ row, state: "refused", code: "target_refused" })),
  ].flatMap(hold);
}

function noteOutcome(engine: Engine, waits: Waits, outcome: Outcome): void {
  const now = engine.clock.elapsed();
  for (const hash of outcome.settled) waits.delete(hash);
  for (const hash of outcome.later) {
    const attempts = (waits.get(hash)?.attempts ?? 0) + 1;
    waits.set(hash, { attempts, dueAt: now + backoffMs(attempts, chanceOf(engine.random)) });
  }
  engine.flags.faults += outcome.faults;
  if (outcome.receivedAt !== undefined) engine.flags.lastArrivedAt = outcome.receivedAt;
  if (outcome.settled.length > 0) engine.bells.files.ring("work");
  engine.changed(outcome.logs);
}
