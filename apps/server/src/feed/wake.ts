import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import type { Logbook } from "../config/logbook.ts";

/** Tells listeners in this process that a facility's feed has grown, whichever process numbered it. */
export interface Wake {
  /**
   * Called with the facility's newest position; `*` concerns everybody, and is all that concerns who names
   * no facility. Returns the way to stop.
   */
  readonly subscribe: (
    facility: string | undefined,
    listener: (position: number) => void,
  ) => () => void;
  /** Calls when the connection to PostgreSQL broke and came back: something may have been missed. */
  readonly onReconnect: (listener: () => void) => () => void;
  readonly close: () => Promise<void>;
}

const shortestPauseMs = 250;
const longestPauseMs = 5_000;
/**
 * What concerns everybody is told to so many at once: each of them asks for its feed, and thousands in one moment
 * would stand before the one whose request is urgent.
 */
const atOnce = 100;
const pauseBetweenMs = 100;

export const openWake = (databaseUrl: string, logbook: Logbook): Wake => {
  const listeners = new Map<string, Set<(position: number) => void>>();
  const reconnected = new Set<() => void>();
  let closed = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = shortestPauseMs;
  let away = false;

  const tell = (payload: string): void => {
    const [facility = "", position = "0"] = payload.split(" ");
    if (facility === "*") return void tellAll(Number(position));
    for (const listener of listeners.get(facility) ?? []) listener(Number(position));
  };
  const tellAll = async (position: number): Promise<void> => {
    const all = [...listeners.values()].flatMap((set) =>
      [...set].map((listener) => ({ set, listener })),
    );
    for (let at = 0; at < all.length && !closed; at += atOnce) {
      if (at > 0) await wait(pauseBetweenMs, undefined, { ref: false });
      // Who has gone meanwhile is told nothing.
      for (const { set, listener } of all.slice(at, at + atOnce))
        if (set.has(listener)) listener(position);
    }
  };
  const again = (): void => {
    client = undefined;
    if (closed || timer !== undefined) return;
    if (!away) logbook.warn("databaseAway");
    away = true;
    timer = setTimeout(() => {
      timer = undefined;
      void connect();
    }, pauseMs);
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
  };
  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: databaseUrl,
      application_name: "lientuyen wake",
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    next.on("error", () => undefined);
    next.on("end", again);
    next.on("notification", (message) => tell(message.payload ?? ""));
    try {
      await next.connect();
      await next.query("listen lientuyen_feed");
    } catch {
      next.end().catch(() => undefined);
      return again();
    }
    if (closed) return void next.end().catch(() => undefined);
    client = next;
    pauseMs = shortestPauseMs;
    if (away) logbook.info("databaseBack");
    if (away) for (const listener of reconnected) listener();
    away = false;
  };
  void connect();

  return {
    subscribe: (concern, listener) => {
      const facility = concern ?? "";
      const set = listeners.get(facility) ?? new Set();
      listeners.set(facility, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0) listeners.delete(facility);
      };
    },
    onReconnect: (listener) => {
      reconnected.add(listener);
      return () => reconnected.delete(listener);
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
};
