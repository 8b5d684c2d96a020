import OpusScript from "opusscript";
import { samplesPerSecond } from "./mark.ts";

/** 20 ms of one channel. */
export const frameSamples = samplesPerSecond / 50;
/** Twice what a call sends: nothing more is lost by keeping it. */
const bitsPerSecond = 32_000;

export interface Encoder {
  /** @param samples `frameSamples` of them */
  readonly encode: (samples: Int16Array) => Uint8Array;
  readonly close: () => void;
}

export const openEncoder = (): Encoder => {
  const opus = new OpusScript(samplesPerSecond, 1, OpusScript.Application.VOIP);
  opus.setBitrate(bitsPerSecond);
  return {
    encode: (samples) =>
      opus.encode(
        Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength),
        frameSamples,
      ),
    close: () => opus.delete(),
  };
};
