import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres } from "../../../tests/postgres.ts";

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
  args: readonly string[] = ["start"],
): Started => {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      LIENTUYEN_LIVE: "0",
      LIENTUYEN_DATA: path.join(folder, "data"),
      PORT: String(port),
      ...env,
    },
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

const untilReady = async (started: Started): Promise<void> => {
  while (!(await isReady())) {
    if (started.child.exitCode !== null) throw new Error(started.output());
    await wait(50);
  }
};

/** What follows the first answer: the address, the people. */
const says = async (started: Started, what: RegExp): Promise<void> => {
  await expect.poll(() => started.output(), { timeout: 60_000 }).toMatch(what);
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
    await untilReady(again);
    await says(again, /suavt +\S{17} +YS. Vàng Thị Sua/);
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

  test("LIENTUYEN_DEMO=0 starts empty, with a one-time link for the first administrator; the console founds more", async () => {
    const real = { LIENTUYEN_DEMO: "0", LIENTUYEN_DATA: path.join(folder, "empty") };
    const say = async (...words: readonly string[]): Promise<readonly [number | null, string]> => {
      const told = start(real, words);
      return [await told.ended, told.output()];
    };
    const station = ["facility-add", "12911", "Trạm Y tế xã Thu Lũm", "commune"] as const;
    expect(await say(...station)).toEqual([1, expect.stringContaining("npm start")]);
    expect(existsSync(real.LIENTUYEN_DATA)).toBe(false);

    const empty = start(real);
    await untilReady(empty);
    await says(empty, /\/first#/);
    const first = /\/first#(\S{20,})/.exec(empty.output())?.[1];
    expect(empty.output()).not.toContain("suavt");

    const become = async (token: string | undefined, account: string, more: object = {}) => {
      const password = "mot cau du dai 2026";
      const response = await fetch(`http://127.0.0.1:${port}/v1/first-administrator`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ token, name: "KS. Lù Thị Dung", account, password, ...more }),
      });
      return response.status;
    };
    const facility = { code: "12901", name: "Bệnh viện tỉnh", level: "provincial" };
    expect(await become(first, "dung", { facility })).toBe(204);
    const [code, printed] = await say(...station);
    expect([code, printed]).toEqual([
      0,
      expect.stringContaining(`http://127.0.0.1:${port}/first#`),
    ]);
    const link = /\/first#(\S+)/.exec(printed)?.[1];
    expect(await become(link, "sua")).toBe(204);
    expect(await become(link, "sua2")).toBe(410);

    const agree = (...words: readonly string[]) => say("contract-add", ...words);
    expect(await agree("HD-1", "12911", "12901", "2026-01-01", "cardiology")).toEqual([
      0,
      expect.stringContaining("HD-1"),
    ]);
    // One sentence in each language for whatever is wrong.
    for (const [words, hint] of [
      [station, "đã có người dùng"],
      [["contract-add", "HD-1", "12911", "12901", "2026-01-01"], "HD-1"],
      [["contract-add"], "Cách dùng"],
    ] as const) {
      const [ended, said] = await say(...words);
      expect([ended, said]).toEqual([1, expect.stringContaining(hint)]);
      expect(said.trim().split("\n")).toHaveLength(2);
    }
    empty.child.kill("SIGINT");
    expect(await empty.ended).toBe(0);
  });

  test("somebody's own PostgreSQL by DATABASE_URL: starts, starts again, is told from another's, and says when it is away", async () => {
    const postgres = await startPostgres();
    try {
      const own = {
        LIENTUYEN_DEMO: "0",
        LIENTUYEN_DATA: path.join(folder, "own"),
        DATABASE_URL: await postgres.freshDatabase(),
      };
      for (const signal of ["SIGKILL", "SIGINT"] as const) {
        const running = start(own);
        await untilReady(running);
        while (!running.output().includes("/first#")) await wait(20);
        running.child.kill(signal);
        await running.ended;
      }
      expect(existsSync(path.join(own.LIENTUYEN_DATA, "postgres"))).toBe(false);
      const other = start({ ...own, LIENTUYEN_DATA: path.join(folder, "others") });
      expect(await other.ended).toBe(1);
      expect(other.output()).toContain("DATABASE_URL đã có dữ liệu");
      await postgres.stop();
      const away = start({ ...own, LIENTUYEN_DATA: path.join(folder, "away") });
      expect(await away.ended).toBe(1);
      expect(away.output()).toContain("Không vào được cơ sở dữ liệu ở DATABASE_URL");
      expect(away.output().trim().split("\n")).toHaveLength(2);
    } finally {
      await postgres.close();
    }
  });
});
