import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const rate = 48_000;
const seconds = 12;

/** Loudness of syllables, four a second, with a short breath every three seconds: nobody is silent for long. */
const loudness = (at: number): number =>
  at % 3 > 2.8 ? 0 : 0.25 + 0.75 * Math.abs(Math.sin(Math.PI * 4 * at));

/** A buzz of 120 Hz with a slowly sung tone, through three formants that wander as vowels do. */
const sampleAt = (at: number): number => {
  const pitch = 120 + 25 * Math.sin(2 * Math.PI * 0.7 * at);
  const formants = [500 + 250 * Math.sin(at * 5.1), 1500 + 500 * Math.sin(at * 3.7), 2600];
  let sum = 0;
  for (let harmonic = 1; harmonic <= 28; harmonic += 1) {
    const hertz = harmonic * pitch;
    const weight = formants.reduce(
      (most, each) => Math.max(most, 1 / (1 + ((hertz - each) / 150) ** 2)),
      0,
    );
    sum += (weight / Math.sqrt(harmonic)) * Math.sin(2 * Math.PI * harmonic * 120 * at);
  }
  return 0.12 * sum * loudness(at);
};

/** Something with the rhythm and spectrum of speech, for a browser's made-up microphone; answers the WAV's path. */
export const makeSpeech = (): string => {
  const wav = Buffer.alloc(44 + seconds * rate * 2);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(wav.length - 44, 40);
  for (let at = 0; at < seconds * rate; at += 1)
    wav.writeInt16LE(
      Math.max(-32_767, Math.min(32_767, Math.round(32_767 * sampleAt(at / rate)))),
      44 + at * 2,
    );
  const file = join(mkdtempSync(join(tmpdir(), "lientuyen-speech-")), "speech.wav");
  writeFileSync(file, wav);
  return file;
};
