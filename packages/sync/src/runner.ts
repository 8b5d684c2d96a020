import { atLeastMs, reached, type Engine, type Shared } from "./engine.ts";
import { createReader } from "./feed.ts";
import { likelyRatio } from "./meter.ts";
import { runLoop, type Bell, type Next } from "./loop.ts";
import { newStopper } from "./platform.ts";
import { createSender } from "./sender.ts";
import type { UploadRow } from "./ports.ts";
import type { LineShare } from "./state.ts";
import { createUploader } from "./uploads.ts";

/** The four loops: sending, reading, files, listening. */
export interface Runner extends LineShare {
  start(): void;
  /** Breaks off what is under way; resolves when all loops have ended. */
  stop(): Promise<void>;
  /** For good. */
  close(): Promise<void>;
  /** Forgets what single entries and files wait for. */
  hurry(): void;
}

interface Running {
  readonly stop: () => void;
  readonly ended: Promise<unknown>;
}

export function createRunner(shared: Shared): Runner {
  let running: Running | undefined;
  let parts: (LineShare & { readonly hurry: () => void }) | undefined;
  let closed = false;
  const stop = async (): Promise<void> => {
    const was = running;
    running = undefined;
    was?.stop();
    await was?.ended;
  };
  return {
    start: () => {
      if (running !== undefined || closed) return;
      const stopper = newStopper();
      const begun = begin({ ...shared, signal: stopper.signal });
      parts = begun;
      running = { stop: () => stopper.abort(), ended: begun.ended };
    },
    stop,
    close: () => {
      closed = true;
      return stop();
    },
    hurry: () => parts?.hurry(),
    ratio: () => parts?.ratio() ?? likelyRatio,
    sentOf: (row: UploadRow) => parts?.sentOf(row) ?? row.offset,
  };
}

function begin(
  engine: Engine,
): LineShare & { readonly hurry: () => void; readonly ended: Promise<unknown> } {
  const { clock, random, bells, flags, signal, onError } = engine;
  const sender = createSender(engine);
  const uploader = createUploader(engine, sender.hasWork);
  const isPaused = () => flags.pauses.size > 0;
  const loop = (bell: Bell, step: () => Promise<Next>) =>
    runLoop({ clock, random, bell, signal, isPaused, onError }, step);
  const ended = Promise.all([
    loop(bells.send, sender.step),
    loop(bells.feed, createReader(engine)),
    loop(bells.files, uploader.step),
    loop(bells.wake, () => listen(engine)),
  ]);
  const hurry = (): void => {
    sender.hurry();
    uploader.hurry();
  };
  return { ended, hurry, ratio: sender.ratio, sentOf: uploader.sentOf };
}

/** Listens for the server's wake; while nobody wakes us the reader asks by itself. */
async function listen(engine: Engine): Promise<Next> {
  const { flags, bells } = engine;
  const ended = await engine.network.wake(() => {
    flags.wakeStands = true;
    reached(engine, { result: "ok" });
    bells.feed.ring("now");
  }, engine.signal);
  const stood = flags.wakeStands;
  flags.wakeStands = false;
  if (ended.result === "ended") return { then: "idle", ms: stood ? 0 : 1_000 };
  // A listener that breaks off says little of the line: requests say whether it stands.
  if (ended.result !== "offline") reached(engine, ended);
  if (stood) bells.feed.ring("work");
  return { then: "failed", atLeastMs: ended.result === "refused" ? 60_000 : atLeastMs(ended) };
}
