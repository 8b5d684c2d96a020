import type {
  Disk,
  DiskSummary,
  FeedPlace,
  HeldRow,
  KeptHistory,
  OutboxRow,
  Step,
  UploadRow,
  ViewRow,
} from "./ports.ts";

/** What the engine keeps in memory of the disk: every small row, changed only after a commit has resolved. */
export interface Store {
  readonly disk: Disk;
  readonly outbox: ReadonlyMap<string, OutboxRow>;
  readonly held: ReadonlyMap<string, HeldRow>;
  readonly uploads: ReadonlyMap<string, UploadRow>;
  readonly views: ReadonlyMap<string, ViewRow>;
  /** Logs that are away and of which entries have come since. */
  readonly behind: ReadonlySet<string>;
  place(): FeedPlace | undefined;
  history(): KeptHistory | undefined;
  counter(key: string): number;
  hasCounter(key: string): boolean;
  nextOrder(): number;
  /** The last commit found the quota used up. */
  isFull(): boolean;
  /**
   * One at a time: `build` sees the store as the commit before left it and says what to change.
   * The steps are durable when this resolves with the value; on `full` nothing was changed.
   */
  transact<T>(
    build: () => Promise<Transaction<T>>,
  ): Promise<
    { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: "full" }
  >;
  /** No commit begins after this; resolves when the last one has ended. */
  close(): Promise<void>;
}

export interface Transaction<T> {
  readonly steps: readonly Step[];
  readonly value: T;
}

export const uploadName = (log: string, hash: string): string => `${log} ${hash}`;

export async function openStore(
  disk: Disk,
  onCommit: (steps: readonly Step[], rows: Pick<Store, "outbox" | "uploads">) => void,
): Promise<Store> {
  const memory = remember(await disk.load());
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  let full = false;
  let order = memory.lastOrder;

  const inTurn = async <T>(build: () => Promise<Transaction<T>>) => {
    if (closed) throw new Error("the store is closed");
    const { steps, value } = await build();
    if (steps.length === 0) return { ok: true, value } as const;
    full = (await disk.commit(steps)) === "full";
    if (full) return { ok: false, why: "full" } as const;
    for (const step of steps) memory.apply(step);
    onCommit(steps, memory);
    return { ok: true, value } as const;
  };

  return {
    disk,
    outbox: memory.outbox,
    held: memory.held,
    uploads: memory.uploads,
    views: memory.views,
    behind: memory.behind,
    place: memory.place,
    history: memory.history,
    counter: (key) => memory.counters.get(key) ?? 0,
    hasCounter: (key) => memory.counters.has(key),
    nextOrder: () => (order += 1),
    isFull: () => full,
    transact: (build) => {
      const turn = last.then(() => inTurn(build));
      last = turn.catch(() => undefined);
      return turn;
    },
    close: async () => {
      closed = true;
      await last;
    },
  };
}

function remember(summary: DiskSummary) {
  const byOrder = <T extends { readonly order: number }>(rows: readonly T[]) =>
    [...rows].sort((a, b) => a.order - b.order);
  const outbox = new Map(byOrder(summary.outbox).map((row) => [row.hash, row]));
  const held = new Map(summary.held.map((row) => [row.hash, row]));
  const uploads = new Map(
    byOrder(summary.uploads).map((row) => [uploadName(row.log, row.hash), row]),
  );
  const views = new Map(summary.views.map((row) => [row.id, row]));
  const behind = new Set(summary.behind);
  const counters = new Map(summary.counters.map((row) => [row.key, row.n]));
  const lastOrder = Math.max(
    0,
    ...summary.outbox.map((row) => row.order),
    ...summary.uploads.map((row) => row.order),
  );
  let { place, history } = summary;

  const apply = (step: Step): void => {
    switch (step.do) {
      case "putEntry":
      case "putRoot":
      case "putAway":
      case "dropDraft":
        return;
      case "dropAway":
        behind.delete(step.log);
        return;
      case "putBehind":
        behind.add(step.log);
        return;
      case "putOutbox":
        outbox.set(step.row.hash, step.row);
        return;
      case "dropOutbox":
        outbox.delete(step.hash);
        return;
      case "putHeld":
        held.set(step.row.hash, step.row);
        return;
      case "dropHeld":
        held.delete(step.hash);
        return;
      case "putUpload":
        uploads.set(uploadName(step.row.log, step.row.hash), step.row);
        return;
      case "dropUpload":
        uploads.delete(uploadName(step.log, step.hash));
        return;
      case "putView":
        views.set(step.row.id, step.row);
        return;
      case "dropView":
        views.delete(step.id);
        return;
      case "putCounter":
        counters.set(step.key, step.n);
        return;
      case "putPlace":
        place = step.place;
        return;
      case "putHistory":
        history = step.history;
        return;
      default:
        step satisfies never;
    }
  };
  return {
    outbox,
    held,
    uploads,
    views,
    behind,
    counters,
    lastOrder,
    apply,
    place: () => place,
    history: () => history,
  };
}
