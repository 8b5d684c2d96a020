import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres as startEmbedded } from "@lientuyen/postgres";
import pg from "pg";

/** A real PostgreSQL in a temporary folder, as the product starts it; fsync stays on. */
export interface TestPostgres {
  readonly port: number;
  /** A fresh, empty database; the login is the cluster's superuser. */
  readonly freshDatabase: () => Promise<string>;
  /** SIGINT: connections break, then nothing listens. */
  readonly stop: () => Promise<void>;
  /** SIGKILL, as when power goes: nothing is told and nothing is written any more. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** The postmaster is not there any more. */
  readonly hasGone: () => boolean;
  /** Stops and removes everything; twice is fine. */
  readonly close: () => Promise<void>;
}

/** `parent`: where its folder is made; a small disk, say. */
export const startPostgres = async (parent = tmpdir()): Promise<TestPostgres> => {
  const folder = await mkdtemp(join(parent, "lientuyen-pg-"));
  const options = { folder, password: "test", settings: { max_connections: "200" } };
  let server = await startEmbedded(options);
  let gone = false;
  const watch = (): void => {
    const watched = server;
    gone = false;
    void watched.ended.then(() => {
      gone ||= watched === server;
    });
  };
  watch();
  const { port } = server;
  let number = 0;
  let closing: Promise<void> | undefined;
  const freshDatabase = async (): Promise<string> => {
    number += 1;
    const name = `test_${process.pid}_${number}`;
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    return server.url.replace(/postgres$/, name);
  };
  const close = async (): Promise<void> => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    port,
    freshDatabase,
    stop: () => server.close(),
    kill: async () => {
      process.kill(server.pid, "SIGKILL");
      await server.ended;
    },
    start: async () => {
      server = await startEmbedded({ ...options, port });
      watch();
    },
    hasGone: () => gone,
    close: () => (closing ??= close()),
  };
};
