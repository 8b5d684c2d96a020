import type { LocalTrack } from "livekit-client";

/** The voice at no more than this; undefined: not sent, the microphone stays on. */
export const speakAt = async (
  microphone: LocalTrack | undefined,
  kbps: number | undefined,
): Promise<void> => {
  if (kbps === undefined) return microphone?.pauseUpstream();
  await microphone?.resumeUpstream();
  const sender = microphone?.sender;
  const parameters = sender?.getParameters();
  for (const each of parameters?.encodings ?? []) each.maxBitrate = kbps * 1_000;
  if (parameters !== undefined) await sender?.setParameters(parameters);
};
