import {
  AudioPresets,
  ConnectionState,
  createLocalTracks,
  DisconnectReason,
  RemoteVideoTrack,
  Room,
  RoomEvent,
  setLogLevel,
  Track,
  VideoPresets,
  type LocalTrack,
  type Participant,
} from "livekit-client";

// Its log names people and rooms; what matters of it is on the screen.
setLogLevel("silent");

/** Somebody who is seen or heard now. */
export interface Voice {
  readonly who: string;
  readonly speaking: boolean;
  /** When they last spoke, ms on a clock that only goes forward; 0: not yet. */
  readonly spokeMs: number;
  readonly microphone: boolean;
  readonly camera: boolean;
}

/** Whether this browser's own device is on; `refused`: there is none, or the browser was not allowed to use it. */
export type Own = "on" | "off" | "refused";

/** Who hears the messages of one topic, and how the people in the call come and go. */
export interface WireEnd {
  readonly heard: (from: string, bytes: Uint8Array) => void;
  /** Somebody is there and hears messages; oneself too, at first and after each break. */
  readonly came: (who: string) => void;
  readonly left: () => void;
}

/** Messages to the others in the call, apart from voice and picture. Who may not speak sends none. */
export interface Wire {
  readonly me: () => string;
  readonly present: () => readonly string[];
  /** Lossy ones may be dropped and overtake each other. What cannot be sent now is lost. At most 15 KB. */
  readonly send: (
    topic: string,
    bytes: Uint8Array<ArrayBuffer>,
    how: { readonly lossy: boolean; readonly to?: string | undefined },
  ) => void;
  /** Gives the way to stop. Where the call is under way, `came` is told of oneself at once. */
  readonly listen: (topic: string, end: WireEnd) => () => void;
}

/** The media connection of one call: the one file that names the library. */
export interface Line {
  /** Rejects where it cannot be had now. Twice: anew, with the same camera and microphone. */
  readonly connect: (url: string, token: string) => Promise<void>;
  readonly setMicrophone: (on: boolean) => Promise<Own>;
  readonly setCamera: (on: boolean) => Promise<Own>;
  readonly own: () => { readonly microphone: Own; readonly camera: Own };
  readonly voices: () => readonly Voice[];
  /** The library is mending the connection by itself. */
  readonly isMending: () => boolean;
  /** False: the browser waits for a press before it lets anything be heard. */
  readonly isHeard: () => boolean;
  readonly letBeHeard: () => Promise<void>;
  /** Whose cameras come over the line at all; everybody's voice does. */
  readonly stage: (names: ReadonlySet<string>) => void;
  /** What the pictures of others have cost so far. */
  readonly decoded: () => Promise<Decoded>;
  /** Shows somebody's camera in an element, now or as soon as it is there; gives the way to stop. */
  readonly show: (who: string, element: HTMLVideoElement) => () => void;
  readonly wire: Wire;
  /** The camera to be used, now and from now on, by the browser's id; false: it cannot be opened. */
  readonly chooseCamera: (deviceId: string) => Promise<boolean>;
  /** The browser's id of the camera that is on. */
  readonly cameraDevice: () => string | undefined;
  /**
   * Work on one's own camera while nothing of it is sent: the others see it stand still for as long. Undefined: it is
   * off, or gone.
   */
  readonly withCamera: <T>(
    work: (camera: MediaStreamTrack) => Promise<T>,
  ) => Promise<T | undefined>;
  /** Lets go of everything, camera and microphone too. */
  readonly close: () => Promise<void>;
}

/** Totals; they fall when a picture goes. */
export interface Decoded {
  readonly pictures: number;
  readonly frames: number;
  readonly dropped: number;
  readonly seconds: number;
}

/** sentOut: not by the line's fault; takenOver: by oneself, at another window or machine. */
export type LineEnd = "lost" | "sentOut" | "takenOver";

export interface LineParts {
  readonly changed: () => void;
  /** The session has changed at the server. */
  readonly news: () => void;
  /** The library has given up. */
  readonly gone: (why: LineEnd) => void;
}

const changes = [
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.LocalTrackPublished,
  RoomEvent.ActiveSpeakersChanged,
  RoomEvent.ConnectionStateChanged,
  RoomEvent.AudioPlaybackStatusChanged,
] as const;

const sentOut: ReadonlySet<DisconnectReason> = new Set([
  DisconnectReason.PARTICIPANT_REMOVED,
  DisconnectReason.ROOM_DELETED,
]);
const endOf = (reason: DisconnectReason | undefined): LineEnd => {
  if (reason === DisconnectReason.DUPLICATE_IDENTITY) return "takenOver";
  return reason !== undefined && sentOut.has(reason) ? "sentOut" : "lost";
};

const isOn = (participant: Participant, source: Track.Source): boolean => {
  const publication = participant.getTrackPublication(source);
  return publication !== undefined && !publication.isMuted;
};

