import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { randomBytes } from "node:crypto";
import { findEngine, sharedFolder, startEngine, type Engine } from "@lientuyen/livekit";
import { AccessToken, RoomServiceClient } from "livekit-server-sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clockTone, decodeOgg, readRecording } from "../../../tests/media/clockTone.ts";
import { endEndpoints, joinRoom } from "../../../tests/media/endpoint.ts";
import { startJoining, startRecorder } from "./index.ts";
import { readSegments } from "./segment.ts";

const binary = (await findEngine([sharedFolder()])) ?? "";
const keys = { key: "APItest", secret: "s".repeat(32) };
const folder = mkdtempSync(path.join(tmpdir(), "lientuyen-recorder-"));
let engine: Engine;

const tokenFor = (identity: string, recorder: boolean): Promise<string> => {
  const token = new AccessToken(keys.key, keys.secret, { identity });
  token.addGrant({
    room: "room",
    roomJoin: true,
    canPublish: !recorder,
    hidden: recorder,
    recorder,
  });
  return token.toJwt();
};

describe.skipIf(binary === "")("the recorder beside a real engine", () => {
  beforeAll(async () => {
    engine = await startEngine({ binary, folder, ...keys, network: undefined });
    await new RoomServiceClient(engine.url, keys.key, keys.secret).createRoom({ name: "room" });
  });
  afterAll(async () => {
    await endEndpoints();
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** How much sound the runs hold by now, in tenths of a second. */
  const kept = async (runs: string, key: Uint8Array): Promise<number> => {
    let count = 0;
    for (const name of readdirSync(runs))
      for await (const { mark } of readSegments(path.join(runs, name), key))
        if (mark.mark === "sound") count++;
    return count;
  };

  test("what is said is kept, sealed; a kill costs what is listed, and the rest joins into one file that plays", async () => {
    const runs = path.join(folder, "runs");
    const key = randomBytes(32);
    const speaker = await joinRoom(engine.url, await tokenFor("a", false));
    await speaker?.speak(clockTone);
    const record = async () =>
      startRecorder({
        url: engine.url,
        token: await tokenFor("recorder", true),
        folder: runs,
        key,
      });
    const startMs = Date.now();
    const untilKept = async (count: number): Promise<void> => {
      await expect
        .poll(() => kept(runs, key).catch(() => 0), { timeout: 60_000, interval: 100 })
        .toBeGreaterThan(count);
    };
    const first = await record();
    await untilKept(20);
    process.kill(first.pid, "SIGKILL");
    await expect.poll(first.isGone).toBe(true);
    const before = await kept(runs, key);
    const second = await record();
    await untilKept(before + 20);
    const endMs = Date.now();
    await second.stop();
    await speaker?.close();

    const to = path.join(folder, "joined.ogg");
    const joined = await startJoining(
      { folder: runs, key, startMs, endMs, to },
      new AbortController().signal,
    );
    const reading = readRecording(await decodeOgg(to), joined.gaps);
    expect(joined.hasSound).toBe(true);
    // Before the first, and between the two; each time nobody at all is recorded, then the one not yet.
    expect(joined.gaps.filter(({ who }) => who === null)).toHaveLength(2);
    expect(reading.lostMs).toBe(0);
    expect(reading.extraMs).toBe(0);
    expect(reading.heardMs).toBeGreaterThan(4_000);
    // Nobody reads a run without the key: neither names nor sound lie there in clear.
    for (const name of readdirSync(runs)) {
      const bytes = readFileSync(path.join(runs, name));
      expect(bytes.includes("mark")).toBe(false);
      const unread = readSegments(path.join(runs, name), randomBytes(32));
      expect((await unread.next()).done).toBe(true);
    }
  });
});
