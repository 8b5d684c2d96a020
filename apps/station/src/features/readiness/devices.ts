import {
  darkLooks,
  faultOf,
  judgePicture,
  judgeSound,
  type CameraState,
  type Fault,
  type Look,
  type MicrophoneState,
} from "./judge.ts";

const lookMs = 100;
const pictureWithinMs = 5_000;
const listenMs = 6_000;

export type Opened =
  | { readonly ok: true; readonly stream: MediaStream; readonly name: string }
  | { readonly ok: false; readonly fault: Fault };

/** One device, as the browser gives it. */
export const open = async (wish: MediaStreamConstraints): Promise<Opened> => {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(wish);
    return { ok: true, stream, name: stream.getTracks()[0]?.label ?? "" };
  } catch (error) {
    return { ok: false, fault: faultOf(error, window.isSecureContext) };
  }
};

export const close = (stream: MediaStream | undefined): void => {
  for (const track of stream?.getTracks() ?? []) track.stop();
};

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** Small enough that a weak machine does not notice. */
const sample = { width: 32, height: 24 } as const;

const lookAt = (video: HTMLVideoElement, brush: CanvasRenderingContext2D): Look => {
  brush.drawImage(video, 0, 0, sample.width, sample.height);
  const { data } = brush.getImageData(0, 0, sample.width, sample.height);
  const lights: number[] = [];
  for (let at = 0; at < data.length; at += 4)
    lights.push(
      0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0),
    );
  const mean = lights.reduce((sum, light) => sum + light, 0) / lights.length;
  const variance = lights.reduce((sum, light) => sum + (light - mean) ** 2, 0) / lights.length;
  return { mean, spread: Math.sqrt(variance) };
};

/** Whether a picture comes, and not a black one. */
export const watchCamera = async (
  stream: MediaStream,
  signal: AbortSignal,
): Promise<CameraState> => {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  const canvas = document.createElement("canvas");
  canvas.width = sample.width;
  canvas.height = sample.height;
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  await video.play().catch(() => undefined);
  const looks: Look[] = [];
  const started = performance.now();
  while (!signal.aborted && brush !== null) {
    if (video.readyState >= video.HAVE_CURRENT_DATA && video.videoWidth > 2)
      looks.push(lookAt(video, brush));
    const judged = judgePicture(looks);
    if (judged !== undefined) return judged;
    if (looks.length < darkLooks && performance.now() - started > pictureWithinMs) break;
    await pause(lookMs);
  }
  return "noPicture";
};

/** Whether the microphone takes up a voice. */
export const listen = async (
  stream: MediaStream,
  signal: AbortSignal,
  onLevel: (level: number) => void,
): Promise<MicrophoneState> => {
  const context = new AudioContext();
  try {
    await context.resume();
    const analyser = context.createAnalyser();
    analyser.fftSize = 2_048;
    context.createMediaStreamSource(stream).connect(analyser);
    const wave = new Float32Array(analyser.fftSize);
    const levels: number[] = [];
    const started = performance.now();
    for (;;) {
      await pause(lookMs);
      analyser.getFloatTimeDomainData(wave);
      const level = Math.sqrt(wave.reduce((sum, each) => sum + each * each, 0) / wave.length);
      levels.push(level);
      onLevel(level);
      const judged = judgeSound(levels, performance.now() - started > listenMs);
      if (judged !== undefined) return judged;
      if (signal.aborted) return "silent";
    }
  } finally {
    await context.close();
  }
};

/** Three tones, a second in all. False: the browser lets nothing be heard. */
export const playTones = async (): Promise<boolean> => {
  const context = new AudioContext();
  try {
    await context.resume();
    if (context.state !== "running") return false;
    const volume = context.createGain();
    volume.gain.value = 0.25;
    volume.connect(context.destination);
    for (const [at, hertz] of [523, 659, 784].entries()) {
      const tone = context.createOscillator();
      tone.frequency.value = hertz;
      tone.connect(volume);
      tone.start(context.currentTime + at * 0.3);
      tone.stop(context.currentTime + at * 0.3 + 0.25);
    }
    await pause(1_000);
    return true;
  } finally {
    await context.close();
  }
};