const ownOf = (track: LocalTrack | undefined, refused: boolean): Own => {
  if (track !== undefined && !track.isMuted) return "on";
  return refused ? "refused" : "off";
};

const openWire = (room: Room): Wire => {
  const ends = new Map<string, WireEnd>();
  const all = (tell: (end: WireEnd) => void): void => {
    for (const end of ends.values()) tell(end);
  };
  const me = (): string => room.localParticipant.identity;
  const back = (): void => all(({ came }) => came(me()));
  room.on(RoomEvent.Connected, back);
  room.on(RoomEvent.Reconnected, back);
  room.on(RoomEvent.ParticipantActive, ({ identity }) => all(({ came }) => came(identity)));
  room.on(RoomEvent.ParticipantDisconnected, () => all(({ left }) => left()));
  room.on(RoomEvent.DataReceived, (bytes, from, _kind, topic) => {
    if (from !== undefined) ends.get(topic ?? "")?.heard(from.identity, bytes);
  });
  return {
    me,
    present: () => [me(), ...room.remoteParticipants.keys()],
    send: (topic, bytes, { lossy, to }) => {
      if (room.state !== ConnectionState.Connected) return;
      if (room.localParticipant.permissions?.canPublishData !== true) return;
      const destination = to === undefined ? {} : { destinationIdentities: [to] };
      void room.localParticipant
        .publishData(bytes, { topic, reliable: !lossy, ...destination })
        .catch(() => undefined);
    },
    listen: (topic, end) => {
      ends.set(topic, end);
      if (room.state === ConnectionState.Connected) end.came(me());
      return () => {
        if (ends.get(topic) === end) ends.delete(topic);
      };
    },
  };
};

const decodersOf = (room: Room): readonly RemoteVideoTrack[] =>
  [...room.remoteParticipants.values()].flatMap(({ videoTrackPublications }) =>
    [...videoTrackPublications.values()].flatMap(({ videoTrack }) =>
      videoTrack instanceof RemoteVideoTrack ? [videoTrack] : [],
    ),
  );

const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);
const costOf = async (track: RemoteVideoTrack): Promise<Decoded> => {
  const report = await track.getRTCStatsReport();
  const rows: Record<string, unknown>[] = [];
  report?.forEach((row: Record<string, unknown>) => rows.push(row));
  const row = rows.find(({ type }) => type === "inbound-rtp");
  return {
    pictures: 1,
    frames: numberOf(row?.["framesDecoded"]),
    dropped: numberOf(row?.["framesDropped"]),
    seconds: numberOf(row?.["totalDecodeTime"]),
  };
};
const sumOf = (all: readonly Decoded[]): Decoded =>
  all.reduce(
    (sum, each) => ({
      pictures: sum.pictures + each.pictures,
      frames: sum.frames + each.frames,
      dropped: sum.dropped + each.dropped,
      seconds: sum.seconds + each.seconds,
    }),
    { pictures: 0, frames: 0, dropped: 0, seconds: 0 },
  );

