import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { errors, routes } from "@lientuyen/api";
import { findEngine, sharedFolder, startEngine, type Engine } from "@lientuyen/livekit";
import type { Act } from "@lientuyen/session";
import * as v from "valibot";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { clockTone, decodeOgg, readRecording } from "../../../../tests/media/clockTone.ts";
import { endEndpoints, joinRoom, type Endpoint } from "../../../../tests/media/endpoint.ts";
import { bytesIn, recordersOf } from "../../../../tests/media/recorders.ts";
import {
  otherStation,
  province,
  sendCase,
  startNetwork,
  station,
  type Client,
  type Network,
  type Pen,
} from "../test/network.ts";

const binary = (await findEngine([sharedFolder()])) ?? "";
const keys = { key: "APItest", secret: "s".repeat(32) };
const folder = mkdtempSync(path.join(tmpdir(), "lientuyen-recordings-"));
const patience = { timeout: 60_000, interval: 100 };
let engine: Engine;
let network: Network;
const pens = new Map<string, Pen>();
const clients = new Map<string, Client>();
const endpoints: Endpoint[] = [];
const of = <T>(map: ReadonlyMap<string, T>, facility: string): T => {
  const found = map.get(facility);
  if (found === undefined) throw new Error(facility);
  return found;
};
const client = (facility: string): Client => of(clients, facility);
const pen = (facility: string): Pen => of(pens, facility);
const nameOf = (facility: string): string => `${facility}/${pen(facility).person}`;

const tryAct = (session: string, facility: string, act: Act): Promise<Response> =>
  client(facility).post(`/v1/sessions/${session}/acts`, { act });
const act = async (session: string, facility: string, given: Act): Promise<void> => {
  const answer = await tryAct(session, facility, given);
  expect([given.act, answer.status]).toEqual([given.act, 200]);
};

/** A case with a live session over it; the station chairs, the province is inside. */
const meet = async () => {
  const { log, id } = await sendCase(pen(station), client(station));
  const answer = await client(station).post("/v1/sessions", { log });
  const { session } = v.parse(routes.openSession.out, await answer.json());
  await act(session, province, { act: "arrive", who: nameOf(province) });
  return { log, id, session };
};
const consent = async (log: string, given: boolean, after: readonly string[]): Promise<string> => {
  const at = new Date().toISOString();
  const { signed, hash } = await pen(station).fact(
    log,
    { kind: "recordingConsent", body: { given, by: "patient", how: "spoken", at } },
    { after },
  );
  expect((await client(station).append(signed))[0]?.answer).toBe("received");
  return hash;
};
const speak = async (session: string, facility: string): Promise<void> => {
  const answer = await client(facility).post(`/v1/sessions/${session}/token`, undefined);
  const { token } = v.parse(routes.sessionToken.out, await answer.json());
  const endpoint = await joinRoom(network.url, token);
  if (endpoint === undefined) throw new Error("not let in");
  endpoints.push(endpoint);
  await endpoint.speak(clockTone);
};
const listed = async (id: string, facility = station) => {
  const answer = await client(facility).get(`/v1/cases/${id}/recordings`);
  return v.parse(routes.recordings.out, await answer.json()).recordings;
};
const stateAt = async (id: string): Promise<readonly string[]> =>
  (await listed(id)).map(({ state }) => state);
const recordingOn = async (session: string, facility: string): Promise<boolean> => {
  const answer = await client(facility).get(`/v1/sessions/${session}`);
  return v.parse(routes.session.out, await answer.json()).state.recording !== null;
};
const sealed = (recording: string): string =>
  path.join(network.folder, "files", "recordings", recording);
/** Bytes of the sealed segments by now. */
const kept = (recording: string): number => bytesIn(sealed(recording));
/** Two seconds of sound more than there were. */
const goOn = async (recording: string): Promise<void> => {
  const before = kept(recording);
  await expect.poll(() => kept(recording), patience).toBeGreaterThan(before + 70_000);
};

