import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, constants, setPriority } from "node:os";
import path from "node:path";
import { archiveHere, fetchEngine, type Archive } from "./archive.ts";
import { engineVersion, fileIn } from "./binary.ts";

export interface Making {
  /** Where the finished program is put; made if missing. */
  readonly folder: string;
  /** Ends it, and what it started. */
  readonly signal: AbortSignal;
  /** Where to fetch it; by default the release for this machine. */
  readonly archive?: Archive;
}

const fetchLimitMs = 10 * 60_000;
const module = `github.com/livekit/livekit-server/cmd/server@v${engineVersion}`;

const download = async (work: string, making: Making): Promise<string> => {
  const archive = making.archive ?? archiveHere();
  if (archive === undefined) throw new Error(`no release for ${process.platform}-${process.arch}`);
  const signal = AbortSignal.any([making.signal, AbortSignal.timeout(fetchLimitMs)]);
  const file = path.join(work, "livekit-server");
  writeFileSync(file, await fetchEngine(archive, signal), { mode: 0o755 });
  return file;
};

/** Leaves a core to the work that the machine is there for. */
const cores = (): number => Math.max(1, availableParallelism() - 1);

/** What Go fetches and compiles lies in the work folder and goes with it; the module's sum is checked by Go. */
const goEnvironment = (work: string): NodeJS.ProcessEnv => ({
  ...process.env,
  CGO_ENABLED: "0",
  GOBIN: path.join(work, "bin"),
  GOPATH: path.join(work, "path"),
  GOCACHE: path.join(work, "cache"),
  GOTMPDIR: work,
  GOFLAGS: "-trimpath -modcacherw",
});

/** Asks the whole group to go: Go works through children. */
const endGroup = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has gone by itself.
  }
};

const build = (work: string, signal: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    const args = ["install", `-p=${cores()}`, "-ldflags=-s -w", module];
    const child = spawn("go", args, {
      cwd: work,
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
      env: goEnvironment(work),
    });
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    const stop = (): void => endGroup(child.pid);
    signal.addEventListener("abort", stop, { once: true });
    let said = "";
    child.stderr.on(
      "data",
      (chunk: Buffer) => (said = (said + chunk.toString("utf8")).slice(-2_000)),
    );
    child.once("error", reject);
    child.once("close", (code) => {
      signal.removeEventListener("abort", stop);
      if (code === 0) resolve(path.join(work, "bin", "server"));
      else reject(new Error(said.trim() || `go install: ${code}`));
    });
  });

const attempts = [download, (work: string, { signal }: Making) => build(work, signal)];

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const first = async (work: string, making: Making): Promise<string> => {
  const failures: string[] = [];
  for (const attempt of attempts) {
    making.signal.throwIfAborted();
    try {
      return await attempt(work, making);
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  throw new Error(failures.join("; "));
};

/**
 * Fetches the media engine, or builds it with Go where there is one (some minutes, at low priority), and keeps it in
 * `folder`. Two at once do not disturb each other: what is finished is moved into its place.
 * @throws Error with what stood against each way
 */
export const makeEngine = async (making: Making): Promise<string> => {
  mkdirSync(making.folder, { recursive: true, mode: 0o755 });
  const target = fileIn(making.folder);
  const work = mkdtempSync(path.join(making.folder, ".making-"));
  try {
    const made = await first(work, making);
    if (!existsSync(target)) renameSync(made, target);
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};
