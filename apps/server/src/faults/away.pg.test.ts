import { once } from "node:events";
import { connect } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../../../../tests/postgres.ts";
import { CannotStart, createServer, makeServerKeys } from "../index.ts";
import { random } from "../test/network.ts";

let postgres: TestPostgres;
let folder: string;
let databaseUrl: string;

beforeAll(async () => {
  postgres = await startPostgres();
  databaseUrl = await postgres.freshDatabase();
  folder = await mkdtemp(join(tmpdir(), "lientuyen-away-"));
});
afterAll(async () => {
  await postgres.close();
  await rm(folder, { recursive: true, force: true });
});

const start = (databaseWaitMs: number, url = databaseUrl) =>
  createServer({
    databaseUrl: url,
    filesDir: join(folder, "files"),
    staticDir: folder,
    host: "127.0.0.1",
    port: 0,
    keys: makeServerKeys(),
    now: Date.now,
    random,
    limits: { databaseWaitMs },
  });

test("PostgreSQL that comes up after the server is waited for; a silent connection does not keep it from ending", async () => {
  await postgres.stop();
  const starting = start(30_000);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await postgres.start();
  const server = await starting;
  const { url, port } = await server.listen();
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const silent = connect(port, "127.0.0.1");
  await once(silent, "connect");
  const gone = once(silent, "close");
  const began = performance.now();
  await server.close();
  await gone;
  // Node itself lets it go after a minute.
  expect(performance.now() - began).toBeLessThan(40_000);
});

test("PostgreSQL that does not come is one clear sentence, and so is a login that it refuses", async () => {
  await expect(start(300, "postgres://nobody@127.0.0.1:9/none")).rejects.toThrow(
    new CannotStart("PostgreSQL cannot be reached."),
  );
  // At once: were it waited for, this test would end first.
  await expect(start(600_000, databaseUrl.replace(/[^/]+$/, "no_such_one"))).rejects.toThrow(
    CannotStart,
  );
});
