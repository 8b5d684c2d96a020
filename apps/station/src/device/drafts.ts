import * as v from "valibot";
import { isQuotaError, strict, type Database } from "./database.ts";
import type { Device } from "./device.ts";
import { DeviceError } from "./deviceError.ts";
import type { Rows } from "./rows.ts";

/**
 * What is being typed: kept for each person apart, because nobody finishes another's sentence under their own name.
 * Saves of one name follow each other; of those that wait only the last is written.
 */
export const DraftShape = v.object({ person: v.string(), name: v.string(), value: v.unknown() });

export interface Drafts {
  readonly door: Device["drafts"];
  /** The disk's names of these drafts, and what to do once the transaction that drops them is durable. */
  readonly spend: (names: readonly string[]) => {
    readonly onDisk: readonly string[];
    readonly spent: () => void;
  };
  /** Writes what the screens still hold; never fails, what could not be written stays with its screen. */
  readonly settle: () => Promise<void>;
}

export const openDrafts = async (
  db: Database,
  rows: Rows,
  person: string,
  quotaFull: () => void,
): Promise<Drafts> => {
  const all = await rows.list("draft", DraftShape);
  const here = new Map(
    all.filter((draft) => draft.person === person).map((draft) => [draft.name, draft.value]),
  );
  const nameOf = (name: string) => `${person}|${name}`;
  const lanes = new Map<string, Lane>();

  const write = async (name: string): Promise<void> => {
    const value = here.get(name);
    const row = await rows.seal("draft", nameOf(name), { person, name, value });
    const tx = db.transaction("rows", "readwrite", strict);
    const request = here.has(name) ? tx.store.put(row.sealed, row.key) : tx.store.delete(row.key);
    await Promise.all([request, tx.done]);
  };

  const inLane = (name: string): Promise<void> => {
    const lane = lanes.get(name) ?? createLane(() => write(name));
    lanes.set(name, lane);
    return lane.run().catch((error: unknown) => {
      if (!isQuotaError(error)) throw error;
      quotaFull();
      throw new DeviceError("storageFull");
    });
  };

  const flushes = new Set<() => Promise<void>>();
  const door: Device["drafts"] = {
    save(name, value) {
      here.set(name, v.parse(Json, value));
      return inLane(name);
    },
    load: (name) => Promise.resolve(here.get(name)),
    remove(name) {
      if (!here.delete(name)) return Promise.resolve();
      return inLane(name);
    },
    list: (prefix) => Promise.resolve([...here.keys()].filter((name) => name.startsWith(prefix))),
    beforeClosing(flush) {
      flushes.add(flush);
      return () => void flushes.delete(flush);
    },
  };
  return {
    door,
    spend: (names) => {
      const before = new Map(names.map((name) => [name, here.get(name)]));
      return {
        onDisk: names.map(nameOf),
        spent: () => {
          for (const [name, value] of before) {
            if (here.get(name) === value) here.delete(name);
            // Something else was typed meanwhile, and may have gone with the rest.
            else void inLane(name).catch(() => undefined);
          }
        },
      };
    },
    settle: async () => {
      await Promise.allSettled([...flushes].map((flush) => flush()));
    },
  };
};

/** A draft is copied as it is saved: what the screen changes afterwards is the next save's. */
const Json = v.pipe(
  v.unknown(),
  v.transform((value): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value)))),
);

interface Lane {
  readonly run: () => Promise<void>;
}

/** One run at a time and one that waits, which sees the latest and answers all who asked meanwhile. */
const createLane = (work: () => Promise<void>): Lane => {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    running = work().finally(() => {
      running = undefined;
    });
    return running;
  };
  return {
    run() {
      if (running === undefined) return start();
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = undefined;
          return start();
        });
      return next;
    },
  };
};
