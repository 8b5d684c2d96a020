import { mkdtemp, rm, stat } from "node:fs/promises";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { routes } from "@lientuyen/api";
import { findEngine, sharedFolder, startEngine } from "@lientuyen/livekit";
import { seeded } from "@lientuyen/sync/testing";
import * as v from "valibot";
import {
  sendCase,
  startNetwork,
  station,
  type Client,
  type Network,
} from "../../apps/server/src/test/network.ts";
import { clockTone, decodeOgg, readRecording } from "../media/clockTone.ts";
import { endEndpoints, joinRoom } from "../media/endpoint.ts";
import { bytesIn, recordersOf } from "../media/recorders.ts";
import type { Bench, Figure } from "./harness/figure.ts";

const kills = 10;
const keys = { key: "APItest", secret: "s".repeat(32) };

/**
 * A session in which somebody says the time without a pause, recorded by the server; the recorder is killed again and
 * again. What the file of the case says is held against the time and against its own list of gaps.
 */
export const bench: Bench = {
  name: "live-record",
  run: async ({ say }) => {
    const folder = await mkdtemp(path.join(tmpdir(), "lientuyen-bench-record-"));
    const binary = await findEngine([sharedFolder()]);
    if (binary === undefined) throw new Error("the media engine is not here");
    const engine = await startEngine({ binary, folder, ...keys, network: undefined });
    const network = await startNetwork({
      live: { ...keys, url: engine.url, publicUrl: undefined, state: () => "ready" },
    });
    try {
      return await record(network, folder, say);
    } finally {
      await endEndpoints();
      await network.close();
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Session {
  readonly client: Client;
  readonly id: string;
  readonly session: string;
  readonly keep: (file: Ready) => Promise<void>;
}
type Listed = v.InferOutput<typeof routes.recordings.out>["recordings"][number];
type Ready = Extract<Listed, { readonly state: "ready" }>;

const openSession = async (network: Network): Promise<Session> => {
  const pen = await network.person("ghi", station, ["physician"]);
  const client = await network.signIn("ghi");
  const { log, id } = await sendCase(pen, client);
  const at = new Date().toISOString();
  const { signed } = await pen.fact(log, {
    kind: "recordingConsent",
    body: { given: true, by: "patient", how: "spoken", at },
  });
  await client.append(signed);
  const opened = await client.post("/v1/sessions", { log });
  const { session } = v.parse(routes.openSession.out, await opened.json());
  const keep = async ({ file, durationMs }: Ready): Promise<void> => {
    const added = await pen.fact(log, {
      kind: "fileAdded",
      body: { file, role: "voice", durationMs },
    });
    await client.append(added.signed);
  };
  return { client, id, session, keep };
};

const act = async ({ client, session }: Session, given: string): Promise<void> => {
  const answer = await client.post(`/v1/sessions/${session}/acts`, { act: { act: given } });
  if (answer.status !== 200) throw new Error(`${given}: ${await answer.text()}`);
};

const listOne = async ({ client, id }: Session): Promise<Listed> => {
  const answer = await client.get(`/v1/cases/${id}/recordings`);
  const [one] = v.parse(routes.recordings.out, await answer.json()).recordings;
  if (one === undefined) throw new Error("nothing is recorded");
  return one;
};

const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const endMs = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`never came: ${what}`);
    await wait(50);
  }
};

const killAgainAndAgain = async (sealed: string, say: (line: string) => void): Promise<void> => {
  const seed = Math.floor(Math.random() * 0x7fff_ffff);
  say(`seed ${seed}`);
  const random = seeded(seed);
  for (let killed = 0; killed < kills; killed++) {
    const before = bytesIn(sealed);
    await until("sound that is kept", () => bytesIn(sealed) > before + 40_000);
    await wait(random() * 4_000);
    await until("one recorder", () => recordersOf(process.pid).length === 1);
    for (const pid of recordersOf(process.pid)) process.kill(pid, "SIGKILL");
  }
  const before = bytesIn(sealed);
  await until("sound after the last kill", () => bytesIn(sealed) > before + 100_000);
};

const record = async (
  network: Network,
  folder: string,
  say: (line: string) => void,
): Promise<readonly Figure[]> => {
  const session = await openSession(network);
  const asked = await session.client.post(`/v1/sessions/${session.session}/token`, undefined);
  const { token } = v.parse(routes.sessionToken.out, await asked.json());
  const speaker = await joinRoom(network.url, token);
  if (speaker === undefined) throw new Error("the speaker was not let in");
  await speaker.speak(clockTone);
  await act(session, "startRecording");
  const { recording } = await listOne(session);
  await killAgainAndAgain(path.join(network.folder, "files", "recordings", recording), say);
  await act(session, "stopRecording");
  const stoppedMs = performance.now();
  await until("the joined file", async () => (await listOne(session)).state === "ready");
  const joinedMs = performance.now() - stoppedMs;
  await speaker.close();
  const ready = await listOne(session);
  if (ready.state !== "ready") throw new Error(ready.state);
  await session.keep(ready);
  const copy = path.join(folder, "got.ogg");
  const got = await session.client.get(`/v1/cases/${session.id}/files/${ready.file.hash}`);
  writeFileSync(copy, Buffer.from(await got.arrayBuffer()));
  return figures(ready, await decodeOgg(copy), joinedMs, (await stat(copy)).size);
};

const figures = (
  { gaps, durationMs }: Ready,
  samples: Int16Array,
  joinedMs: number,
  bytes: number,
): readonly Figure[] => {
  const reading = readRecording(samples, gaps);
  const inner = gaps.filter(({ fromMs, who }) => who === null && fromMs > 0);
  const missing = gaps.map(({ fromMs, toMs }) => toMs - fromMs);
  return [
    { id: "kills", value: inner.length, unit: "gaps of everybody", goal: { atLeast: kills } },
    {
      id: "lost-unlisted",
      value: reading.lostMs,
      unit: "ms",
      goal: { atMost: 0 },
      note: "sound that is missing or at another moment than its own, further than 100 ms from every listed gap",
    },
    {
      id: "listed-not-lost",
      value: reading.extraMs,
      unit: "ms",
      goal: { atMost: 0 },
      note: "sound that is there, further than 100 ms inside a listed gap",
    },
    {
      id: "worst-off",
      value: reading.worstOffMs,
      unit: "ms",
      goal: { atMost: 150 },
      note: "a moment's tone from its place in the file; tones last 100 ms and are read by 50",
    },
    {
      id: "missing-for-each-kill",
      value: missing.reduce((sum, each) => sum + each, 0) / (kills + 1),
      unit: "ms",
      note: "listed gaps over kills and the beginning: until the server has seen it, a new recorder runs and is in the room",
    },
    {
      id: "kept",
      value: Math.round((reading.heardMs / durationMs) * 1_000) / 10,
      unit: "% of the time",
    },
    {
      id: "joined-after",
      value: joinedMs / 1_000,
      unit: "s",
      note: `a recording of ${Math.round(durationMs / 1_000)} s`,
    },
    { id: "file", value: Math.round((bytes * 8) / durationMs), unit: "kbit/s" },
  ];
};
