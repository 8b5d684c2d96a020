import {
  authorOf,
  foldCase,
  foldDirectory,
  parseEntry,
  type CaseView,
  type DirectoryView,
  type FoldInput,
  type ParsedEntry,
  type Primitives,
} from "@lientuyen/record";
import type { StoredEntry } from "@lientuyen/sync";
import { isBelieved } from "./believed.ts";
import type { EncryptedDisk } from "./disk.ts";

/** Views folded from the entries on disk when they are asked for, and kept until one of their entries changes. */
export interface Shelf {
  directory(): DirectoryView;
  /** Chain of the last receipt of a facility's directory that is here; "" before the first. */
  directoryHead(facility: string): string;
  view(log: string): Promise<CaseView | undefined>;
  /** Parsed entries of any log, those that are not believed left out. */
  parsed(log: string): Promise<readonly ParsedEntry[]>;
  /** Entries of these logs changed on disk. Resolves when the directory is up to date. */
  changed(logs: Iterable<string>): Promise<void>;
  clear(): void;
}

const viewsKept = 100;

interface ReadLog {
  readonly stored: readonly StoredEntry[];
  readonly inputs: readonly Omit<FoldInput, "author">[];
}

export const openShelf = async (disk: EncryptedDisk, primitives: Primitives): Promise<Shelf> => {
  const views = new Map<string, Promise<CaseView | undefined>>();
  const directories = new Map<string, ReadLog>();
  let directory: DirectoryView = foldDirectory([]);

  const read = async (log: string): Promise<ReadLog> => {
    const stored = await disk.readLog(log);
    const inputs = await Promise.all(
      stored.map(async ({ signed, receipt, fault }) => {
        const answer = isBelieved(fault) ? await parseEntry(primitives, signed) : undefined;
        return answer?.ok === true ? [{ entry: answer.entry, receipt }] : [];
      }),
    );
    return { stored, inputs: inputs.flat() };
  };

  const foldDirectories = () => {
    const inputs = [...directories.values()].flatMap((log) => log.inputs);
    directory = foldDirectory(inputs.map((input) => ({ ...input, author: undefined })));
    // Whose key an entry was signed with decides what it is worth in the fold: once more with what is known now.
    directory = foldDirectory(inputs.map(withAuthor));
    views.clear();
  };

  const withAuthor = (input: Omit<FoldInput, "author">): FoldInput => ({
    ...input,
    author: authorOf(directory, input.entry.header.key),
  });

  const readDirectories = async (logs: readonly string[]) => {
    for (const log of logs) directories.set(log, await read(log));
    foldDirectories();
  };

  const fold = async (log: string): Promise<CaseView | undefined> => {
    const { inputs } = await read(log);
    return inputs.length === 0 ? undefined : foldCase(log, inputs.map(withAuthor));
  };

  const keep = (log: string, view: Promise<CaseView | undefined>) => {
    views.delete(log);
    views.set(log, view);
    const oldest = views.size > viewsKept ? views.keys().next().value : undefined;
    if (oldest !== undefined) views.delete(oldest);
    return view;
  };

  await readDirectories(await disk.listLogs("directory/"));

  return {
    directory: () => directory,
    directoryHead(facility) {
      const receipts = (directories.get(`directory/${facility}`)?.stored ?? []).flatMap(
        ({ receipt }) => (receipt === undefined ? [] : [receipt]),
      );
      return receipts.reduce((last, receipt) => (receipt.seq > last.seq ? receipt : last), {
        seq: 0,
        chain: "",
      }).chain;
    },
    view(log) {
      const known = views.get(log);
      if (known !== undefined) return keep(log, known);
      const made = fold(log);
      // A view that could not be read is asked for again, not remembered as a failure.
      made.catch(() => views.delete(log));
      return keep(log, made);
    },
    parsed: async (log) => (await read(log)).inputs.map(({ entry }) => entry),
    async changed(logs) {
      const names = [...logs];
      for (const log of names) views.delete(log);
      const changedDirectories = names.filter((log) => log.startsWith("directory/"));
      if (changedDirectories.length > 0) await readDirectories(changedDirectories);
    },
    clear() {
      views.clear();
      directories.clear();
      directory = foldDirectory([]);
    },
  };
};
