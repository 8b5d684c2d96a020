import {
  openDirectories,
  type Directories,
  type DirectoryView,
  type FoldInput,
} from "@lientuyen/record";
import type { Logbook } from "../config/logbook.ts";
import type { Tx } from "../db/database.ts";
import { foldInputsOf } from "../entries/stored.ts";
import { standingOf, type ServerStanding } from "../identity/installation.ts";

/** Everything public of this installation, as of one version of it. */
export interface KnownDirectory {
  readonly version: number;
  /** Folded when it is first asked for. */
  readonly view: DirectoryView;
  readonly server: ServerStanding;
  /** The same with one more entry of a directory. */
  readonly with: (input: FoldInput) => KnownDirectory;
  readonly standing: (server: ServerStanding) => KnownDirectory;
}

const directoryOf = (
  version: number,
  directories: Directories,
  server: ServerStanding,
): KnownDirectory => ({
  version,
  server,
  get view() {
    return directories.view();
  },
  with: (input) => directoryOf(version, directories.with([input]), server),
  standing: (changed) => directoryOf(version, directories, changed),
});

/** A process's copy of all directories; every use compares its version with the database's. */
export interface DirectoryCache {
  readonly current: (tx: Tx) => Promise<KnownDirectory>;
  /** As this process knew it last, however old: only for what is checked again. */
  readonly latest: () => KnownDirectory | undefined;
  /** As of the version that was just read; undefined where this process has to read it first. */
  readonly asOf: (version: number) => KnownDirectory | undefined;
}

export const openDirectoryCache = (logbook: Logbook): DirectoryCache => {
  const bySeq = new Map<string, number>();
  let directories = openDirectories();
  let installation: readonly FoldInput[] = [];
  let known: KnownDirectory | undefined;
  // Two refreshes at once would both add the same entries.
  let last: Promise<unknown> = Promise.resolve();
  const serial = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  const refresh = async (tx: Tx, version: number): Promise<KnownDirectory> => {
    const fresh = await entriesSince(tx, bySeq, logbook);
    const added = fresh.map(({ input }) => input);
    directories = directories.with(added);
    installation = [
      ...installation,
      ...added.filter((input) => input.entry.header.log === "installation"),
    ];
    for (const { log, seq } of fresh) bySeq.set(log, Math.max(seq, bySeq.get(log) ?? 0));
    const server = standingOf(installation.map(({ entry }) => entry));
    known = directoryOf(version, directories, server);
    return known;
  };
  return {
    latest: () => known,
    asOf: (version) => (known?.version === version ? known : undefined),
    current: async (tx) => {
      const { version } = await tx
        .selectFrom("directory_state")
        .select("version")
        .executeTakeFirstOrThrow();
      return known?.version === version
        ? known
        : serial(() =>
            known?.version === version ? Promise.resolve(known) : refresh(tx, version),
          );
    },
  };
};

const entriesSince = async (
  tx: Tx,
  bySeq: ReadonlyMap<string, number>,
  logbook: Logbook,
): Promise<
  readonly { readonly log: string; readonly seq: number; readonly input: FoldInput }[]
> => {
  const logs = await tx
    .selectFrom("log")
    .select(["name", "seq"])
    .where((is) => is.or([is("name", "=", "installation"), is("name", "like", "directory/%")]))
    .execute();
  const changed = logs.filter((log) => log.seq > (bySeq.get(log.name) ?? 0)).map((log) => log.name);
  if (changed.length === 0) return [];
  const rows = await tx
    .selectFrom("entry")
    .leftJoin("body", "body.entry", "entry.hash")
    .select([
      "entry.hash",
      "entry.log",
      "entry.seq",
      "entry.person",
      "entry.facility",
      "entry.device",
      "entry.header",
      "entry.sig",
      "entry.received_at",
      "entry.marks",
      "body.body",
      "body.salt",
    ])
    .where("entry.log", "in", changed)
    .orderBy("entry.log")
    .orderBy("entry.seq")
    .execute();
  const fresh = rows.filter((row) => row.seq > (bySeq.get(row.log) ?? 0));
  return foldInputsOf(fresh, logbook).map(({ row, input }) => ({
    log: row.log,
    seq: row.seq,
    input,
  }));
};
