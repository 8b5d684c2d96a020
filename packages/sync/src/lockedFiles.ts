import type { Bytes } from "@lientuyen/record";
import type { Pause } from "./engine.ts";
import { createBell, runLoop } from "./loop.ts";
import { createMeter } from "./meter.ts";
import { newStopper } from "./platform.ts";
import type { Clock, Network, Randomness, UploadRow } from "./ports.ts";
import { uploadName } from "./store.ts";
import { createUploader, type UploadEngine } from "./uploads.ts";

/** A file that had still to go when the screen was locked. */
export interface LockedFile {
  readonly row: UploadRow;
  /** Bytes [from, to); holds what opens this file and nothing else. */
  readonly read: (from: number, to: number) => Promise<Bytes | undefined>;
}

/** The files of one store that a locked device may still send. Lives in memory only. */
export interface LockedFiles {
  /** As they stand by now: what the next unlock writes into the store. */
  rows(): readonly UploadRow[];
  /** Files that have still to go. */
  left(): number;
  readonly store: UploadEngine["store"];
}

export function lockFiles(files: readonly LockedFile[]): LockedFiles {
  const uploads = new Map(files.map(({ row }) => [uploadName(row.log, row.hash), row]));
  const readers = new Map(files.map(({ row, read }) => [uploadName(row.log, row.hash), read]));
  const put = (row: UploadRow): void => {
    const name = uploadName(row.log, row.hash);
    uploads.set(name, row);
    // What has gone is opened no more.
    if (row.state !== "waiting") readers.delete(name);
  };
  return {
    rows: () => [...uploads.values()],
    left: () => readers.size,
    store: {
      uploads,
      disk: {
        readFile: async (log, hash, from, to) => readers.get(uploadName(log, hash))?.(from, to),
      },
      transact: async (build) => {
        const { steps, value } = await build();
        for (const step of steps) if (step.do === "putUpload") put(step.row);
        return { ok: true, value };
      },
    },
  };
}

export interface FileSender {
  nudge(): void;
  /** Twice is fine. */
  stop(): Promise<void>;
}

interface FileSenderPorts {
  readonly files: LockedFiles;
  /** Its requests carry the device's transport token. */
  readonly network: Pick<Network, "createUpload" | "uploadOffset" | "sendChunk">;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly entriesFirst: () => boolean;
  /** After each step forward. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/** Sends files while the screen is locked, by the same rules as the engine does. */
export function startFileSender(ports: FileSenderPorts): FileSender {
  const { files, network, clock, random, onChange, onError } = ports;
  const stopper = newStopper();
  const bell = createBell(clock);
  const pauses = new Set<Pause>();
  const uploader = createUploader(
    {
      store: files.store,
      // What a case holds is told to a signed-in person only; a file sent twice is kept once.
      network: { ...network, filesHeld: async () => ({ result: "ok", held: [] }) },
      clock,
      random,
      meter: createMeter(),
      flags: { pauses, online: undefined },
      bells: { files: bell },
      signal: stopper.signal,
      changed: onChange,
    },
    ports.entriesFirst,
  );
  const isPaused = () => pauses.size > 0;
  const ended = runLoop(
    { clock, random, bell, signal: stopper.signal, isPaused, onError },
    uploader.step,
  );
  return {
    nudge: () => {
      uploader.hurry();
      bell.ring("now");
    },
    stop: async () => {
      stopper.abort();
      await ended;
    },
  };
}