describe.skipIf(binary === "")("recording a session", () => {
  beforeAll(async () => {
    engine = await startEngine({ binary, folder, ...keys, network: undefined });
    network = await startNetwork({
      live: { ...keys, url: engine.url, publicUrl: undefined, state: () => "ready" },
    });
    for (const facility of [station, province, otherStation]) {
      pens.set(facility, await network.person(`r${facility}`, facility, ["physician"]));
      clients.set(facility, await network.signIn(`r${facility}`));
    }
  });
  afterEach(async () => {
    for (const endpoint of endpoints.splice(0)) await endpoint.close();
  });
  afterAll(async () => {
    await endEndpoints();
    await network.close();
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("without the patient's consent to it nothing is recorded, and with it everybody sees that it is", async () => {
    const { log, id, session } = await meet();
    expect(await recordingOn(session, province)).toBe(false);
    const refused = await tryAct(session, station, { act: "startRecording" });
    expect(await refused.json()).toMatchObject({ error: "recording_needs_consent" });
    expect(refused.status).toBe(errors.recording_needs_consent.status);
    const given = await consent(log, true, []);
    expect((await tryAct(session, province, { act: "startRecording" })).status).toBe(409);
    expect(await stateAt(id)).toEqual([]);
    await act(session, station, { act: "startRecording" });
    expect(await recordingOn(session, province)).toBe(true);
    expect(await stateAt(id)).toEqual(["recording"]);
    // Taken back, it ends without anybody in the session doing anything.
    await consent(log, false, [given]);
    await expect.poll(() => recordingOn(session, province), patience).toBe(false);
    await expect.poll(() => stateAt(id), patience).toEqual(["silent"]);
    expect((await tryAct(session, station, { act: "startRecording" })).status).toBe(409);
  });

  test("a recorder that is killed is replaced; the end joins what was said into a file of the case, and lists what is missing", async () => {
    const { log, id, session } = await meet();
    await consent(log, true, []);
    await speak(session, station);
    await act(session, station, { act: "startRecording" });
    const [{ recording } = { recording: "" }] = await listed(id);
    await goOn(recording);
    const [killed = 0, ...others] = recordersOf(process.pid);
    expect(others).toEqual([]);
    process.kill(killed, "SIGKILL");
    await goOn(recording);
    // What lies on the disk meanwhile names nobody and plays nothing.
    for (const name of readdirSync(sealed(recording)))
      expect(readFileSync(path.join(sealed(recording), name)).includes("sound")).toBe(false);
    await act(session, station, { act: "end" });
    await expect.poll(() => stateAt(id), patience).toEqual(["ready"]);
    const [ready] = await listed(id, province);
    if (ready?.state !== "ready") throw new Error(ready?.state);
    expect(ready.startedBy).toBe(nameOf(station));
    await expect.poll(() => existsSync(sealed(recording)), patience).toBe(false);
    const keysLeft = "select id from recording where outcome is not null and key is not null";
    expect(await network.query(keysLeft)).toEqual([]);
    expect(recordersOf(process.pid)).toEqual([]);

    // The device of whoever started it signs that it is a file of the case: before, nobody gets it.
    const { file, gaps } = ready;
    const at = `/v1/cases/${id}/files/${file.hash}`;
    expect((await client(province).get(at)).status).toBe(404);
    const { signed } = await pen(station).fact(log, {
      kind: "fileAdded",
      body: {
        file,
        role: "voice",
        durationMs: ready.durationMs,
        recording: {
          session,
          gaps: gaps.map(({ fromMs, toMs, who }) => ({
            fromMs,
            toMs,
            ...(who === null ? {} : { who }),
          })),
        },
      },
    });
    expect((await client(station).append(signed))[0]?.answer).toBe("received");
    expect((await client(otherStation).get(at)).status).toBe(404);
    expect((await client(otherStation).get(`/v1/cases/${id}/recordings`)).status).toBe(404);
    const got = Buffer.from(await (await client(province).get(at)).arrayBuffer());
    const copy = path.join(folder, "got.ogg");
    writeFileSync(copy, got);
    const reading = readRecording(await decodeOgg(copy), gaps);
    expect([reading.lostMs, reading.extraMs]).toEqual([0, 0]);
    expect(reading.heardMs).toBeGreaterThan(3_000);
    expect(gaps.filter(({ who }) => who === null).length).toBeGreaterThanOrEqual(2);
  });
});
