import { mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  findEngine,
  freePort,
  sharedFolder,
  startEngine,
  type Engine,
  type EngineOptions,
} from "./index.ts";

const binary = (await findEngine([sharedFolder()])) ?? "";
let folder = "";
let engines: Engine[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lientuyen-livekit-"));
});
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.close()));
  engines = [];
  rmSync(folder, { recursive: true, force: true });
});

const start = async (more: Partial<EngineOptions> = {}): Promise<Engine> => {
  const options = { binary, folder, key: "APItest", secret: "s".repeat(32), network: undefined };
  const engine = await startEngine({ ...options, ...more });
  engines.push(engine);
  return engine;
};
const isThere = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/** Local addresses of what a process listens on, as /proc writes them: 0100007F is 127.0.0.1. */
const listensOn = (pid: number): readonly string[] =>
  ["tcp", "udp", "tcp6", "udp6"].flatMap((kind) => {
    const rows = readFileSync(`/proc/${pid}/net/${kind}`, "utf8").trim().split("\n").slice(1);
    const sockets = socketsOf(pid);
    return rows
      .map((row) => row.trim().split(/\s+/))
      .filter((row) => sockets.has(row[9] ?? "") && (kind.startsWith("udp") || row[3] === "0A"))
      .map((row) => row[1]?.split(":")[0] ?? "");
  });
const socketsOf = (pid: number): ReadonlySet<string> =>
  new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );

describe.skipIf(binary === "")("the media engine", () => {
  test("starts, listens on this machine alone, and stops twice without complaint", async () => {
    const engine = await start();
    expect(await isThere(engine.url)).toBe(true);
    const places = listensOn(engine.pid);
    expect(places.length).toBeGreaterThanOrEqual(2);
    expect(new Set(places)).toEqual(new Set(["0100007F"]));
    await Promise.all([engine.close(), engine.close()]);
    expect(await isThere(engine.url)).toBe(false);
  });

  test("its keys are on no command line, and its log holds no secret", async () => {
    const engine = await start();
    expect(readFileSync(`/proc/${engine.pid}/cmdline`, "utf8")).not.toContain("ssss");
    expect(readFileSync(path.join(folder, "livekit.log"), "utf8")).not.toContain("ssss");
  });

  test("what a killed start left behind is ended, and the same address is taken again", async () => {
    const left = await start();
    const again = await start({ port: left.port });
    await left.ended;
    expect([again.port, await isThere(again.url)]).toEqual([left.port, true]);
  });

  test("a taken media port is an error that names the log, and leaves nothing running", async () => {
    const first = await start();
    const other = path.join(folder, "other");
    mkdirSync(other);
    const network = { udp: await freePort("udp"), tcp: first.port, ip: "127.0.0.1" };
    await expect(start({ folder: other, network })).rejects.toThrow(/livekit\.log/);
  });
});
