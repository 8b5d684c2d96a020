import type { EntryAnswer } from "@lientuyen/api";
import type { Engine } from "./engine.ts";
import { teachesKeys } from "./keyBook.ts";
import { opens } from "./outbox.ts";
import type { OutboxRow } from "./ports.ts";

/** How often an entry offered again is tried whose author's key the restored server has not got back. */
const reofferAttempts = 10;

export type Waits = Map<string, { readonly attempts: number; readonly dueAt: number }>;

/** What a batch's answers are judged by. */
export interface Doubtful {
  readonly byId: ReadonlyMap<string, EntryAnswer>;
  readonly waits: Waits;
  /** How often the feed had been read when an entry was first refused as nobody's. */
  readonly doubts: Map<string, number>;
}

/** Whether this answer means "not yet" for this row. */
export function waitsOn(engine: Engine, row: OutboxRow, answer: EntryAnswer, s: Doubtful): boolean {
  if (answer.answer === "later") return true;
  if (answer.answer !== "refused") return false;
  if (answer.code === "unknown_key") {
    // One's own key is certified at the next sign-in; an author's comes back with the directory.
    return row.reoffer === true
      ? (s.waits.get(row.hash)?.attempts ?? 0) < reofferAttempts || offersKeys(engine)
      : engine.store.hasCounter(row.key);
  }
  if (restIsMissing(engine, row, s) || mayBeRestored(engine, row, answer.code, s)) return true;
  // The opening of this very log has still to go: nothing can be known of it there.
  return (
    answer.code === "unknown_log" &&
    [...engine.store.outbox.values()].some(
      (other) =>
        other.log === row.log &&
        other.hash !== row.hash &&
        opens(other) &&
        s.byId.get(other.id)?.answer !== "refused",
    )
  );
}

/** Certificates that a restored server lost are still on their way to it. */
function offersKeys(engine: Engine): boolean {
  return [...engine.store.outbox.values()].some(
    ({ log, reoffer }) => reoffer === true && teachesKeys(log),
  );
}

/** What a server says of a case that it has lost with everything that gave access to it. */
const forgotten: ReadonlySet<string> = new Set(["strangers_case", "unknown_log"]);

/** Whether the server was restored, only the feed tells: what is new waits until that has been asked since the refusal. */
function mayBeRestored(engine: Engine, row: OutboxRow, code: string, s: Doubtful): boolean {
  if (row.reoffer === true || !forgotten.has(code)) return false;
  const { flags, bells } = engine;
  const since = s.doubts.get(row.hash) ?? flags.reads;
  s.doubts.set(row.hash, since);
  if (flags.reads >= since + 2) return false;
  bells.feed.ring("now");
  return true;
}

/**
 * A restored server says no to what it cannot understand yet: some of the log has still to be offered again, by this
 * device or another. With all of it there, it is asked once more.
 */
function restIsMissing(engine: Engine, row: OutboxRow, s: Doubtful): boolean {
  if (row.reoffer === true) return false;
  if (engine.flags.caughtUp && (s.waits.get(row.hash)?.attempts ?? 0) >= reofferAttempts)
    return false;
  const offered = ({ log, reoffer }: OutboxRow): boolean => log === row.log && reoffer === true;
  return [...engine.store.outbox.values()].some(offered);
}
