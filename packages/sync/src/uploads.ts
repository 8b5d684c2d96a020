import { atLeastMs, reached, type Engine, type LineTold } from "./engine.ts";
import { again, backoffMs, chanceOf, failed, type Next } from "./loop.ts";
import { createPace, type Pace } from "./meter.ts";
import { nextUpload } from "./outbox.ts";
import type { Disk, Network, NetworkFailure, NetworkRefusal, UploadRow } from "./ports.ts";
import { uploadName, type Store } from "./store.ts";

/*
 * tus by hand: three requests (create, HEAD, PATCH). One chunk is one step of a loop, so that a more
 * urgent file goes first after any chunk, entries go before files, and a pause stops between chunks.
 */

const chunkBytes = { start: 65_536, least: 8_192, most: 1_048_576 };
/** A file damaged on the way is sent afresh so often before it is given up. */
const damagedAttempts = 3;
/** Codes after which the file may well be taken later: its case or the room for it is still to come. */
const notYet: ReadonlySet<string> = new Set([
  "not_found",
  "unknown_log",
  "retry_later",
  "storage_full",
  "strangers_case",
  "forbidden",
  "too_many",
]);

export interface Uploader {
  readonly step: () => Promise<Next>;
  /** Bytes that the server holds of a file on its way. */
  readonly sentOf: (row: UploadRow) => number;
  readonly hurry: () => void;
}

/** What uploading needs of an engine: a locked device has no more than this. */
export interface UploadEngine
  extends Pick<Engine, "clock" | "random" | "meter" | "signal">, Pick<LineTold, "flags" | "bells"> {
  readonly store: Pick<Store, "uploads" | "transact"> & { readonly disk: Pick<Disk, "readFile"> };
  readonly network: Pick<Network, "filesHeld" | "createUpload" | "uploadOffset" | "sendChunk">;
  readonly changed: (logs?: readonly string[]) => void;
}

interface Uploading {
  readonly engine: UploadEngine;
  readonly pace: Pace;
  readonly waits: Map<string, { readonly attempts: number; readonly dueAt: number }>;
  /** Offsets that this run has from the server itself; a row without one asks first. */
  readonly offsets: Map<string, number>;
  readonly damaged: Map<string, number>;
}

const name = (row: UploadRow): string => uploadName(row.log, row.hash);

export function createUploader(engine: UploadEngine, entriesFirst: () => boolean): Uploader {
  const { store, clock } = engine;
  const pace = createPace(chunkBytes);
  const u: Uploading = {
    engine,
    pace,
    waits: new Map(),
    offsets: new Map(),
    damaged: new Map(),
  };
  const isWaiting = (row: UploadRow): boolean =>
    (u.waits.get(name(row))?.dueAt ?? 0) > clock.elapsed();
  return {
    sentOf: (row) => (row.state === "sent" ? row.size : (u.offsets.get(name(row)) ?? row.offset)),
    hurry: () => u.waits.clear(),
    step: async () => {
      // Entries are small and say more than any picture. The sender rings when it is done.
      if (entriesFirst()) return { then: "idle", ms: 1_000 };
      const row = nextUpload([...store.uploads.values()], isWaiting);
      if (row === undefined) return idle(u);
      if (row.url === undefined) return create(u, row);
      const offset = u.offsets.get(name(row));
      return offset === undefined ? ask(u, row, row.url) : sendNext(u, row, row.url, offset);
    },
  };
}

async function create(u: Uploading, row: UploadRow): Promise<Next> {
  const { network, signal } = u.engine;
  const held = await network.filesHeld(row.log, signal);
  reached(u.engine, held);
  if (held.result === "ok" && held.held.includes(row.hash)) return done(u, row);
  if (held.result !== "ok" && held.result !== "refused") return notTaken(u, row, held);
  const created = await network.createUpload(row, signal);
  reached(u.engine, created);
  if (created.result !== "ok") return notTaken(u, row, created);
  u.offsets.set(name(row), 0);
  return put(u, { ...row, url: created.url, offset: 0 });
}

