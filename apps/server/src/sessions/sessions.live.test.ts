import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { routes } from "@lientuyen/api";
import { findEngine, sharedFolder, startEngine, type Engine } from "@lientuyen/livekit";
import type { Act } from "@lientuyen/session";
import { AccessToken } from "livekit-server-sdk";
import * as v from "valibot";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
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
import { endEndpoints, joinRoom, tone, type Endpoint } from "../../../../tests/media/endpoint.ts";
import { openMedia, type Present } from "./media.ts";

const binary = (await findEngine([sharedFolder()])) ?? "";
const keys = { key: "APItest", secret: "s".repeat(32) };
const folder = mkdtempSync(path.join(tmpdir(), "lientuyen-sessions-"));
const patience = { timeout: 30_000 };
let engine: Engine;
let network: Network;
const pens = new Map<string, Pen>();
const clients = new Map<string, Client>();
const client = (facility: string): Client => {
  const found = clients.get(facility);
  if (found === undefined) throw new Error(facility);
  return found;
};
const nameOf = (facility: string): string => `${facility}/${pens.get(facility)?.person}`;

/** A browser's signalling connection, as far as the engine's answer to its joining. */
interface Line {
  /** What the door or the engine said: joined, or the connection ended before that. */
  readonly joined: Promise<boolean>;
  readonly isOpen: () => boolean;
  readonly close: () => void;
}
const lines: Line[] = [];
const connect = (base: string, token: string): Line => {
  const url = `${base.replace(/^http/, "ws")}/rtc?access_token=${token}&protocol=15&auto_subscribe=1`;
  const socket = new WebSocket(url);
  const joined = new Promise<boolean>((resolve) => {
    socket.addEventListener("message", () => resolve(true), { once: true });
    socket.addEventListener("close", () => resolve(false), { once: true });
  });
  const line: Line = {
    joined,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: () => socket.close(),
  };
  lines.push(line);
  return line;
};

/** The same with media: a client of the engine's own. */
const endpoints: Endpoint[] = [];
const enter = async (token: string): Promise<Endpoint | undefined> => {
  const endpoint = await joinRoom(network.url, token);
  if (endpoint !== undefined) endpoints.push(endpoint);
  return endpoint;
};
const enterAs = async (session: string, facility: string): Promise<Endpoint> => {
  const endpoint = await enter(await tokenOf(session, facility));
  if (endpoint === undefined) throw new Error(`${facility} was not let in`);
  return endpoint;
};

const media = () =>
  openMedia({ ...keys, url: engine.url, publicUrl: undefined, state: () => "ready" });
const present = (room: string): Promise<readonly Present[]> => media().listPresent(room);
const namesIn = async (room: string): Promise<readonly string[]> =>
  (await present(room)).map(({ who }) => who).sort();

const Stored = routes.openSession.out;
const act = async (session: string, facility: string, given: Act): Promise<void> => {
  const answer = await client(facility).post(`/v1/sessions/${session}/acts`, { act: given });
  expect([given.act, answer.status]).toEqual([given.act, 200]);
};
const askToken = (session: string, facility: string): Promise<Response> =>
  client(facility).post(`/v1/sessions/${session}/token`, undefined);
const tokenOf = async (session: string, facility: string): Promise<string> => {
  const answer = v.parse(routes.sessionToken.out, await (await askToken(session, facility)).json());
  // Signalling goes through the app's own door.
  expect([answer.url, answer.seconds]).toEqual([undefined, 300]);
  return answer.token;
};

/** A session with the station as its chair and, unless told otherwise, the province inside. */
const meet = async (): Promise<string> => {
  const pen = pens.get(station);
  if (pen === undefined) throw new Error("no pen");
  const { log } = await sendCase(pen, client(station));
  const answer = await client(station).post("/v1/sessions", { log });
  const { session } = v.parse(Stored, await answer.json());
  await act(session, province, { act: "arrive", who: nameOf(province) });
  return session;
};

