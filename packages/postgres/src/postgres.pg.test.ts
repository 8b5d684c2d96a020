import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findOrphans } from "./orphans.ts";
import { startPostgres } from "./postgres.ts";

const door = fileURLToPath(new URL("./index.ts", import.meta.url));
const password = "only-for-this-test";
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lientuyen-pg-"));
});
afterEach(async () => {
  const running = await startPostgres({ folder, password });
  await running.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (url: string, sql: string): Promise<readonly unknown[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const answer = await client.query<Record<string, unknown>>(sql);
    return answer.rows;
  } finally {
    await client.end();
  }
};

/** A process of its own that starts PostgreSQL and is then killed without warning. */
const startAndKill = (killWhen: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const code = `const { startPostgres } = await import(${JSON.stringify(door)}); await startPostgres(${JSON.stringify({ folder, password })}); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: "ignore" });
    const timer = setInterval(() => killWhen() && child.kill("SIGKILL"), 5);
    child.on("exit", () => {
      clearInterval(timer);
      resolve();
    });
  });

describe("embedded PostgreSQL", { timeout: 60_000 }, () => {
  test("starts with fsync on, UTF-8 and the builtin locale, and stops twice without complaint", async () => {
    const running = await startPostgres({ folder, password });
    const [row] = await ask(
      running.url,
      "select current_setting('fsync') f, current_setting('server_encoding') e, datlocprovider p, upper('đỗ') u from pg_database where datname = 'postgres'",
    );
    expect(row).toEqual({ f: "on", e: "UTF8", p: "b", u: "ĐỖ" });
    await Promise.all([running.close(), running.close()]);
    expect(findOrphans(path.join(folder, "postgres"))).toEqual([]);
  });

  test("takes over from a start that was killed, and keeps what was committed", async () => {
    const first = await startPostgres({ folder, password });
    await ask(first.url, "create table kept as select 7 as n");
    await first.close();
    await startAndKill(() => existsSync(path.join(folder, "postgres/postmaster.pid")));
    const second = await startPostgres({ folder, password });
    expect(await ask(second.url, "select n from kept")).toEqual([{ n: 7 }]);
    await second.close();
  });

  test("recovers after the database itself was killed, and from a postmaster.pid of a stranger", async () => {
    const first = await startPostgres({ folder, password });
    await ask(first.url, "create table kept as select 7 as n");
    process.kill(first.pid, "SIGKILL");
    await first.ended;
    writeFileSync(path.join(folder, "postgres/postmaster.pid"), `${process.pid}\n`);
    const second = await startPostgres({ folder, password });
    expect(await ask(second.url, "select n from kept")).toEqual([{ n: 7 }]);
    await second.close();
  });

  test("makes the cluster anew where its making was killed half-way", async () => {
    await startAndKill(() => existsSync(path.join(folder, "postgres.new/base")));
    expect(existsSync(path.join(folder, "postgres"))).toBe(false);
    const running = await startPostgres({ folder, password });
    expect(await ask(running.url, "select 1 as n")).toEqual([{ n: 1 }]);
    await running.close();
  });

  test("says so when the folder was written by another major version", async () => {
    const other = path.join(folder, "other");
    mkdirSync(path.join(other, "postgres"), { recursive: true });
    writeFileSync(path.join(other, "postgres/PG_VERSION"), "19\n");
    await expect(startPostgres({ folder: other, password })).rejects.toMatchObject({
      code: "otherVersion",
    });
  });
});
