import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findEngine, freePort, sharedFolder } from "@lientuyen/livekit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const binary = (await findEngine([sharedFolder()])) ?? "";
const patience = { timeout: 60_000 };
let folder = "";
let started: ChildProcess | undefined;
let output = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lientuyen-live-"));
  output = "";
});
afterEach(async () => {
  if (started?.exitCode === null) await stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = (port: number, env: Readonly<Record<string, string>> = {}): void => {
  const child = spawn(process.execPath, [main, "start"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      LIENTUYEN_DATA: path.join(folder, "data"),
      LIENTUYEN_DEMO: "0",
      PORT: String(port),
      ...env,
    },
  });
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  started = child;
};
const stop = async (): Promise<number | null> => {
  const gone = new Promise<number | null>((resolve) => started?.once("exit", resolve));
  started?.kill("SIGINT");
  return gone;
};

const liveOf = async (port: number): Promise<unknown> => {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  const body: unknown = await answer?.json();
  return typeof body === "object" && body !== null && "live" in body ? body.live : undefined;
};

/** Engines that work in this data folder. */
const engines = (): readonly number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readlinkSync(`/proc/${name}/cwd`) === path.join(folder, "data", "livekit");
      } catch {
        return false;
      }
    })
    .map(Number);

describe("the media engine beside the server", () => {
  test.skipIf(binary === "")(
    "starts after the server, comes back after kill -9, and goes with it",
    async () => {
      const port = await freePort("tcp");
      start(port);
      await expect.poll(() => liveOf(port), patience).toBe("ready");
      expect(output).toContain("Máy chủ hình và tiếng LiveKit đã chạy.");
      const keys = path.join(folder, "data/secrets/livekit.json");
      expect(statSync(keys).mode & 0o777).toBe(0o600);
      const [first = 0] = engines();
      process.kill(first, "SIGKILL");
      await expect.poll(() => output, patience).toContain("đã chạy lại");
      expect(await liveOf(port)).toBe("ready");
      expect(engines()).not.toContain(first);
      const kept = readFileSync(keys, "utf8");
      expect(await stop()).toBe(0);
      expect(engines()).toEqual([]);
      expect(readFileSync(keys, "utf8")).toBe(kept);
    },
  );

  test("an engine elsewhere that does not answer is said plainly, and everything else runs", async () => {
    const port = await freePort("tcp");
    start(port, {
      LIVEKIT_URL: `ws://127.0.0.1:${await freePort("tcp")}`,
      LIVEKIT_API_KEY: "key",
      LIVEKIT_API_SECRET: "s".repeat(32),
    });
    await expect.poll(() => liveOf(port), patience).toBe("absent");
    expect(output).toContain("Chưa có máy chủ hình và tiếng LiveKit; mọi phần khác vẫn chạy.");
    expect(engines()).toEqual([]);
    expect(await stop()).toBe(0);
  });

  test("a place without its keys is a setting that is not valid", async () => {
    start(await freePort("tcp"), { LIVEKIT_URL: "ws://127.0.0.1:1" });
    const gone = new Promise((resolve) => started?.once("exit", resolve));
    expect(await gone).toBe(1);
    expect(output).toContain("LIVEKIT_URL");
  });
});
