import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
let folder = "";
let port = 0;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === "object" && address !== null ? address.port : 0),
      );
    });
  });

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "lientuyen-start-"));
  port = await freePort();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

const start = (
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Started => {
  const child = spawn(process.execPath, [main, "start", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LIENTUYEN_DATA: path.join(folder, "data"), PORT: String(port), ...env },
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { child, output: () => output, ended };
};

const isReady = async (): Promise<boolean> => {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  return answer?.status === 200;
};

const untilReady = async (started: Started): Promise<number> => {
  const fromMs = performance.now();
  while (!(await isReady())) {
    if (started.child.exitCode !== null) throw new Error(started.output());
    await wait(50);
  }
  return performance.now() - fromMs;
};

const killed = async (started: Started, when: () => boolean): Promise<void> => {
  while (!when()) await wait(5);
  started.child.kill("SIGKILL");
  await started.ended;
};

const inFolder = (name: string): string => path.join(folder, "data", name);

describe("start", { timeout: 240_000 }, () => {
  test("recovers from kill -9 while the database is made, while the seed is told, and while it runs", async () => {
    await killed(start(), () => existsSync(inFolder("postgres.new/base")));
    await killed(
      start(),
      () => existsSync(inFolder("server.log")) && statSync(inFolder("server.log")).size > 8_000,
    );
    const whole = start();
    await untilReady(whole);
    await killed(whole, () => true);
    const again = start();
    expect(await untilReady(again)).toBeLessThan(5_000);
    await wait(500);
    expect(again.output()).toMatch(/suavt +\S{17} +YS. Vàng Thị Sua/);
    again.child.kill("SIGINT");
    expect(await again.ended).toBe(0);
    expect(existsSync(inFolder("postgres/postmaster.pid"))).toBe(false);
  });

  test("the same demo passwords are printed again, and lie closed in the data folder", () => {
    const file = inFolder("secrets/demo-passwords.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(new Set(readFileSync(file, "utf8").match(/\w{5}-\w{5}-\w{5}/g)).size).toBe(15);
  });

  test("a second start on the same folder, the network, and a taken port get one sentence each", async () => {
    const running = start();
    await untilReady(running);
    const second = start({ PORT: String(port + 1) });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`http://127.0.0.1:${port}`);
    const elsewhere = start({ LIENTUYEN_DATA: path.join(folder, "other") });
    expect(await elsewhere.ended).toBe(1);
    expect(elsewhere.output()).toContain(`Cổng ${port} đang có chương trình khác dùng`);
    running.child.kill("SIGTERM");
    expect(await running.ended).toBe(0);
    const exposed = start({ HOST: "0.0.0.0" });
    expect(await exposed.ended).toBe(1);
    expect(exposed.output().trim().split("\n")).toHaveLength(2);
    expect(exposed.output()).toContain("--demo-on-network");
  });

  test("LIENTUYEN_DEMO=0 starts empty, with a one-time link for the first administrator", async () => {
    const empty = start({ LIENTUYEN_DEMO: "0", LIENTUYEN_DATA: path.join(folder, "empty") });
    await untilReady(empty);
    await wait(500);
    expect(empty.output()).toMatch(/\/first#\S{20,}/);
    expect(empty.output()).not.toContain("suavt");
    empty.child.kill("SIGINT");
    expect(await empty.ended).toBe(0);
  });
});
