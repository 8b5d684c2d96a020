import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startJoining, startRecorder, type Recorder } from "@lientuyen/recorder";
import { server } from "@lientuyen/session";
import type { Core } from "../core.ts";
import { errorFields } from "../config/logbook.ts";
import { takeFile } from "../files/held.ts";
import { measure } from "../files/storage.ts";
import { Failure } from "../http/failure.ts";
import { tokenSeconds } from "../sessions/media.ts";
import { playAct } from "../sessions/play.ts";
import { readyMedia } from "../sessions/room.ts";
import { isRecordable } from "./consent.ts";
import {
  finishRecording,
  holdRecording,
  listUnderWay,
  type Outcome,
  type Recording,
} from "./store.ts";

export interface RecordingWatch {
  /** Twice is fine. */
  readonly close: () => Promise<void>;
}

type UnderWay = Recording & { readonly key: string };
interface Running {
  readonly recorder: Recorder;
  renewAtMs: number;
}

const pauseMs = 500;
/** After a joining that failed: a full disk is not asked every half second. */
const retryMs = 60_000;
const fileType = "audio/ogg";

/** One recording's sealed segments become a file of its case; nothing of them stays. */
const joinOne = async (core: Core, one: UnderWay, stop: AbortSignal): Promise<void> => {
  const folder = path.join(core.files.recordingsDir, one.id);
  const to = path.join(folder, "joined");
  const key = Buffer.from(one.key, "base64url");
  const endMs = one.endedAtMs ?? one.startedAtMs;
  const joined = await startJoining({ folder, key, startMs: one.startedAtMs, endMs, to }, stop);
  let outcome: Outcome = { outcome: "silent" };
  if (joined.hasSound) {
    const file = { ...(await measure(to)), type: fileType };
    const [facility = ""] = one.startedBy.split("/");
    await takeFile(core, core.files, { log: one.log, ...file, facility }, to);
    outcome = { outcome: "file", file, durationMs: joined.durationMs, gaps: [...joined.gaps] };
  }
  await core.database.asSystem((tx) => finishRecording(tx, one.id, outcome));
  await rm(folder, { recursive: true, force: true });
};

/** What a kill between the last two steps left behind: sealed, with a key that is no more. */
const sweep = async (core: Core): Promise<void> => {
  const left = await readdir(core.files.recordingsDir).catch(() => []);
  const all = await core.database.asSystem(listUnderWay);
  for (const id of left)
    if (!all.some((one) => one.id === id))
      await rm(path.join(core.files.recordingsDir, id), { recursive: true, force: true });
};

/**
 * Twice a second: what is to be recorded has its recorder, what was recorded is joined. Any number of server processes may
 * do it; each recording is one's at a time, and another's within seconds where that one is gone.
 */
export const startRecordingWatch = (core: Core): RecordingWatch => {
  const stop = new AbortController();
  const holder = Buffer.from(core.random(12)).toString("base64url");
  let wake = new AbortController();
  const running = new Map<string, Running>();
  const joining = new Map<string, Promise<void>>();
  const failedAtMs = new Map<string, number>();

  const record = async (one: UnderWay): Promise<void> => {
    const media = readyMedia(core);
    const there = running.get(one.id);
    const renewed = there !== undefined && core.now() < there.renewAtMs;
    if (media === undefined || core.live === undefined) return;
    if (there !== undefined && !there.recorder.isGone() && renewed) return;
    await media.openRoom(one.session);
    const token = await media.makeRecorderToken(one.session);
    // Long before it ends, so that whenever the recorder has to go in again it has one.
    const renewAtMs = core.now() + (tokenSeconds * 1_000) / 5;
    if (there !== undefined && !there.recorder.isGone()) {
      there.recorder.renew(token);
      there.renewAtMs = renewAtMs;
      return;
    }
    const folder = path.join(core.files.recordingsDir, one.id);
    const key = Buffer.from(one.key, "base64url");
    const recorder = startRecorder({ url: core.live.url, token, folder, key });
    running.set(one.id, { recorder, renewAtMs });
    // One that was killed is replaced at once.
    void recorder.ended.then(() => wake.abort());
  };

  const stopRecorder = async (id: string): Promise<void> => {
    await running.get(id)?.recorder.stop();
    running.delete(id);
  };

  const join = (one: UnderWay): void => {
    const failed = failedAtMs.get(one.id);
    if (joining.has(one.id) || (failed !== undefined && core.now() - failed < retryMs)) return;
    const work = joinOne(core, one, stop.signal)
      .catch((error: unknown) => {
        if (stop.signal.aborted) return;
        failedAtMs.set(one.id, core.now());
        core.logbook.error("recordingFailed", errorFields(error));
      })
      .finally(() => joining.delete(one.id));
    joining.set(one.id, work);
  };

  /** A consent taken back ends it, whoever is in the session. */
  const stopUnasked = async (one: UnderWay): Promise<void> => {
    await core.database
      .asSystem(async (tx) => {
        if (await isRecordable(core, tx, one.log)) return;
        await playAct(core, tx, one.session, server, { act: "stopRecording" });
      })
      .catch((error: unknown) => {
        if (!(error instanceof Failure)) throw error;
      });
  };

  const look = async (one: UnderWay): Promise<void> => {
    const held = await core.database.asSystem((tx) => holdRecording(core, tx, one.id, holder));
    if (!held || one.endedAtMs !== null) await stopRecorder(one.id);
    if (!held) return;
    if (one.endedAtMs !== null) return join(one);
    await stopUnasked(one);
    await record(one);
  };

  const round = async (): Promise<void> => {
    const all = await core.database.asSystem(listUnderWay);
    for (const one of all) await look(one);
    for (const id of running.keys()) if (!all.some((one) => one.id === id)) await stopRecorder(id);
  };

  const run = async (): Promise<void> => {
    await sweep(core).catch((error: unknown) => {
      core.logbook.warn("recordingFailed", errorFields(error));
    });
    while (!stop.signal.aborted) {
      await round().catch((error: unknown) => {
        core.logbook.warn("recordingFailed", errorFields(error));
      });
      const signal = AbortSignal.any([stop.signal, wake.signal]);
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
      wake = new AbortController();
    }
    for (const id of running.keys()) await stopRecorder(id);
    await Promise.all(joining.values());
  };
  const done = core.live === undefined ? Promise.resolve() : run();
  return {
    close: async () => {
      stop.abort();
      await done;
    },
  };
};
