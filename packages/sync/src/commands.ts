import type { Urgency } from "@lientuyen/record";
import type { Engine } from "./engine.ts";
import type { Bell } from "./loop.ts";
import { outboxRowOf } from "./outboxRow.ts";
import type { FileContent, FilePriority, Step, UploadRow } from "./ports.ts";
import { uploadName, type Store } from "./store.ts";
import { rankOf } from "./write.ts";

export interface NewFile {
  readonly log: string;
  /** SHA-256 of the content, base64url. */
  readonly hash: string;
  readonly type: string;
  readonly priority: FilePriority;
  readonly content: FileContent;
  readonly urgency?: Urgency | undefined;
}

/** Commits and rings the loop that it concerns. */
export async function command(
  engine: Engine,
  bell: Bell,
  build: () => readonly Step[] | Promise<readonly Step[]>,
  logs: readonly string[] = [],
): Promise<"done" | "full"> {
  const outcome = await engine.store.transact(async () => ({
    steps: await build(),
    value: undefined,
  }));
  if (!outcome.ok) return "full";
  engine.changed(logs);
  bell.ring("work");
  return "done";
}

export async function addFile(engine: Engine, file: NewFile): Promise<"done" | "full"> {
  const { store, bells } = engine;
  const { log, hash, content } = file;
  if ((await store.disk.writeFile(log, hash, content)) === "full") return "full";
  // Added twice: the first upload stands, unless it was refused.
  const stands = () =>
    ["waiting", "sent"].includes(store.uploads.get(uploadName(log, hash))?.state ?? "");
  const steps = (): readonly Step[] =>
    stands() ? [] : [{ do: "putUpload", row: uploadRow(file, store.nextOrder()) }];
  return command(engine, bells.files, steps, [log]);
}

const uploadRow = (file: NewFile, order: number): UploadRow => ({
  log: file.log,
  hash: file.hash,
  size: file.content.size,
  type: file.type,
  priority: file.priority,
  rank: rankOf(file.urgency),
  order,
  state: "waiting",
  offset: 0,
});

/** Back into the outbox, in the order given. */
export function retryHeld(engine: Engine, hashes: readonly string[]): Promise<"done" | "full"> {
  const { store, bells } = engine;
  const build = async (): Promise<readonly Step[]> => {
    const refused = hashes.filter((hash) => store.held.get(hash)?.state === "refused");
    const kept = new Map((await store.disk.readEntries(refused)).map((row) => [row.hash, row]));
    return refused.flatMap((hash): Step[] => {
      const row = kept.get(hash);
      if (row === undefined) return [];
      return [
        { do: "dropHeld", hash },
        { do: "putOutbox", row: outboxRowOf(row, store.nextOrder()) },
      ];
    });
  };
  return command(engine, bells.send, build, logsOf(store, hashes));
}

export const dismissHeld = (engine: Engine, hashes: readonly string[]): Promise<"done" | "full"> =>
  command(
    engine,
    engine.bells.send,
    () => hashes.map((hash): Step => ({ do: "dropHeld", hash })),
    logsOf(engine.store, hashes),
  );

const logsOf = (store: Store, hashes: readonly string[]): readonly string[] => [
  ...new Set(hashes.flatMap((hash) => store.held.get(hash)?.log ?? [])),
];
