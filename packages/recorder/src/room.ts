import {
  AudioStream,
  Room,
  RoomEvent,
  TrackKind,
  type RemoteParticipant,
  type RemoteTrack,
  type RemoteTrackPublication,
} from "@livekit/rtc-node";
import { samplesPerSecond, type Mark } from "./mark.ts";
import { startTimeline } from "./timeline.ts";

/** Takes down what was recorded, the moment it came. */
type Keep = (mark: Mark, samples?: Int16Array) => void;

/** So short, because what a kill finds in memory is lost. */
const frameMs = 100;
/** Digital silence, and what a codec makes of it. */
const quietest = 4;
const isQuiet = (samples: Int16Array): boolean =>
  samples.every((each) => each >= -quietest && each <= quietest);

const keepTrack = async (
  track: RemoteTrack,
  sid: string,
  now: () => number,
  keep: Keep,
): Promise<void> => {
  const timeline = startTimeline();
  const frames = new AudioStream(track, {
    sampleRate: samplesPerSecond,
    numChannels: 1,
    frameSizeMs: frameMs,
  });
  for await (const { data } of frames) {
    const atMs = timeline.place(data.length, now());
    const about = { track: sid, atMs, samples: data.length };
    if (isQuiet(data)) keep({ mark: "quiet", ...about });
    else keep({ mark: "sound", ...about }, data);
  }
};

export interface Stay {
  /** Resolves when the room or the connection to it is gone. */
  readonly over: Promise<void>;
  readonly leave: () => Promise<void>;
}

/** Everybody's voice; pictures are not asked for. */
const voicesOf = (person: RemoteParticipant): readonly RemoteTrackPublication[] =>
  [...person.trackPublications.values()].filter(({ kind }) => kind === TrackKind.KIND_AUDIO);

/**
 * Goes into a room and keeps what is said there until it is over.
 * @throws Error where it is not let in
 */
export const recordRoom = async (
  url: string,
  token: string,
  now: () => number,
  keep: Keep,
): Promise<Stay> => {
  const room = new Room();
  const take = (voice: RemoteTrackPublication, person: RemoteParticipant): void => {
    if (voice.kind !== TrackKind.KIND_AUDIO || voice.sid === undefined) return;
    keep({ mark: "track", atMs: now(), track: voice.sid, who: person.identity });
    voice.setSubscribed(true);
  };
  room.on(RoomEvent.TrackPublished, take);
  room.on(RoomEvent.TrackUnpublished, ({ sid = "", kind }) => {
    if (kind === TrackKind.KIND_AUDIO) keep({ mark: "trackEnd", atMs: now(), track: sid });
  });
  room.on(RoomEvent.TrackSubscribed, (track, { sid = "" }) => {
    // A stream that breaks ends; what is missing then is a gap.
    if (track.kind === TrackKind.KIND_AUDIO)
      keepTrack(track, sid, now, keep).catch(() => undefined);
  });
  const over = new Promise<void>((resolve) => {
    // A connection that the client means to mend is a hole in the recording all the same: a new stay is made at once.
    room.once(RoomEvent.Reconnecting, () => resolve());
    room.once(RoomEvent.Disconnected, () => resolve());
  });
  await room.connect(url, token, { autoSubscribe: false, dynacast: false });
  const there = [...room.remoteParticipants.values()];
  const tracks = there.flatMap(voicesOf).map(({ sid = "" }) => sid);
  keep({ mark: "in", atMs: now(), tracks });
  for (const person of there) for (const voice of voicesOf(person)) take(voice, person);
  const alive = setInterval(() => keep({ mark: "alive", atMs: now() }), frameMs);
  let leaving: Promise<void> | undefined;
  const leave = async (): Promise<void> => {
    clearInterval(alive);
    keep({ mark: "out", atMs: now() });
    await room.disconnect();
  };
  return { over, leave: () => (leaving ??= leave()) };
};
