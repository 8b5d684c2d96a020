import {
  AudioFrame,
  AudioSource,
  AudioStream,
  dispose,
  LocalAudioTrack,
  Room,
  RoomEvent,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
  type RemoteTrack,
} from "@livekit/rtc-node";

/** Somebody in a room by a client of the engine's own, without a browser. */
export interface Endpoint {
  /** Tenths of a second with sound that came from others. */
  readonly heard: () => number;
  readonly isConnected: () => boolean;
  /** Publishes a voice: 20 ms of 48 kHz mono at a time, by its sample numbers. @throws where it may not */
  readonly speak: (sampleAt: (n: number) => number) => Promise<void>;
  /** Twice is fine. */
  readonly close: () => Promise<void>;
}

export const sampleRate = 48_000;
const frameSamples = sampleRate / 50;

/** A sound that no codec takes for silence. */
export const tone = (n: number): number => 8_000 * Math.sin((2 * Math.PI * 440 * n) / sampleRate);

const loudness = (samples: Int16Array): number =>
  samples.reduce((sum, each) => sum + Math.abs(each), 0) / samples.length;
const loud = 200;

/** Resolves when it is over. @throws where it may not */
export const publishVoice = async (
  room: Room,
  sampleAt: (n: number) => number,
  signal: AbortSignal,
) => {
  // A second ahead: a stall of this process is not heard.
  const source = new AudioSource(sampleRate, 1, 1_000);
  const options = new TrackPublishOptions();
  options.source = TrackSource.SOURCE_MICROPHONE;
  const track = LocalAudioTrack.createAudioTrack("microphone", source);
  if (room.localParticipant === undefined) throw new Error("not in the room");
  await room.localParticipant.publishTrack(track, options);
  const speak = async (): Promise<void> => {
    for (let n = 0; !signal.aborted; n += frameSamples) {
      const frame = AudioFrame.create(sampleRate, 1, frameSamples);
      for (let at = 0; at < frameSamples; at++) frame.data[at] = sampleAt(n + at);
      await source.captureFrame(frame);
    }
  };
  // It goes at the pace at which the source takes it, until the end.
  return speak().catch(() => undefined);
};

/** Undefined: the door, or the engine, did not let it in. */
export const joinRoom = async (url: string, token: string): Promise<Endpoint | undefined> => {
  const room = new Room();
  const end = new AbortController();
  let heard = 0;
  const listen = async (track: RemoteTrack): Promise<void> => {
    if (track.kind !== TrackKind.KIND_AUDIO) return;
    for await (const frame of new AudioStream(track, { frameSizeMs: 100 }))
      if (loudness(frame.data) > loud) heard++;
  };
  room.on(RoomEvent.TrackSubscribed, (track) => void listen(track));
  const isIn = await room
    .connect(url, token, { autoSubscribe: true, dynacast: false })
    .then(() => true)
    .catch(() => false);
  if (!isIn) return undefined;
  const speaking: Promise<unknown>[] = [];
  return {
    heard: () => heard,
    isConnected: () => room.isConnected,
    speak: async (sampleAt) => {
      // Resolves once it is published; what follows is awaited at the end.
      await new Promise<void>((resolve, reject) => {
        speaking.push(
          publishVoice(room, sampleAt, end.signal).then(
            () => resolve(),
            (error: unknown) => reject(error instanceof Error ? error : new Error(String(error))),
          ),
        );
        room.once(RoomEvent.LocalTrackPublished, () => resolve());
      });
    },
    close: async () => {
      end.abort();
      await room.disconnect().catch(() => undefined);
      await Promise.all(speaking);
    },
  };
};

/** Lets go of the engine's client in this process. */
export const endEndpoints = (): Promise<void> => dispose();
