import { readFile } from "node:fs/promises";
import OpusScript from "opusscript";
import { sampleRate } from "./endpoint.ts";

// A sound that tells the time: every tenth of a second another of sixteen tones.

const slotMs = 100;
const tones = 16;
const roundMs = slotMs * tones;
const frequencyOf = (tone: number): number => 400 + 120 * tone;

/** One sample of it, at 48 kHz. */
export const clockTone = (n: number): number => {
  const tone = Math.floor((n * 1_000) / sampleRate / slotMs) % tones;
  return 8_000 * Math.sin((2 * Math.PI * frequencyOf(tone) * n) / sampleRate);
};

const decodedRate = 16_000;

/** The packets of an Ogg file of one stream. */
const packetsOf = (bytes: Buffer): readonly Buffer[] => {
  const packets: Buffer[] = [];
  let parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    if (bytes.toString("latin1", at, at + 4) !== "OggS") throw new Error("not Ogg");
    const count = bytes[at + 26] ?? 0;
    let place = at + 27 + count;
    for (const lace of bytes.subarray(at + 27, at + 27 + count)) {
      parts.push(bytes.subarray(place, place + lace));
      place += lace;
      if (lace === 255) continue;
      packets.push(Buffer.concat(parts));
      parts = [];
    }
    at = place;
  }
  return packets.slice(2);
};

/** Samples at 16 kHz of an Opus file as recordings are. */
export const decodeOgg = async (file: string): Promise<Int16Array> => {
  const opus = new OpusScript(decodedRate, 1, OpusScript.Application.VOIP);
  const decoded = packetsOf(await readFile(file)).map((packet) => opus.decode(packet));
  opus.delete();
  const all = new Uint8Array(Buffer.concat(decoded));
  return new Int16Array(all.buffer);
};

const powerAt = (samples: Int16Array, frequency: number): number => {
  const turn = (2 * Math.PI * frequency) / decodedRate;
  let [real, imaginary] = [0, 0];
  samples.forEach((each, at) => {
    real += each * Math.cos(turn * at);
    imaginary += each * Math.sin(turn * at);
  });
  return real * real + imaginary * imaginary;
};

const windowMs = 50;

/** What each twentieth of a second says: the moment of the round that its tone stands for, or silence. */
const readClock = (samples: Int16Array): readonly (number | undefined)[] => {
  const size = (decodedRate * windowMs) / 1_000;
  return Array.from({ length: Math.floor(samples.length / size) }, (_, at) => {
    const window = samples.subarray(at * size, (at + 1) * size);
    if (window.reduce((sum, each) => sum + Math.abs(each), 0) / size < 400) return undefined;
    const powers = Array.from({ length: tones }, (__, tone) => powerAt(window, frequencyOf(tone)));
    return powers.indexOf(Math.max(...powers)) * slotMs;
  });
};

const apart = (one: number, other: number): number => {
  const way = (((one - other) % roundMs) + roundMs) % roundMs;
  return way > roundMs / 2 ? way - roundMs : way;
};

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Reading {
  readonly heardMs: number;
  /** Further than a tenth of a second from every gap: silent, or telling another time than its place says. */
  readonly lostMs: number;
  /** In a gap, further than a tenth of a second from its ends: heard all the same. */
  readonly extraMs: number;
  /** How far a moment's tone is from its place, at worst. */
  readonly worstOffMs: number;
}

/** Holds a recording of `clockTone` against the list of what it says is missing. */
export const readRecording = (samples: Int16Array, gaps: readonly Span[]): Reading => {
  const told = readClock(samples);
  const offsets = told.flatMap((moment, at) =>
    moment === undefined ? [] : [apart(at * windowMs, moment)],
  );
  // The clocks of file and tone differ by a constant: the one that most windows agree on.
  const first = offsets[Math.floor(offsets.length / 2)] ?? 0;
  const differences = offsets.map((each) => apart(each, first)).sort((a, b) => a - b);
  const constant = first + (differences[Math.floor(differences.length / 2)] ?? 0);
  const offOf = (moment: number, at: number): number =>
    Math.abs(apart(apart(at * windowMs, moment), constant));
  const isIn = (at: number, marginMs: number): boolean =>
    gaps.some(
      ({ fromMs, toMs }) =>
        (at + 1) * windowMs > fromMs - marginMs && at * windowMs < toMs + marginMs,
    );
  let [lost, extra, worst] = [0, 0, 0];
  told.forEach((moment, at) => {
    const off = moment === undefined ? Infinity : offOf(moment, at);
    if (!isIn(at, 2 * windowMs) && off > slotMs * 1.5) lost++;
    if (isIn(at, -2 * windowMs) && moment !== undefined) extra++;
    if (off !== Infinity && !isIn(at, windowMs)) worst = Math.max(worst, off);
  });
  return {
    heardMs: offsets.length * windowMs,
    lostMs: lost * windowMs,
    extraMs: extra * windowMs,
    worstOffMs: worst,
  };
};
