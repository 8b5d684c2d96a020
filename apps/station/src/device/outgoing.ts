import { httpNetwork, startSealedSender } from "@lientuyen/sync";
import type { GateParts } from "./browser.ts";
import { strict, type Database } from "./database.ts";
import { clockOf } from "./clock.ts";
import { endAnySession } from "./session.ts";
import { randomBytes } from "./vault.ts";

export interface OutgoingParts extends GateParts {
  readonly db: Database;
  readonly signal: AbortSignal;
  /** Nobody is signing in: what session the browser still has ends. */
  readonly endSession: boolean;
  /** Entries that have still to go. */
  readonly left: (entries: number) => void;
}

/** Sends the sealed copies of the outboxes of every facility on this device until the signal stops. */
export const sendWhileLocked = async (parts: OutgoingParts): Promise<void> => {
  const { db, signal } = parts;
  const clock = clockOf(parts.now);
  const facilities = await db.getAll("facilities");
  const network = httpNetwork({
    fetch: parts.fetch,
    baseUrl: parts.base,
    clock,
    csrf: () => undefined,
  });

  const waiting = async () => {
    const tx = db.transaction("outgoing");
    const [keys, rows] = await Promise.all([tx.store.getAllKeys(), tx.store.getAll()]);
    return rows.flatMap((row, at) => {
      const key = keys[at];
      return row.sent || key === undefined ? [] : [{ key, row }];
    });
  };
  const count = async () => {
    const entries = (await waiting()).reduce((sum, { row }) => sum + row.waiting.length, 0);
    if (!signal.aborted) parts.left(entries);
  };
  const markSent = async (key: number) => {
    const tx = db.transaction("outgoing", "readwrite", strict);
    const row = await tx.store.get(key);
    await Promise.all([
      row === undefined ? row : tx.store.put({ ...row, sent: true }, key),
      tx.done,
    ]);
    await count();
  };

  await count();
  const senders = facilities.map(({ scope, transport }) =>
    startSealedSender({
      network,
      clock,
      transport,
      random: (length) => randomBytes(parts.crypto, length),
      rows: {
        list: async () =>
          (await waiting())
            .filter(({ row }) => row.scope === scope)
            .map(({ key, row }) => ({ id: String(key), batch: row.batch })),
        drop: (id) => markSent(Number(id)),
      },
      onChange: () => void count(),
      onError: reportError,
    }),
  );
  const nudge = () => {
    for (const sender of senders) sender.nudge();
    if (parts.endSession) void endAnySession(parts);
  };
  addEventListener("online", nudge, { signal });
  if (parts.endSession) void endAnySession(parts);
  signal.addEventListener("abort", () => {
    for (const sender of senders) void sender.stop();
  });
};