describe.skipIf(binary === "")("media for who is in the session, and for nobody else", () => {
  beforeAll(async () => {
    engine = await startEngine({ binary, folder, ...keys, network: undefined });
    network = await startNetwork({
      live: { ...keys, url: engine.url, publicUrl: undefined, state: () => "ready" },
    });
    for (const facility of [station, province, otherStation]) {
      pens.set(facility, await network.person(`l${facility}`, facility, ["physician"]));
      clients.set(facility, await network.signIn(`l${facility}`));
    }
  });
  afterEach(async () => {
    for (const line of lines.splice(0)) line.close();
    for (const endpoint of endpoints.splice(0)) await endpoint.close();
  });
  afterAll(async () => {
    await endEndpoints();
    await network.close();
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("both sides of a case come in, each under one name, and publish nothing but voice and picture", async () => {
    const session = await meet();
    const both = [station, province].map(async (facility) =>
      connect(network.url, await tokenOf(session, facility)),
    );
    for (const line of both) expect(await (await line).joined).toBe(true);
    await expect.poll(() => namesIn(session), patience).toEqual([province, station].map(nameOf));
    expect((await present(session)).map(({ mayPublish }) => mayPublish)).toEqual([true, true]);
  });

  test("a stranger, an expired token, one of other keys and one for another room get nothing, here and at the engine", async () => {
    const session = await meet();
    const other = await meet();
    await media().openRoom(session);
    expect((await askToken(session, otherStation)).status).toBe(404);
    const forge = (identity: string, room: string, secret = keys.secret, ttl = 300) => {
      const token = new AccessToken(keys.key, secret, { identity, ttl });
      token.addGrant({ room, roomJoin: true });
      return token.toJwt();
    };
    const expired = await forge(nameOf(station), session, keys.secret, -60);
    const foreign = await forge(nameOf(station), session, "x".repeat(32));
    for (const token of [expired, foreign, ""])
      for (const base of [network.url, engine.url])
        expect(await connect(base, token).joined).toBe(false);
    // Right keys, but nobody of this session; and a room that is no session.
    for (const [who, room] of [
      [nameOf(otherStation), session],
      [nameOf(station), "0190d8a0-0000-7000-8000-000000000000"],
    ] as const)
      expect(await connect(network.url, await forge(who, room)).joined).toBe(false);
    const right = await tokenOf(session, station);
    expect(await connect(network.url, right).joined).toBe(true);
    expect(await namesIn(other)).toEqual([]);
    expect(await namesIn(session)).toEqual([nameOf(station)]);
  });

  test("who is removed is out within 2 s, and the token that is still good opens nothing", async () => {
    const session = await meet();
    const token = await tokenOf(session, province);
    const line = connect(network.url, token);
    expect(await line.joined).toBe(true);
    const from = performance.now();
    await act(session, station, { act: "remove", who: nameOf(province) });
    expect(await namesIn(session)).toEqual([]);
    await expect.poll(line.isOpen, { ...patience, interval: 10 }).toBe(false);
    const tookMs = performance.now() - from;
    expect(await connect(network.url, token).joined).toBe(false);
    expect((await askToken(session, province)).status).toBe(403);
    // Past the door, as with an engine elsewhere: the watch sends out who came back with the old token.
    expect(await connect(engine.url, token).joined).toBe(true);
    await expect.poll(() => namesIn(session), patience).toEqual([]);
    process.stdout.write(`removed and out after ${Math.round(tookMs)} ms\n`);
  });

  test("nobody hears a session but who is in it: no stranger, no expired token, none of another room, nobody removed", async () => {
    const session = await meet();
    const other = await meet();
    const speaker = await enterAs(session, station);
    await speaker.speak(tone);
    const listener = await enterAs(session, province);
    // The measure of time is what the one who may hear it hears: two seconds of it, each time.
    const goOn = async (ear: Endpoint): Promise<void> => {
      const before = ear.heard();
      await expect.poll(ear.heard, patience).toBeGreaterThan(before + 20);
    };
    await goOn(listener);

    const forge = (who: string, room: string, secret = keys.secret, ttl = 300) => {
      const token = new AccessToken(keys.key, secret, { identity: who, ttl });
      token.addGrant({ room, roomJoin: true, canSubscribe: true });
      return token.toJwt();
    };
    const outside = [
      await enter(await forge(nameOf(otherStation), session)),
      await enter(await forge(nameOf(otherStation), session, "x".repeat(32))),
      await enter(await forge(nameOf(province), session, keys.secret, -60)),
    ];
    expect(outside).toEqual([undefined, undefined, undefined]);
    // In another room, under the same name as the one who listens here: let in there, and hears nothing of this one.
    const elsewhere = await enterAs(other, province);
    await goOn(listener);
    expect(elsewhere.heard()).toBe(0);

    const token = await tokenOf(session, province);
    const from = performance.now();
    await act(session, station, { act: "remove", who: nameOf(province) });
    await expect.poll(listener.isConnected, { ...patience, interval: 10 }).toBe(false);
    const tookMs = Math.round(performance.now() - from);
    const heardByThen = listener.heard();
    expect(await enter(token)).toBeUndefined();
    await act(session, station, {
      act: "invite",
      who: nameOf(province),
      role: "listener",
      untilMs: null,
    });
    expect(await enter(token)).toBeUndefined();
    await act(session, province, { act: "arrive", who: nameOf(province) });
    // Invited anew, the speech is still there to be heard: it was the removal that kept it away.
    await goOn(await enterAs(session, province));
    expect(listener.heard()).toBeLessThanOrEqual(heardByThen + 1);
    process.stdout.write(`removed: heard nothing more after ${tookMs} ms\n`);
  });

  test("a listener publishes nothing without the floor, and may with it", async () => {
    const session = await meet();
    await act(session, station, { act: "setRole", who: nameOf(province), role: "listener" });
    expect(await connect(network.url, await tokenOf(session, province)).joined).toBe(true);
    const may = async () => (await present(session)).map(({ mayPublish }) => mayPublish);
    expect(await may()).toEqual([false]);
    await act(session, station, { act: "giveFloor", who: nameOf(province) });
    expect(await may()).toEqual([true]);
    await act(session, station, { act: "endFloor", who: nameOf(province) });
    expect(await may()).toEqual([false]);
  });

  test("the chair's end closes the room for everybody", async () => {
    const session = await meet();
    const line = connect(network.url, await tokenOf(session, province));
    expect(await line.joined).toBe(true);
    await act(session, station, { act: "end" });
    await expect.poll(line.isOpen, patience).toBe(false);
    expect((await askToken(session, station)).status).toBe(403);
    expect(await namesIn(session)).toEqual([]);
  });
});
