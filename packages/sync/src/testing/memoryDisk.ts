import type { Bytes } from "@lientuyen/record";
import type {
  AwayRow,
  Disk,
  DiskSummary,
  FeedPlace,
  FileContent,
  HeldRow,
  KeptHistory,
  OutboxRow,
  Step,
  StoredEntry,
  UploadRow,
  ViewRow,
} from "../ports.ts";

/**
 * A disk for tests that forgets what a real one forgets: what was committed survives a crash, what was under
 * way happens whole or not at all, and whoever held the disk before the crash can write no more.
 */
export interface MemoryDisk {
  /** The disk as the running engine sees it; after `crash` the next one. */
  open(): Disk;
  /** Power cut: the commit under way is kept or lost by `chance` (0 lost, 1 kept). */
  crash(chance: () => number): void;
  /** Power cut right after the `n`-th commit from now: whatever was to follow it does not happen. */
  crashAfter(n: number): void;
  /** The same profile on a second machine. */
  copy(): MemoryDisk;
  /** These bytes are not what was written any more: the entry is read as if it were not there. */
  damage(hash: string): void;
  /** The next `n` commits find the quota used up. */
  fill(n: number): void;
  entries(): readonly StoredEntry[];
  outbox(): readonly OutboxRow[];
  held(): readonly HeldRow[];
  uploads(): readonly UploadRow[];
  away(): readonly AwayRow[];
  place(): FeedPlace | undefined;
  history(): KeptHistory | undefined;
  /** Drafts of whoever writes; the disk alone knows of them. */
  readonly drafts: Set<string>;
  commits(): number;
}

interface Tables {
  readonly entries: Map<string, StoredEntry>;
  readonly outbox: Map<string, OutboxRow>;
  readonly held: Map<string, HeldRow>;
  readonly uploads: Map<string, UploadRow>;
  readonly views: Map<string, ViewRow>;
  readonly counters: Map<string, number>;
  readonly files: Map<string, Bytes>;
  readonly away: Map<string, AwayRow>;
  readonly behind: Set<string>;
  readonly drafts: Set<string>;
  place: FeedPlace | undefined;
  root: string | undefined;
  history: KeptHistory | undefined;
}

export function createMemoryDisk(): MemoryDisk {
  return diskOn(emptyTables());
}

const emptyTables = (): Tables => ({
  entries: new Map(),
  outbox: new Map(),
  held: new Map(),
  uploads: new Map(),
  views: new Map(),
  counters: new Map(),
  files: new Map(),
  away: new Map(),
  behind: new Set(),
  drafts: new Set(),
  place: undefined,
  root: undefined,
  history: undefined,
});

/** Rows are replaced whole, never changed: sharing them is no sharing of the disk. */
const copyTables = (tables: Tables): Tables => ({
  entries: new Map(tables.entries),
  outbox: new Map(tables.outbox),
  held: new Map(tables.held),
  uploads: new Map(tables.uploads),
  views: new Map(tables.views),
  counters: new Map(tables.counters),
  files: new Map(tables.files),
  away: new Map(tables.away),
  behind: new Set(tables.behind),
  drafts: new Set(tables.drafts),
  place: tables.place,
  root: tables.root,
  history: tables.history,
});

