import {
  appendFileSync,
  createReadStream,
  createWriteStream,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  type WriteStream,
} from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

/** A log that begins a new file each day and keeps the earlier ones for twelve months, compressed. */
export interface ServerLog {
  readonly write: (line: string) => void;
  /** Resolves when the files of earlier days are as they should be. */
  readonly tidied: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** After an error (a full disk) the file is tried again; the server does not stop for its log. */
const retryMs = 10_000;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const dayIn = (name: string): string | undefined =>
  /^server-(\d{4}-\d{2}-\d{2})\.log(\.gz)?$/.exec(name)?.[1];

/** `server.log` is today's (UTC); `server-<day>.log.gz` those before. */
export const openServerLog = (folder: string, now: () => number): ServerLog => {
  const current = path.join(folder, "server.log");
  let day = "";
  let stream: WriteStream | undefined;
  let retryAtMs = 0;
  let tidying: Promise<void> = Promise.resolve();

  const begin = (today: string): void => {
    const flushed = ended(stream);
    stream = undefined;
    setAside(folder, current, today);
    day = today;
    // Its last lines are still on their way into the file that was set aside.
    tidying = Promise.all([tidying, flushed])
      .then(() => tidy(folder, today))
      .catch(() => undefined);
  };
  const open = (): WriteStream => {
    const opened = createWriteStream(current, { flags: "a", mode: 0o600 });
    opened.on("error", () => {
      if (stream === opened) stream = undefined;
      retryAtMs = now() + retryMs;
    });
    return opened;
  };
  const write = (line: string): void => {
    const ms = now();
    if (ms < retryAtMs) return;
    try {
      if (dayOf(ms) !== day) begin(dayOf(ms));
      stream ??= open();
      stream.write(line);
    } catch {
      retryAtMs = ms + retryMs;
    }
  };
  begin(dayOf(now()));
  return {
    write,
    tidied: () => tidying,
    close: async () => {
      const last = stream;
      stream = undefined;
      await ended(last);
      await tidying;
    },
  };
};

const ended = (stream: WriteStream | undefined): Promise<void> =>
  stream === undefined || stream.destroyed
    ? Promise.resolve()
    : new Promise((resolve) => {
        stream.once("close", resolve);
        stream.end();
      });

/** Yesterday's lines go under their own day's name, beside what is there already. */
const setAside = (folder: string, current: string, today: string): void => {
  const stats = statSync(current, { throwIfNoEntry: false });
  if (stats === undefined || stats.size === 0) return;
  const day = dayOf(stats.mtimeMs);
  if (day >= today) return;
  const target = path.join(folder, `server-${day}.log`);
  if (!existsSync(target)) return renameSync(current, target);
  appendFileSync(target, readFileSync(current));
  rmSync(current);
};

/** Law 116/2025 with Decree 331/2026: system logs are kept for twelve months. */
const oldestKept = (today: string): string => {
  const [year = "", ...rest] = today.split("-");
  return [String(Number(year) - 1).padStart(4, "0"), ...rest].join("-");
};

const tidy = async (folder: string, today: string): Promise<void> => {
  for (const name of readdirSync(folder)) {
    const day = dayIn(name);
    const file = path.join(folder, name);
    if (day === undefined) continue;
    if (day < oldestKept(today)) rmSync(file);
    else if (name.endsWith(".log")) await compress(file);
  }
};

/** A day that was compressed in part only has another member added: gzip files may be joined. */
const compress = async (file: string): Promise<void> => {
  const made = `${file}.gz.new`;
  await pipeline(createReadStream(file), createGzip(), createWriteStream(made, { mode: 0o600 }));
  if (existsSync(`${file}.gz`)) {
    appendFileSync(`${file}.gz`, readFileSync(made));
    rmSync(made);
  } else renameSync(made, `${file}.gz`);
  rmSync(file);
};
