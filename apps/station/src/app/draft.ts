import { useCallback, useEffect, useRef, useState } from "react";
import * as v from "valibot";
import type { Device } from "../device/device.ts";
import { useDevice } from "../device/hooks.ts";

/** A write of typed text begins at most this long after the first key that it holds, however fast the next ones follow. */
const pauseMs = 250;

export type DraftState = "loading" | "untouched" | "saving" | "saved" | "failed";

export interface Draft<T> {
  readonly value: T;
  /** `saved` only once the device has said that it is on disk. */
  readonly state: DraftState;
  readonly set: (value: T) => void;
  /** Writes what waits, now. */
  readonly flush: () => Promise<void>;
  /** After it became an entry: the draft goes, the value stays on the screen until the caller changes it. */
  readonly discard: () => Promise<void>;
  /** After `sent` became an entry: empty for the next one. False, and nothing is changed, if something else was typed since. */
  readonly clear: (sent: T) => Promise<boolean>;
}

const open = new Set<() => Promise<void>>();

/** Writes every draft that waits: before locking, and when the page is hidden or left. */
export async function flushDrafts(): Promise<void> {
  await Promise.allSettled([...open].map((flush) => flush()));
}

addEventListener("pagehide", () => void flushDrafts());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") void flushDrafts();
});

/** One draft's writes, never two at a time; of values that wait the last one wins. */
class DraftWriter<T> {
  #waiting: { readonly value: T } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  readonly #device: Device;
  readonly #name: string;
  readonly #tell: (state: DraftState) => void;

  constructor(device: Device, name: string, tell: (state: DraftState) => void) {
    this.#device = device;
    this.#name = name;
    this.#tell = tell;
  }

  put(value: T): void {
    this.#waiting = { value };
    this.#tell("saving");
    // Not put off by the next key: whoever types without a pause is kept as well.
    this.#timer ??= setTimeout(() => void this.flush(), pauseMs);
  }

  readonly flush = (): Promise<void> => {
    this.#stopTimer();
    this.#running ??= this.#saveAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  };

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #saveAll(): Promise<void> {
    while (this.#waiting !== undefined) {
      const { value } = this.#waiting;
      this.#waiting = undefined;
      if (!(await this.#save(value))) return;
    }
  }

  async #save(value: T): Promise<boolean> {
    try {
      await this.#device.drafts.save(this.#name, value);
      if (this.#waiting === undefined) this.#tell("saved");
      return true;
    } catch {
      this.#waiting ??= { value };
      this.#tell("failed");
      return false;
    }
  }

  discard(): Promise<void> {
    this.#stopTimer();
    this.#waiting = undefined;
    return (this.#running ?? Promise.resolve())
      .then(() => this.#device.drafts.remove(this.#name))
      .then(() => this.#tell("untouched"));
  }
}

/**
 * A value that is kept while it is being typed, encrypted on this device, and is there again after a power cut.
 * `empty` must be the same object from call to call.
 */
export function useDraft<S extends v.GenericSchema>(
  name: string,
  schema: S,
  empty: v.InferOutput<S>,
): Draft<v.InferOutput<S>> {
  const device = useDevice();
  const [value, setValue] = useState(empty);
  const [state, setState] = useState<DraftState>("loading");
  const writer = useRef<DraftWriter<v.InferOutput<S>>>(undefined);
  const latest = useRef<v.InferOutput<S>>(empty);

  useEffect(() => {
    let stopped = false;
    const mine = new DraftWriter<v.InferOutput<S>>(device, name, (next) => {
      if (!stopped) setState(next);
    });
    writer.current = mine;
    open.add(mine.flush);
    const forget = device.drafts.beforeClosing(mine.flush);
    latest.current = empty;
    setValue(empty);
    setState("loading");
    void device.drafts.load(name).then((stored) => {
      if (stopped) return;
      const read = v.safeParse(schema, stored);
      // Whoever typed before the disk had answered typed the newer thing.
      if (read.success && latest.current === empty) {
        latest.current = read.output;
        setValue(read.output);
      }
      setState((now) => (now === "loading" ? (read.success ? "saved" : "untouched") : now));
    });
    return () => {
      stopped = true;
      void mine.flush().finally(() => {
        open.delete(mine.flush);
        forget();
      });
    };
  }, [device, name, schema, empty]);

  const set = useCallback((next: v.InferOutput<S>) => {
    latest.current = next;
    setValue(next);
    writer.current?.put(next);
  }, []);
  const flush = useCallback(() => writer.current?.flush() ?? Promise.resolve(), []);
  const discard = useCallback(() => writer.current?.discard() ?? Promise.resolve(), []);
  const clear = useCallback(
    async (sent: v.InferOutput<S>) => {
      if (latest.current !== sent) return false;
      latest.current = empty;
      setValue(empty);
      await discard();
      return true;
    },
    [empty, discard],
  );
  return { value, state, set, flush, discard, clear };
}