export const openLine = ({ changed, news, gone }: LineParts): Line => {
  const room = new Room({
    adaptiveStream: true,
    dynacast: true,
    disconnectOnPageLeave: true,
    // Camera and microphone stay on while the connection is made anew.
    stopLocalTrackOnUnpublish: false,
    publishDefaults: { red: true, dtx: true, audioPreset: AudioPresets.speech },
  });
  let microphone: LocalTrack | undefined;
  let camera: LocalTrack | undefined;
  const refused = { microphone: false, camera: false };
  const sound = document.createElement("div");
  sound.hidden = true;
  document.body.append(sound);

  let staged: ReadonlySet<string> = new Set();
  const spokeMs = new Map<string, number>();
  const screens = new Map<string, Set<HTMLVideoElement>>();
  /** Everybody's voice; the cameras of those who are drawn. */
  const follow = (): void => {
    for (const { identity, trackPublications } of room.remoteParticipants.values())
      for (const publication of trackPublications.values()) {
        const wanted = publication.source !== Track.Source.Camera || staged.has(identity);
        // Each of these is a message: with two hundred people nobody is asked for twice.
        if (publication.isDesired !== wanted) publication.setSubscribed(wanted);
      }
  };
  const attach = (who: string, track: Track | undefined): void => {
    for (const element of screens.get(who) ?? []) track?.attach(element);
  };

  for (const event of changes) room.on(event, changed);
  room.on(RoomEvent.RoomMetadataChanged, news);
  room.on(RoomEvent.TrackPublished, () => {
    follow();
    changed();
  });
  room.on(RoomEvent.TrackUnpublished, changed);
  room.on(RoomEvent.ActiveSpeakersChanged, (speakers) => {
    for (const { identity } of speakers) spokeMs.set(identity, performance.now());
  });
  room.on(RoomEvent.LocalTrackPublished, ({ source, track }) => {
    if (source === Track.Source.Camera) attach(room.localParticipant.identity, track);
  });
  room.on(RoomEvent.TrackSubscribed, (track, { source }, { identity }) => {
    if (track.kind === Track.Kind.Audio) sound.append(track.attach());
    else if (source === Track.Source.Camera) attach(identity, track);
  });
  room.on(RoomEvent.TrackUnsubscribed, (track) => {
    if (track.kind === Track.Kind.Audio) for (const element of track.detach()) element.remove();
  });
  room.on(RoomEvent.Disconnected, (reason) => {
    if (reason === DisconnectReason.CLIENT_INITIATED) return;
    gone(endOf(reason));
  });

  const publish = async (track: LocalTrack | undefined): Promise<void> => {
    if (track === undefined || room.state !== ConnectionState.Connected) return;
    if (!room.localParticipant.permissions?.canPublish) return;
    const published = [...room.localParticipant.trackPublications.values()];
    if (published.some((publication) => publication.track === track)) return;
    await room.localParticipant.publishTrack(track);
  };
  // A listener who is given the floor may be heard from now on.
  room.on(RoomEvent.ParticipantPermissionsChanged, (_before, { isLocal }) => {
    if (isLocal) void publish(microphone).then(() => publish(camera));
  });
  const participantOf = (who: string): Participant | undefined =>
    room.localParticipant.identity === who
      ? room.localParticipant
      : room.remoteParticipants.get(who);

  const line: Line = {
    async connect(url, token) {
      await room.connect(url, token, { autoSubscribe: false });
      follow();
      // Voice first.
      await publish(microphone);
      await publish(camera);
      changed();
    },
    async setMicrophone(on) {
      try {
        if (microphone === undefined && on) {
          [microphone] = await createLocalTracks({ audio: true, video: false });
          await publish(microphone);
        } else if (on) await microphone?.unmute();
        else await microphone?.mute();
      } catch {
        refused.microphone = microphone === undefined;
      }
      changed();
      return line.own().microphone;
    },
    async setCamera(on) {
      try {
        if (camera === undefined && on) {
          const video = { resolution: VideoPresets.h360.resolution };
          [camera] = await createLocalTracks({ audio: false, video });
          await publish(camera);
        } else if (on) await camera?.unmute();
        else await camera?.mute();
      } catch {
        refused.camera = camera === undefined;
      }
      changed();
      return line.own().camera;
    },
    own: () => ({
      microphone: ownOf(microphone, refused.microphone),
      camera: ownOf(camera, refused.camera),
    }),
    voices: () =>
      [room.localParticipant, ...room.remoteParticipants.values()]
        .filter(({ identity }) => identity !== "")
        .map((each) => ({
          who: each.identity,
          speaking: each.isSpeaking,
          spokeMs: spokeMs.get(each.identity) ?? 0,
          microphone: isOn(each, Track.Source.Microphone),
          camera: isOn(each, Track.Source.Camera),
        })),
    isMending: () =>
      room.state === ConnectionState.Reconnecting ||
      room.state === ConnectionState.SignalReconnecting,
    isHeard: () => room.canPlaybackAudio,
    letBeHeard: () => room.startAudio(),
    stage(names) {
      staged = names;
      follow();
    },
    decoded: async () => sumOf(await Promise.all(decodersOf(room).map((track) => costOf(track)))),
    show(who, element) {
      const camera = () => participantOf(who)?.getTrackPublication(Track.Source.Camera)?.track;
      screens.set(who, (screens.get(who) ?? new Set()).add(element));
      camera()?.attach(element);
      return () => {
        screens.get(who)?.delete(element);
        camera()?.detach(element);
      };
    },
    wire: openWire(room),
    async chooseCamera(deviceId) {
      if (camera === undefined) return false;
      const before = camera.mediaStreamTrack.getSettings().deviceId;
      try {
        await camera.setDeviceId({ exact: deviceId });
        if (!camera.isMuted) return line.cameraDevice() === deviceId;
        return true;
      } catch {
        // Never black: what was seen before is seen again.
        if (before !== undefined)
          await camera.setDeviceId({ exact: before }).catch(() => undefined);
        return false;
      } finally {
        changed();
      }
    },
    cameraDevice: () =>
      line.own().camera === "on" ? camera?.mediaStreamTrack.getSettings().deviceId : undefined,
    async withCamera(work) {
      if (camera === undefined || camera.isMuted) return undefined;
      const held = camera;
      // On a thin line it may be resting already, and rests on.
      const rests = held.isUpstreamPaused;
      if (!rests) await held.pauseUpstream();
      try {
        return await work(held.mediaStreamTrack);
      } finally {
        if (!rests) await held.resumeUpstream();
      }
    },
    async close() {
      await room.disconnect();
      microphone?.stop();
      camera?.stop();
      sound.remove();
    },
  };
  return line;
};
