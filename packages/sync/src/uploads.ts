import { atLeastMs, reached, type Engine } from "./engine.ts";
import { again, backoffMs, chanceOf, failed, type Next } from "./loop.ts";
import { createPace } from "./meter.ts";
import { nextUpload } from "./outbox.ts";
import type { NetworkFailure, NetworkRefusal, UploadRow } from "./ports.ts";
import { uploadName } from "./store.ts";

/*
 * tus by hand: three requests (create, HEAD, PATCH). One chunk is one step of a loop, so that a more
 * urgent file goes first after any chunk, entries go before files, and a pause stops between chunks.
 */

const chunkBytes = { start: 65_536, least: 8_192, most: 1_048_576 };
/** A file damaged on the way is sent afresh so often before it is given up. */
const damagedAttempts = 3;
/** Codes after which the file may well be taken later: its case or the room for it is still to come. */
const notYet: ReadonlySet<string> = new Set(["not_found", "unknown_log", "retry_later", "storage_full", "strangers_case", "forbidden", "too_many"]);

export interface Uploader {
  readonly step: () => Promise<Next>;
  /** Bytes that the server holds of a file on its way. */
  readonly sentOf: (row: UploadRow) => number;
  readonly hurry: () => void;
}

export function createUploader(engine: Engine, entriesFirst: () => boolean): Uploader {
  const { store, network, clock, signal } = engine;
  const pace = createPace(chunkBytes);
  const waits = new Map<string, { readonly attempts: number; readonly dueAt: number }>();
  /** Offsets that this run has from the server itself; a row without one asks first. */
  const offsets = new Map<string, number>();
  const damaged = new Map<string, number>();
  const name = (row: UploadRow) => uploadName(row.log, row.hash);

  const put = async (row: UploadRow): Promise<Next> => {
    // Withheld in the meantime: nothing is sent any more.
    if (!store.uploads.has(name(row))) return again;
    const outcome = await store.transact(async () => ({ steps: [{ do: "putUpload", row }], value: undefined }));
    if (outcome.ok) engine.changed([row.log]);
    return outcome.ok ? again : failed;
  };

  const postpone = (row: UploadRow): Next => {
    const attempts = (waits.get(name(row))?.attempts ?? 0) + 1;
    waits.set(name(row), { attempts, dueAt: clock.elapsed() + backoffMs(attempts, chanceOf(engine.random)) });
    offsets.delete(name(row));
    return again;
  };

  const done = (row: UploadRow): Promise<Next> => {
    offsets.delete(name(row));
    return put({ ...row, state: "sent", offset: row.size, url: undefined });
  };

  const afresh = (row: UploadRow): Promise<Next> => {
    offsets.delete(name(row));
    return put({ ...row, url: undefined, offset: 0 });
  };

  const notTaken = (row: UploadRow, answer: NetworkFailure | NetworkRefusal): Promise<Next> | Next => {
    if (answer.result === "offline") {
      pace.broke();
      offsets.delete(name(row));
    }
    if (answer.result !== "refused") return { then: "failed", atLeastMs: atLeastMs(answer) };
    const times = (damaged.get(name(row)) ?? 0) + 1;
    if (answer.code === "file_hash_mismatch" && times < damagedAttempts) {
      damaged.set(name(row), times);
      return afresh(row);
    }
    return notYet.has(answer.code) ? postpone(row) : put({ ...row, state: "refused", code: answer.code });
  };

  const create = async (row: UploadRow): Promise<Next> => {
    const held = await network.filesHeld(row.log, signal);
    reached(engine, held);
    if (held.result === "ok" && held.held.includes(row.hash)) return done(row);
    if (held.result !== "ok" && held.result !== "refused") return notTaken(row, held);
    const created = await network.createUpload(row, signal);
    reached(engine, created);
    if (created.result !== "ok") return notTaken(row, created);
    offsets.set(name(row), 0);
    return put({ ...row, url: created.url, offset: 0 });
  };

  const ask = async (row: UploadRow, url: string): Promise<Next> => {
    const answer = await network.uploadOffset(url, signal);
    reached(engine, answer);
    if (answer.result === "gone") return afresh(row);
    if (answer.result !== "ok") return notTaken(row, answer);
    if (answer.offset > row.size) return afresh(row);
    offsets.set(name(row), answer.offset);
    return answer.offset === row.size ? done(row) : again;
  };

  const chunk = async (row: UploadRow, url: string, offset: number): Promise<Next> => {
    const bytes = await store.disk.readFile(row.log, row.hash, offset, Math.min(row.size, offset + pace.size()));
    // The bytes are gone from this device: there is nothing left to send.
    if (bytes === undefined || bytes.length === 0) return put({ ...row, state: "refused", code: "not_found" });
    const began = clock.elapsed();
    const answer = await network.sendChunk(url, offset, bytes, signal);
    const tookMs = clock.elapsed() - began;
    reached(engine, answer);
    if (answer.result === "gone") return afresh(row);
    // Perhaps the request before this one still holds the upload: a moment, then ask where it stands.
    if (answer.result === "moved") return postpone(row);
    if (answer.result !== "ok") return notTaken(row, answer);
    pace.took(tookMs);
    engine.meter.sent(bytes.length, tookMs);
    waits.delete(name(row));
    offsets.set(name(row), answer.offset);
    engine.changed();
    return answer.offset >= row.size ? done(row) : again;
  };

  const idle = (): Next => {
    const now = clock.elapsed();
    const next = Math.min(...[...waits.values()].map((wait) => wait.dueAt).filter((at) => at > now));
    return { then: "idle", ms: Number.isFinite(next) ? Math.max(next - now, 50) : undefined };
  };

  const isWaiting = (row: UploadRow): boolean => (waits.get(name(row))?.dueAt ?? 0) > clock.elapsed();

  return {
    sentOf: (row) => (row.state === "sent" ? row.size : (offsets.get(name(row)) ?? row.offset)),
    hurry: () => waits.clear(),
    step: async () => {
      // Entries are small and say more than any picture. The sender rings when it is done.
      if (entriesFirst()) return { then: "idle", ms: 1_000 };
      const row = nextUpload([...store.uploads.values()], isWaiting);
      if (row === undefined) return idle();
      if (row.url === undefined) return create(row);
      const offset = offsets.get(name(row));
      return offset === undefined ? ask(row, row.url) : chunk(row, row.url, offset);
    },
  };
}
