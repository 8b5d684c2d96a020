import { makeEntry, uuidv7, type ParsedEntry, type Signer, type Urgency } from "@lientuyen/record";
import type { Engine } from "./engine.ts";
import { tailOf } from "./feed.ts";
import { outboxRowOf } from "./outboxRow.ts";
import type { Step } from "./ports.ts";

/** A JSON body, or one that is made of the hashes of the facts before it in the same request, in their order. */
export interface NewFact {
  readonly kind: string;
  readonly body: object | ((earlier: readonly string[]) => object);
}

/** What is to be written: made, signed, stored and queued as one. */
export interface WriteRequest {
  readonly signer: Signer;
  readonly log: string;
  /** The author's own facility: its directory's last known receipt goes into the header. */
  readonly facility: string;
  /** Heads of the log as the author saw them (CaseView.heads); without them the heads that are stored here. */
  readonly after?: readonly string[] | undefined;
  readonly facts: readonly NewFact[];
  /** How urgent the case is now: what is urgent goes out first. */
  readonly urgency?: Urgency | undefined;
  /** Drafts, by their name on this disk, that become these entries: gone in the transaction that stores them. */
  readonly drafts?: readonly string[] | undefined;
}

export type WriteAnswer =
  | { readonly ok: true; readonly entries: readonly ParsedEntry[] }
  /** `away`: the case is not here whole, so nobody can have seen what would be written upon. */
  | { readonly ok: false; readonly why: "full" | "away" };

const ranks = { emergency: 0, urgent: 1, routine: 2 } as const;
export const rankOf = (urgency: Urgency | undefined): 0 | 1 | 2 => ranks[urgency ?? "routine"];

/** Resolves once entries, outbox and counter are durable together; on `full` no counter is used up. */
export async function write(engine: Engine, request: WriteRequest): Promise<WriteAnswer> {
  const { store } = engine;
  const outcome = await store.transact<readonly ParsedEntry[] | "away">(async () => {
    if ((await store.disk.readAway(request.log)) !== undefined) return { steps: [], value: "away" };
    const entries: ParsedEntry[] = [];
    const steps: Step[] = [];
    const dir = await knownDirectory(engine, request.facility);
    const rank = rankOf(request.urgency);
    let after = request.after ?? (await storedHeads(engine, request.log));
    let n = store.counter(request.signer.key);
    for (const { kind, body } of request.facts) {
      const now = engine.clock.now();
      n += 1;
      const { signed, parsed } = await makeEntry(engine.primitives, request.signer, {
        id: uuidv7(Math.max(0, now), engine.random(10)),
        log: request.log,
        kind,
        n,
        dir,
        at: new Date(now).toISOString(),
        after,
        body: typeof body === "function" ? body(entries.map((entry) => entry.hash)) : body,
        salt: engine.random(16),
      });
      const { hash } = parsed;
      const stored = { hash, log: request.log, signed };
      const row = outboxRowOf(stored, store.nextOrder());
      steps.push({ do: "putEntry", row: stored }, { do: "putOutbox", row: { ...row, rank } });
      entries.push(parsed);
      after = [hash];
    }
    if (entries.length > 0) steps.push({ do: "putCounter", key: request.signer.key, n });
    steps.push(...(request.drafts ?? []).map((name): Step => ({ do: "dropDraft", name })));
    return { steps, value: entries };
  });
  if (!outcome.ok) return { ok: false, why: "full" };
  if (outcome.value === "away") return { ok: false, why: "away" };
  engine.changed([request.log]);
  engine.bells.send.ring("work");
  return { ok: true, entries: outcome.value };
}

/** Chain value of the last receipt of the facility's directory that is here; "" before the first. */
async function knownDirectory(engine: Engine, facility: string): Promise<string> {
  const tail = await tailOf(engine, `directory/${facility}`);
  return tail.seq === 0 ? "" : tail.chain;
}

/** The most heads that a header may name. */
const mostHeads = 64;

/** Entries of the log that no other entry here comes after. */
async function storedHeads(engine: Engine, log: string): Promise<readonly string[]> {
  const rows = await engine.store.disk.readLog(log);
  const sound = rows.filter(
    (row) => row.fault === undefined || row.fault === "receipt" || row.fault === "chain",
  );
  const named = new Set(sound.flatMap((row) => afterOf(row.signed.header)));
  return sound
    .map((row) => row.hash)
    .filter((hash) => !named.has(hash))
    .slice(0, mostHeads);
}

function afterOf(header: string): readonly string[] {
  const value: unknown = JSON.parse(header);
  if (
    typeof value !== "object" ||
    value === null ||
    !("after" in value) ||
    !Array.isArray(value.after)
  )
    return [];
  return value.after.filter((hash): hash is string => typeof hash === "string");
}
