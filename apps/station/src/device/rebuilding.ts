import { outboxRowOf, type DiskSummary, type Step, type StoredEntry } from "@lientuyen/sync";
import * as v from "valibot";
import type { Database } from "./database.ts";
import type { EncryptedDisk } from "./disk.ts";
import type { RowKind } from "./rows.ts";

export interface RebuildingParts {
  readonly db: Database;
  readonly disk: EncryptedDisk;
  readonly scope: string;
  /** Fingerprint of the installation's root key, as the enrolment saw it. */
  readonly root: string;
}

/** A counter that is not known any more goes on this far behind the last one that is: none is used twice. */
const counterGap = 1_000;

const HeaderPart = v.pipe(v.string(), v.parseJson(), v.object({ key: v.string(), n: v.number() }));
const FilePart = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ file: v.object({ hash: v.string(), size: v.number(), type: v.string() }) }),
);

const headerOf = (entry: StoredEntry) => v.parse(HeaderPart, entry.signed.header);

/** Rows of the engine's own made again from the entries and files, which say the same at more length. */
export const rebuildRows = async (
  parts: RebuildingParts,
  summary: DiskSummary,
): Promise<DiskSummary> => {
  const { damage, ...disk } = parts.disk;
  const hurt = (kind: RowKind) => damage.has("rows", kind);
  const entries = await allEntries(parts.disk);
  const people = await parts.db.getAll("people");
  const ownKeys = people.flatMap(({ scope, key }) => (scope === parts.scope ? [key] : []));
  const steps: Step[] = [
    ...(hurt("outbox") || hurt("held") ? outboxSteps(summary, entries) : []),
    ...(hurt("counter") ? counterSteps(summary, entries, ownKeys) : []),
    ...(hurt("upload") ? uploadSteps(summary, entries, await disk.files.list()) : []),
    ...(summary.root === undefined ? [{ do: "putRoot", root: parts.root } as const] : []),
  ];
  // On a full disk they hold for this time, and are made again the next.
  if (steps.length > 0) await disk.commit(steps);
  return withSteps(summary, steps);
};

const allEntries = async (disk: EncryptedDisk): Promise<readonly StoredEntry[]> => {
  const out: StoredEntry[] = [];
  for (const log of await disk.listLogs("")) out.push(...(await disk.readLog(log)));
  return out;
};

/** Without a receipt and in no row: it waits. What the server has refused before it refuses once more. */
const outboxSteps = (summary: DiskSummary, entries: readonly StoredEntry[]): readonly Step[] => {
  const known = new Set([...summary.outbox, ...summary.held].map(({ hash }) => hash));
  const waiting = entries.filter(
    (entry) => entry.receipt === undefined && entry.fault === undefined && !known.has(entry.hash),
  );
  waiting.sort((a, b) => headerOf(a).n - headerOf(b).n);
  const last = Math.max(0, ...[...summary.outbox, ...summary.uploads].map(({ order }) => order));
  return waiting.map((entry, at) => ({
    do: "putOutbox",
    row: outboxRowOf(entry, last + 1 + at),
  }));
};

const counterSteps = (
  summary: DiskSummary,
  entries: readonly StoredEntry[],
  ownKeys: readonly string[],
): readonly Step[] => {
  const known = new Set(summary.counters.map(({ key }) => key));
  return ownKeys
    .filter((key) => !known.has(key))
    .map((key) => {
      const used = entries.map(headerOf).flatMap((header) => (header.key === key ? header.n : []));
      return { do: "putCounter", key, n: Math.max(0, ...used) + counterGap };
    });
};

/** Every file here that no row speaks of: the server says which of them it has. */
const uploadSteps = (
  summary: DiskSummary,
  entries: readonly StoredEntry[],
  files: readonly { readonly log: string; readonly hash: string }[],
): readonly Step[] => {
  const known = new Set(summary.uploads.map(({ log, hash }) => `${log} ${hash}`));
  const last = Math.max(0, ...[...summary.outbox, ...summary.uploads].map(({ order }) => order));
  return files
    .filter(({ log, hash }) => !known.has(`${log} ${hash}`))
    .flatMap(({ log, hash }, at): Step[] => {
      const named = entries.flatMap((entry) => {
        const read = v.safeParse(FilePart, entry.log === log ? entry.signed.body : undefined);
        return read.success && read.output.file.hash === hash ? [read.output.file] : [];
      })[0];
      if (named === undefined) return [];
      const row = { ...named, log, priority: "first", rank: 2, state: "waiting" } as const;
      return [
        { do: "putUpload", row: { ...row, offset: 0, order: last + 1 + entries.length + at } },
      ];
    });
};

const withSteps = (summary: DiskSummary, steps: readonly Step[]): DiskSummary => ({
  ...summary,
  outbox: [
    ...summary.outbox,
    ...steps.flatMap((step) => (step.do === "putOutbox" ? [step.row] : [])),
  ],
  counters: [
    ...summary.counters,
    ...steps.flatMap((step) => (step.do === "putCounter" ? [step] : [])),
  ],
  uploads: [
    ...summary.uploads,
    ...steps.flatMap((step) => (step.do === "putUpload" ? [step.row] : [])),
  ],
  root: steps.find((step) => step.do === "putRoot")?.root ?? summary.root,
});