function diskOn(tables: Tables): MemoryDisk {
  let generation = 0;
  let fullFor = 0;
  let crashIn = Number.POSITIVE_INFINITY;
  let commits = 0;
  let underWay: readonly Step[] | undefined;

  const apply = (steps: readonly Step[]): void => {
    for (const step of steps) applyStep(tables, step);
    commits += 1;
  };

  const open = (): Disk => {
    const mine = generation;
    const alive = (): void => {
      if (mine !== generation) throw new Error("the power was cut");
    };
    return {
      load: async () => {
        alive();
        return summaryOf(tables);
      },
      readLog: async (log) => [...tables.entries.values()].filter((row) => row.log === log),
      listLogs: async (prefix) =>
        [...new Set([...tables.entries.values()].map((row) => row.log))].filter((log) =>
          log.startsWith(prefix),
        ),
      readEntries: async (hashes) =>
        [...new Set(hashes)].flatMap((hash) => tables.entries.get(hash) ?? []),
      readAway: async (log) => tables.away.get(log),
      commit: async (steps) => {
        alive();
        if (fullFor > 0) {
          fullFor -= 1;
          return "full";
        }
        underWay = structuredCopy(steps);
        await Promise.resolve();
        await Promise.resolve();
        alive();
        apply(underWay);
        underWay = undefined;
        crashIn -= 1;
        if (crashIn === 0) generation += 1;
        return "done";
      },
      writeFile: async (log, hash, content: FileContent) => {
        alive();
        const bytes = new Uint8Array(await content.slice(0, content.size).arrayBuffer());
        alive();
        tables.files.set(`${log} ${hash}`, bytes);
        return "done";
      },
      readFile: async (log, hash, from, to) => tables.files.get(`${log} ${hash}`)?.slice(from, to),
      dropFile: async (log, hash) => {
        alive();
        tables.files.delete(`${log} ${hash}`);
      },
    };
  };

  return {
    open,
    crash: (chance) => {
      generation += 1;
      if (underWay !== undefined && chance() >= 0.5) apply(underWay);
      underWay = undefined;
      crashIn = Number.POSITIVE_INFINITY;
    },
    copy: () => diskOn(copyTables(tables)),
    crashAfter: (n) => {
      crashIn = n;
    },
    damage: (hash) => {
      tables.entries.delete(hash);
    },
    fill: (n) => {
      fullFor = n;
    },
    entries: () => [...tables.entries.values()],
    outbox: () => [...tables.outbox.values()],
    held: () => [...tables.held.values()],
    uploads: () => [...tables.uploads.values()],
    away: () => [...tables.away.values()],
    place: () => tables.place,
    history: () => tables.history,
    drafts: tables.drafts,
    commits: () => commits,
  };
}

/** As a real disk stores it: nothing shared with the engine's memory. */
const structuredCopy = (steps: readonly Step[]): readonly Step[] =>
  steps.map((step) => ({ ...step }));

function summaryOf(tables: Tables): DiskSummary {
  return {
    place: tables.place,
    root: tables.root,
    history: tables.history,
    counters: [...tables.counters].map(([key, n]) => ({ key, n })),
    outbox: [...tables.outbox.values()],
    held: [...tables.held.values()],
    uploads: [...tables.uploads.values()],
    views: [...tables.views.values()],
    behind: [...tables.behind],
  };
}

function applyStep(tables: Tables, step: Step): void {
  switch (step.do) {
    case "putEntry":
      tables.entries.set(step.row.hash, step.row);
      return;
    case "putAway":
      for (const hash of step.hashes) tables.entries.delete(hash);
      tables.away.set(step.row.log, step.row);
      return;
    case "dropAway":
      tables.away.delete(step.log);
      tables.behind.delete(step.log);
      return;
    case "putBehind":
      tables.behind.add(step.log);
      return;
    case "putOutbox":
      tables.outbox.set(step.row.hash, step.row);
      return;
    case "dropOutbox":
      tables.outbox.delete(step.hash);
      return;
    case "putHeld":
      tables.held.set(step.row.hash, step.row);
      return;
    case "dropHeld":
      tables.held.delete(step.hash);
      return;
    case "putUpload":
      tables.uploads.set(`${step.row.log} ${step.row.hash}`, step.row);
      return;
    case "dropUpload":
      tables.uploads.delete(`${step.log} ${step.hash}`);
      return;
    case "putView":
      tables.views.set(step.row.id, step.row);
      return;
    case "dropView":
      tables.views.delete(step.id);
      return;
    case "putCounter":
      tables.counters.set(step.key, step.n);
      return;
    case "putPlace":
      tables.place = step.place;
      return;
    case "putRoot":
      tables.root = step.root;
      return;
    case "putHistory":
      tables.history = step.history;
      return;
    case "dropDraft":
      tables.drafts.delete(step.name);
      return;
    default:
      step satisfies never;
  }
}
