import { createWriteStream } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { once } from "node:events";
import { gapsOf } from "./gaps.ts";
import { samplesPerSecond, type Mark } from "./mark.ts";
import { mixFrom } from "./mix.ts";
import { writeOgg } from "./ogg.ts";
import type { Joined } from "./orders.ts";
import { frameSamples, openEncoder } from "./opus.ts";
import { readSegments } from "./segment.ts";

export interface Joining {
  /** Where the runs of the recorder lie. */
  readonly folder: string;
  readonly key: Uint8Array;
  /** When recording was turned on and off; ms since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  /** What is written: Opus in Ogg, one channel. */
  readonly to: string;
}

const runFile = /^\d+-[0-9a-f]+\.run$/;
/** Named so that the order of names is that of time. */
export const runName = (atMs: number, random: string): string =>
  `${String(Math.round(atMs)).padStart(15, "0")}-${random}.run`;

const runsIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder).catch(() => []))
    .filter((name) => runFile.test(name))
    .sort()
    .map((name) => path.join(folder, name));

const marksOf = async (file: string, key: Uint8Array): Promise<readonly Mark[]> => {
  const marks: Mark[] = [];
  for await (const { mark } of readSegments(file, key)) marks.push(mark);
  return marks;
};

/** Sound in pieces of any length, out in packets. */
const openFile = (to: string) => {
  const file = createWriteStream(to, { mode: 0o600 });
  const ogg = writeOgg(samplesPerSecond);
  const encoder = openEncoder();
  let waiting = new Int16Array();
  file.write(ogg.head);
  const encode = (samples: Int16Array): void => {
    const bytes = ogg.add(encoder.encode(samples));
    if (bytes !== undefined) file.write(bytes);
  };
  return {
    add: (samples: Int16Array): void => {
      const all = new Int16Array(waiting.length + samples.length);
      all.set(waiting);
      all.set(samples, waiting.length);
      let at = 0;
      for (; at + frameSamples <= all.length; at += frameSamples)
        encode(all.slice(at, at + frameSamples));
      waiting = all.slice(at);
    },
    flushed: async (): Promise<void> => {
      if (file.writableNeedDrain) await once(file, "drain");
    },
    end: async (): Promise<void> => {
      if (waiting.length > 0) {
        const last = new Int16Array(frameSamples);
        last.set(waiting);
        encode(last);
      }
      encoder.close();
      file.end(ogg.end());
      await once(file, "finish");
    },
  };
};

/** One playable file of everything that the runs recorded, and the list of what they did not. */
export const joinRecording = async (joining: Joining): Promise<Joined> => {
  const { folder, key, startMs, endMs } = joining;
  const runs = await runsIn(folder);
  const marks = await Promise.all(runs.map((file) => marksOf(file, key)));
  const file = openFile(joining.to);
  const mix = mixFrom(startMs, file.add);
  let hasSound = false;
  for (const run of runs)
    for await (const { mark, samples } of readSegments(run, key)) {
      if (mark.mark !== "sound" || mark.atMs >= endMs) continue;
      hasSound = true;
      mix.add(mark.track, mark.atMs, samples);
      await file.flushed();
    }
  mix.end(endMs);
  await file.end();
  return {
    durationMs: Math.round(endMs - startMs),
    gaps: [...gapsOf(marks, startMs, endMs)],
    hasSound,
  };
};
