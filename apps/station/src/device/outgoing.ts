import {
  httpNetwork,
  startFileSender,
  startSealedSender,
  webPrimitives,
  type FileSender,
  type LockedFiles,
  type SealedSender,
} from "@lientuyen/sync";
import type { GateParts } from "./browser.ts";
import { strict, type Database, type StoredFacility } from "./database.ts";
import { clockOf } from "./clock.ts";
import { randomBytes } from "./vault.ts";

export interface OutgoingParts extends GateParts {
  readonly db: Database;
  readonly signal: AbortSignal;
  /** There was a line a moment ago, or the browser says that there is one. */
  readonly gotThrough: () => void;
  /** By the scope of their store. */
  readonly files: ReadonlyMap<string, LockedFiles>;
  /** Entries and files that have still to go. */
  readonly left: (items: number) => void;
}

/** Sends the sealed copies of the outboxes, and files, of every facility on this device until the signal stops. */
export const sendWhileLocked = async (parts: OutgoingParts): Promise<void> => {
  const { db, signal } = parts;
  const clock = clockOf(parts.now);
  const facilities = await db.getAll("facilities");
  const random = (length: number) => randomBytes(parts.crypto, length);
  const primitives = webPrimitives(parts.crypto.subtle);
  const networkOf = (headers: Record<string, string>) =>
    httpNetwork({
      fetch: parts.fetch,
      baseUrl: parts.base,
      clock,
      primitives,
      csrf: () => undefined,
      headers: () => headers,
    });
  const network = networkOf({});

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
    const files = [...parts.files.values()].reduce((sum, scope) => sum + scope.left(), 0);
    if (!signal.aborted) parts.left(entries + files);
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

  const changed = () => {
    void count();
    parts.gotThrough();
  };

  await count();
  const sendEntries = ({ scope, transport }: StoredFacility): SealedSender =>
    startSealedSender({
      network,
      clock,
      transport,
      random,
      rows: {
        list: async () =>
          (await waiting())
            .filter(({ row }) => row.scope === scope)
            .map(({ key, row }) => ({ id: String(key), batch: row.batch })),
        drop: (id) => markSent(Number(id)),
      },
      onChange: changed,
      onError: reportError,
    });
  const sendFiles = (
    { scope, transport }: StoredFacility,
    entries: SealedSender,
  ): readonly FileSender[] => {
    const files = parts.files.get(scope);
    if (files === undefined || files.left() === 0) return [];
    const sender = startFileSender({
      files,
      network: networkOf({ authorization: `Bearer ${transport}` }),
      clock,
      random,
      entriesFirst: () => entries.left() > 0,
      onChange: changed,
      onError: reportError,
    });
    return [sender];
  };
  const senders = facilities.flatMap((facility) => {
    const entries = sendEntries(facility);
    return [entries, ...sendFiles(facility, entries)];
  });
  const nudge = () => {
    for (const sender of senders) sender.nudge();
    parts.gotThrough();
  };
  addEventListener("online", nudge, { signal });
  signal.addEventListener("abort", () => {
    for (const sender of senders) void sender.stop();
  });
};