async function ask(u: Uploading, row: UploadRow, url: string): Promise<Next> {
  const answer = await u.engine.network.uploadOffset(url, u.engine.signal);
  reached(u.engine, answer);
  if (answer.result === "gone") return afresh(u, row);
  if (answer.result !== "ok") return notTaken(u, row, answer);
  if (answer.offset > row.size) return afresh(u, row);
  u.offsets.set(name(row), answer.offset);
  return answer.offset === row.size ? done(u, row) : again;
}

async function sendNext(u: Uploading, row: UploadRow, url: string, offset: number): Promise<Next> {
  const { store, network, clock, meter, signal } = u.engine;
  const end = Math.min(row.size, offset + u.pace.size());
  const bytes = await store.disk.readFile(row.log, row.hash, offset, end);
  // The bytes are gone from this device: there is nothing left to send.
  if (bytes === undefined || bytes.length === 0)
    return put(u, { ...row, state: "refused", code: "not_found" });
  const began = clock.elapsed();
  const answer = await network.sendChunk(url, offset, bytes, signal);
  const tookMs = clock.elapsed() - began;
  reached(u.engine, answer);
  if (answer.result === "gone") return afresh(u, row);
  // Perhaps the request before this one still holds the upload: a moment, then ask where it stands.
  if (answer.result === "moved") return postpone(u, row);
  if (answer.result !== "ok") return notTaken(u, row, answer);
  u.pace.took(tookMs);
  meter.sent(bytes.length, tookMs);
  u.waits.delete(name(row));
  u.offsets.set(name(row), answer.offset);
  u.engine.changed();
  return answer.offset >= row.size ? done(u, row) : again;
}

function notTaken(
  u: Uploading,
  row: UploadRow,
  answer: NetworkFailure | NetworkRefusal,
): Promise<Next> | Next {
  if (answer.result === "offline") {
    u.pace.broke();
    u.offsets.delete(name(row));
  }
  if (answer.result !== "refused") return { then: "failed", atLeastMs: atLeastMs(answer) };
  const times = (u.damaged.get(name(row)) ?? 0) + 1;
  if (answer.code === "file_hash_mismatch" && times < damagedAttempts) {
    u.damaged.set(name(row), times);
    return afresh(u, row);
  }
  if (notYet.has(answer.code)) return postpone(u, row);
  return put(u, { ...row, state: "refused", code: answer.code });
}

async function put(u: Uploading, row: UploadRow): Promise<Next> {
  const { store, changed } = u.engine;
  const outcome = await store.transact(async () => ({
    // Withheld in the meantime: nothing is sent any more.
    steps: store.uploads.has(name(row)) ? [{ do: "putUpload", row }] : [],
    value: undefined,
  }));
  if (outcome.ok) changed([row.log]);
  return outcome.ok ? again : failed;
}

function postpone(u: Uploading, row: UploadRow): Next {
  const { clock, random } = u.engine;
  const attempts = (u.waits.get(name(row))?.attempts ?? 0) + 1;
  const dueAt = clock.elapsed() + backoffMs(attempts, chanceOf(random));
  u.waits.set(name(row), { attempts, dueAt });
  u.offsets.delete(name(row));
  return again;
}

function done(u: Uploading, row: UploadRow): Promise<Next> {
  u.offsets.delete(name(row));
  return put(u, { ...row, state: "sent", offset: row.size, url: undefined });
}

/** The server knows the upload no more, or has damaged bytes of it. */
function afresh(u: Uploading, row: UploadRow): Promise<Next> {
  u.offsets.delete(name(row));
  return put(u, { ...row, url: undefined, offset: 0 });
}

function idle(u: Uploading): Next {
  const now = u.engine.clock.elapsed();
  const due = [...u.waits.values()].map((wait) => wait.dueAt).filter((at) => at > now);
  const next = Math.min(...due);
  return { then: "idle", ms: Number.isFinite(next) ? Math.max(next - now, 50) : undefined };
}
