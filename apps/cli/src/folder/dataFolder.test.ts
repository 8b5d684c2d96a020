import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readSettings } from "../environment.ts";
import { Failure } from "../failure.ts";
import { explain } from "../words.ts";
import { openDataFolder } from "./dataFolder.ts";
import { takeLock } from "./lock.ts";
import { keepSecret } from "./secretFile.ts";

let parent = "";
let folder = "";
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), "lientuyen-data-"));
  folder = path.join(parent, "data");
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const reasonOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error.reason.code;
    throw error;
  }
  return "none";
};

describe("the data folder", () => {
  test("is made once and keeps its kind", () => {
    const first = openDataFolder(folder, undefined);
    expect(first.installation).toMatchObject({ kind: "demo", ready: false });
    expect(openDataFolder(folder, undefined).installation).toEqual(first.installation);
    expect(reasonOf(() => openDataFolder(folder, false))).toBe("demoFolder");
  });

  test("of a newer version is refused with one sentence, and left alone", () => {
    mkdirSync(folder);
    const text = '{"format":99,"other":"unknown"}';
    writeFileSync(path.join(folder, "installation.json"), text);
    expect(reasonOf(() => openDataFolder(folder, undefined))).toBe("newerFolder");
    expect(readFileSync(path.join(folder, "installation.json"), "utf8")).toBe(text);
  });

  test("a folder with somebody's other files is not taken over", () => {
    mkdirSync(folder);
    writeFileSync(path.join(folder, "holiday.jpg"), "");
    expect(reasonOf(() => openDataFolder(folder, undefined))).toBe("folderNotOurs");
  });

  test("secrets are made once, for their owner alone", async () => {
    const { secrets } = openDataFolder(folder, false);
    const first = await keepSecret(secrets, "x", () => "one");
    expect(await keepSecret(secrets, "x", () => "two")).toBe(first);
    expect(statSync(path.join(secrets, "x")).mode & 0o777).toBe(0o600);
    expect(statSync(secrets).mode & 0o777).toBe(0o700);
  });

  test("one process at a time; the second is told where the first is", async () => {
    openDataFolder(folder, undefined);
    const lock = await takeLock(folder);
    lock.setAddress("http://127.0.0.1:8080");
    await expect(takeLock(folder)).rejects.toMatchObject({
      reason: { code: "alreadyRunning", address: "http://127.0.0.1:8080" },
    });
    await lock.release();
    await (await takeLock(folder)).release();
  });
});

describe("settings", () => {
  test("have their defaults", () => {
    expect(readSettings({}, [], "/program")).toEqual({
      dataFolder: "/program/.lientuyen",
      demo: undefined,
      databaseUrl: undefined,
      port: 8080,
      host: "127.0.0.1",
      tlsFiles: undefined,
      lan: false,
      demoOnNetwork: false,
      depositAt: [],
      witnessed: [],
      live: { kind: "own", network: undefined },
    });
    expect(readSettings({ LIENTUYEN_DEMO: "0", PORT: "9000" }, ["--lan"], "/p")).toMatchObject({
      demo: false,
      port: 9000,
      host: "0.0.0.0",
      lan: true,
      live: { kind: "own", network: { udp: 7882, tcp: 7881, ip: undefined, turn: undefined } },
    });
  });

  test("the media engine is none, somebody's own, or the one that comes along", () => {
    const elsewhere = { LIVEKIT_URL: "wss://live.example", LIVEKIT_API_KEY: "key" };
    const secret = "s".repeat(32);
    const liveOf = (env: NodeJS.ProcessEnv) => readSettings(env, [], "/p").live;
    expect(liveOf({ ...elsewhere, LIVEKIT_API_SECRET: secret })).toEqual({
      kind: "external",
      url: "wss://live.example",
      key: "key",
      secret,
    });
    expect(liveOf({ ...elsewhere, LIENTUYEN_LIVE: "0" })).toEqual({ kind: "off" });
    expect(liveOf({ HOST: "0.0.0.0", LIENTUYEN_LIVE_IP: "10.0.0.5" })).toEqual({
      kind: "own",
      network: { udp: 7882, tcp: 7881, ip: "10.0.0.5", turn: undefined },
    });
    const files = { TLS_CERT: "/c.pem", TLS_KEY: "/k.pem" };
    expect(
      liveOf({ HOST: "0.0.0.0", LIENTUYEN_LIVE_TURN: "turn.example", ...files }),
    ).toMatchObject({
      network: { turn: { domain: "turn.example", port: 5349, cert: "/c.pem", key: "/k.pem" } },
    });
  });

  test.each([
    [{ PORT: "80a" }, []],
    [{ PORT: "70000" }, []],
    [{ DATABASE_URL: "mysql://x" }, []],
    [{ TLS_CERT: "a.pem" }, []],
    [{ LIVEKIT_URL: "live.example" }, []],
    [{ LIVEKIT_URL: "wss://live.example", LIVEKIT_API_KEY: "key" }, []],
    [{ LIENTUYEN_LIVE_IP: "here" }, []],
    [{ HOST: "0.0.0.0", LIENTUYEN_LIVE_TURN: "turn.example" }, []],
    [{}, ["--unknown"]],
  ])("a wrong one is named in one sentence: %j %j", (env, args) => {
    expect(reasonOf(() => readSettings(env, args, "/p"))).toBe("badSetting");
  });

  test("every sentence is one line in each language", () => {
    const [vi, en] = explain({ code: "portInUse", port: 8080 });
    expect(vi).toMatch(/^Cổng 8080 .*PORT=8081/);
    expect(en).not.toContain("\n");
  });
});
