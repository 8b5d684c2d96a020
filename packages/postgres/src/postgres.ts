import { spawn, type ChildProcess } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
  truncateSync,
} from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { accountFor, type Account } from "./account.ts";
import { findBinaries, type Binaries } from "./binaries.ts";
import { ensureCluster } from "./cluster.ts";
import { PostgresFailure, failureFrom } from "./failure.ts";
import { endOrphans } from "./orphans.ts";

export interface PostgresOptions {
  /** The cluster lives in `<folder>/postgres`, its log in `<folder>/postgres.log`. */
  readonly folder: string;
  /** Of the role `lientuyen`, which owns the cluster; set when the cluster is made. */
  readonly password: string;
  /** More settings, e.g. `{ max_connections: "200" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where it must come back at the same address; otherwise any free loopback port. */
  readonly port?: number;
}

export interface Postgres {
  /** Of the database `postgres`, as the cluster's owner. */
  readonly url: string;
  readonly port: number;
  /** Process id of the postmaster. */
  readonly pid: number;
  /** Stops it ("fast"); a second call waits for the same end. */
  close(): Promise<void>;
  /** Settles when the postmaster is gone, however it went. */
  readonly ended: Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address === null || typeof address === "string"
          ? reject(new Error("no port"))
          : resolve(address.port),
      );
    });
  });

const logLimitBytes = 10_000_000;

/** Opens the log to append to; PostgreSQL holds it itself, so that it keeps writing though we are gone. */
const openLog = (file: string): number => {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > logLimitBytes) truncateSync(file, 0);
  return openSync(file, "a", 0o600);
};

/** An acknowledged entry must survive a power cut: fsync and synchronous_commit stay on, and say so. */
const settings = (port: number, more: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries({
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    fsync: "on",
    full_page_writes: "on",
    synchronous_commit: "on",
    max_connections: "60",
    timezone: "UTC",
    log_timezone: "UTC",
    ...more,
  }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  readonly isGone: () => boolean;
}

const launch = (
  cluster: string,
  log: string,
  binaries: Binaries,
  account: Account,
  flags: readonly string[],
): Running => {
  const output = openLog(log);
  const { program, args } = account.command(binaries.postgres, ["-D", cluster, ...flags]);
  // Its own process group: Ctrl-C reaches the server first, which then stops PostgreSQL in its turn.
  const child = spawn(program, args, {
    stdio: ["ignore", output, output],
    cwd: "/",
    detached: true,
    env: { LC_ALL: "C", PATH: process.env["PATH"] },
  });
  closeSync(output);
  let gone = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      gone = true;
      resolve();
    };
    child.once("exit", end);
    child.once("error", end);
  });
  return { child, ended, isGone: () => gone };
};

/** The eighth line of postmaster.pid is PostgreSQL's own word on whether it takes connections. */
const isReady = (cluster: string, pid: number | undefined): boolean => {
  try {
    const lines = readFileSync(path.join(cluster, "postmaster.pid"), "utf8").split("\n");
    return lines[0] === String(pid) && lines[7]?.trim() === "ready";
  } catch {
    return false;
  }
};

const readFrom = (file: string, start: number): string =>
  readFileSync(file).subarray(start).toString("utf8");

const startLimitMs = 120_000;

const untilReady = async (
  running: Running,
  cluster: string,
  log: string,
  logStart: number,
): Promise<void> => {
  const until = Date.now() + startLimitMs;
  while (!isReady(cluster, running.child.pid)) {
    if (running.isGone() || Date.now() > until) throw failureFrom(readFrom(log, logStart));
    await wait(20);
  }
};

const closer = (running: Running): (() => Promise<void>) => {
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    running.child.kill("SIGINT");
    const insist = setTimeout(() => running.child.kill("SIGQUIT"), 20_000);
    await running.ended;
    clearTimeout(insist);
  };
  return () => (closing ??= running.isGone() ? Promise.resolve() : close());
};

const attempt = async (
  options: PostgresOptions,
  cluster: string,
  binaries: Binaries,
  account: Account,
): Promise<Postgres> => {
  const port = options.port ?? (await freePort());
  const log = path.join(options.folder, "postgres.log");
  const logStart = Math.min(statSync(log, { throwIfNoEntry: false })?.size ?? 0, logLimitBytes);
  const running = launch(cluster, log, binaries, account, settings(port, options.settings ?? {}));
  const close = closer(running);
  try {
    await untilReady(running, cluster, log, logStart);
  } catch (error) {
    await close();
    throw error;
  }
  const url = `postgres://lientuyen:${encodeURIComponent(options.password)}@127.0.0.1:${port}/postgres`;
  return { url, port, pid: running.child.pid ?? 0, close, ended: running.ended };
};

/** Another program may take the free port between our looking and PostgreSQL's binding. */
const isPortTaken = (error: unknown): boolean =>
  error instanceof PostgresFailure &&
  /Address already in use|could not create any TCP\/IP sockets/.test(error.message);

/** Starts PostgreSQL on a free loopback port, making the cluster or recovering it as needed. */
export const startPostgres = async (options: PostgresOptions): Promise<Postgres> => {
  mkdirSync(options.folder, { recursive: true });
  const folder = realpathSync(options.folder);
  const cluster = path.join(folder, "postgres");
  const binaries = await findBinaries();
  const account = accountFor([binaries.postgres, folder]);
  await endOrphans(cluster);
  await ensureCluster(cluster, options.password, binaries, account);
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(options, cluster, binaries, account);
    } catch (error) {
      if (tries === 3 || !isPortTaken(error)) throw error;
    }
  }
};
