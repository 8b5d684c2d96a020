import { rungs as table } from "@lientuyen/session";
import {
  ConnectionState,
  createLocalTracks,
  DisconnectReason,
  LocalVideoTrack,
  Room,
  RoomEvent,
  setLogLevel,
  Track,
  VideoPresets,
  type LocalTrack,
  type Participant,
} from "livekit-client";
import type { Sight } from "./gauge.ts";
import type { Rungs } from "./ladders.ts";
import {
  capLayers,
  chooseDevice,
  largest,
  pictureOptions,
  qualityOf,
  receivePicture,
} from "./livekitPicture.ts";
import { decodedIn, type Decoded } from "./livekitDecoded.ts";
import { bytesReceived, isGrowing, sightOf } from "./livekitSight.ts";
import { askAnew, remoteIn, type Remote } from "./livekitRemote.ts";
import { speakAt } from "./livekitVoice.ts";
import { openWire, type Wire } from "./livekitWire.ts";

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

/** The media connection of one call: the one file that names the library. */
export interface Line {
  /** Rejects where it cannot be had now. Twice: anew, with the same camera and microphone. */
  readonly connect: (url: string, token: string) => Promise<void>;
  readonly setMicrophone: (on: boolean) => Promise<Own>;
  readonly setCamera: (on: boolean) => Promise<Own>;
  readonly own: () => { readonly microphone: Own; readonly camera: Own };
  readonly voices: () => readonly Voice[];
  /** The library makes the connection anew by itself; where only signalling is gone, voice goes on. */
  readonly isMending: () => boolean;
  /** False: the browser waits for a press before it lets anything be heard. */
  readonly isHeard: () => boolean;
  readonly letBeHeard: () => Promise<void>;
  /** Whose cameras come over the line at all; everybody's voice does. */
  readonly stage: (names: ReadonlySet<string>) => void;
  /** What the pictures of others have cost so far. */
  readonly decoded: () => Promise<Decoded>;
  /** Shows somebody's camera in an element, now or as soon as it is there; gives the way to stop. */
  /** Statistics of all that is sent and received. */
  readonly sight: () => Promise<Sight>;
  /** What is sent, and what others are asked for, be as the rungs say; voice at most of so many kbit/s. */
  readonly stand: (rungs: Rungs, voiceKbps: number) => void;
  /** The own camera, whether it is sent or not; undefined while it is off. */
  readonly cameraTrack: () => MediaStreamTrack | undefined;
  /** Bytes to these others, or to all; lost where the connection is. */
  readonly tell: (
    topic: string,
    bytes: Uint8Array<ArrayBuffer>,
    to?: readonly string[],
  ) => Promise<void>;
  /** Asks for somebody's voice anew. */
  readonly resubscribe: (who: string) => void;
  /** Offers the own voice anew. */
  readonly republish: () => Promise<void>;
  /** Ends the connection, to be made anew; camera and microphone stay on. */
  readonly drop: () => Promise<void>;
  /** Something arrives within so long; signalling may still be on its way. */
  readonly isAlive: (patienceMs: number) => Promise<boolean>;
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

/** sentOut: not by the line's fault; takenOver: by oneself, at another window or machine. */
export type LineEnd = "lost" | "sentOut" | "takenOver";

export interface LineParts {
  readonly changed: () => void;
  /** The session has changed at the server. */
  readonly news: () => void;
  /** The library has given up. */
  readonly gone: (why: LineEnd) => void;
  readonly told: (topic: string, who: string, bytes: Uint8Array) => void;
  /** Somebody's connection to the room ended. */
  readonly left: (who: string) => void;
  /** Undefined: voice alone, until it is told to stand otherwise. */
  readonly rungs?: Rungs;
}

/** A connection on a line that gives nothing is begun again rather than waited for. */
const connectOptions = {
  autoSubscribe: false,
  websocketTimeout: 6_000,
  peerConnectionTimeout: 10_000,
  maxRetries: 0,
};
/** The library tries for ever: while signalling alone is gone, voice goes on. Whether it helps, ours looks. */
const reconnectPolicy = { nextRetryDelayInMs: () => 700 + Math.random() * 600 };

/** Until the line has been looked at. */
const firstVoiceKbps = 16;

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

export const openLine = ({ changed, news, gone, told, left, rungs: first }: LineParts): Line => {
  const room = new Room({
    adaptiveStream: true,
    dynacast: true,
    disconnectOnPageLeave: true,
    // Camera and microphone stay on while the connection is made anew.
    stopLocalTrackOnUnpublish: false,
    reconnectPolicy,
    // Two connections: the server offers what is to be heard with its first answer, a round trip earlier.
    singlePeerConnection: false,
    publishDefaults: { red: true, dtx: true, audioPreset: { maxBitrate: firstVoiceKbps * 1_000 } },
  });
  let microphone: LocalTrack | undefined;
  let camera: LocalTrack | undefined;
  let capCamera: ((most: number) => void) | undefined;
  // Voice alone, until the line has been looked at.
  let rungs: Rungs = first ?? { send: "voice", receive: "voice" };
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
        const wanted =
          publication.source !== Track.Source.Camera ||
          (staged.has(identity) && (isPictured() || publication.isSubscribed));
        // Each of these is a message: with two hundred people nobody is asked for twice.
        if (publication.isDesired !== wanted) publication.setSubscribed(wanted);
      }
  };
  const isPictured = (): boolean => qualityOf(rungs.receive) !== undefined;
  const attach = (who: string, track: Track | undefined): void => {
    for (const element of screens.get(who) ?? []) track?.attach(element);
  };

  for (const event of changes) room.on(event, changed);
  room.on(RoomEvent.RoomMetadataChanged, news);
  room.on(RoomEvent.TrackPublished, () => {
    follow();
    receive();
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
  room.on(RoomEvent.SignalConnected, () => {
    follow();
    receive();
  });
  room.on(RoomEvent.ParticipantDisconnected, ({ identity }) => left(identity));
  room.on(RoomEvent.DataReceived, (bytes, from, _kind, topic) => {
    if (from !== undefined && topic !== undefined) told(topic, from.identity, bytes);
  });
  room.on(RoomEvent.Disconnected, (reason) => {
    if (reason === DisconnectReason.CLIENT_INITIATED) return;
    gone(endOf(reason));
  });

  const publish = async (track: LocalTrack | undefined): Promise<void> => {
    if (track === undefined || room.state !== ConnectionState.Connected) return;
    if (!room.localParticipant.permissions?.canPublish) return;
    const known = [...room.localParticipant.trackPublications.values()];
    if (known.some((publication) => publication.track === track)) return;
    await room.localParticipant.publishTrack(track, track === camera ? pictureOptions : {});
  };
  const remote = (): Remote => remoteIn(room);
  const sendPicture = async (): Promise<void> => {
    const quality = qualityOf(rungs.send);
    if (quality === undefined) return camera?.pauseUpstream();
    await publish(camera);
    await camera?.resumeUpstream();
    capCamera?.(quality);
  };
  const receive = (): void => {
    const hears = table[rungs.receive].voiceKbps !== undefined || rungs.receive === "writing";
    for (const [, publication] of remote())
      if (publication.kind === Track.Kind.Video) {
        if (publication.source === Track.Source.Camera && publication.isDesired)
          receivePicture(publication, qualityOf(rungs.receive));
      } else if (publication.isDesired) publication.setEnabled(hears);
  };
  const sendVoice = (kbps: number): Promise<void> =>
    // On "writing" nothing gets through anyway, and on its return voice is the first that does.
    speakAt(microphone, rungs.send === "messages" ? undefined : kbps);
  // A listener who is given the floor may be heard from now on.
  room.on(RoomEvent.ParticipantPermissionsChanged, (_before, { isLocal }) => {
    if (isLocal) void publish(microphone).then(sendPicture);
  });
  const participantOf = (who: string): Participant | undefined =>
    room.localParticipant.identity === who
      ? room.localParticipant
      : room.remoteParticipants.get(who);

  const receivedBytes = (): Promise<number> =>
    bytesReceived([microphone, ...remote().map(([, { track }]) => track)]);

  const line: Line = {
    async connect(url, token) {
      if (room.state !== ConnectionState.Disconnected) await room.disconnect(false);
      await room.connect(url, token, connectOptions);
      follow();
      // Voice first; a picture when the line is known to carry it.
      await publish(microphone);
      void sendPicture().catch(() => undefined);
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
          const { resolution } = largest === "videoLarge" ? VideoPresets.h720 : VideoPresets.h360;
          [camera] = await createLocalTracks({ audio: false, video: { resolution } });
          if (camera instanceof LocalVideoTrack) capCamera = capLayers(camera);
          await sendPicture();
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
          camera:
            each === room.localParticipant
              ? line.own().camera === "on"
              : isOn(each, Track.Source.Camera),
        })),
    isMending: () => room.state === ConnectionState.Reconnecting,
    isHeard: () => room.canPlaybackAudio,
    letBeHeard: () => room.startAudio(),
    sight: () => sightOf(remote(), [microphone, camera]),
    stand(next, voiceKbps) {
      rungs = next;
      follow();
      receive();
      void sendPicture().catch(() => undefined);
      void sendVoice(voiceKbps).catch(() => undefined);
      changed();
    },
    cameraTrack: () => (ownOf(camera, false) === "on" ? camera?.mediaStreamTrack : undefined),
    async tell(topic, bytes, to) {
      if (room.state !== ConnectionState.Connected) return;
      await room.localParticipant.publishData(bytes, {
        reliable: true,
        topic,
        ...(to === undefined ? {} : { destinationIdentities: [...to] }),
      });
    },
    resubscribe: (who) => askAnew(remote(), who),
    async republish() {
      if (microphone === undefined) return;
      await room.localParticipant.unpublishTrack(microphone, false);
      await publish(microphone);
    },
    drop: () => room.disconnect(false),
    isAlive: (patienceMs) =>
      isGrowing(receivedBytes, patienceMs).then(
        (grows) => grows && room.state !== ConnectionState.Disconnected,
      ),
    stage(names) {
      staged = names;
      follow();
    },
    decoded: () => decodedIn(room),
    show(who, element) {
      const shown = () =>
        who === room.localParticipant.identity
          ? camera
          : participantOf(who)?.getTrackPublication(Track.Source.Camera)?.track;
      screens.set(who, (screens.get(who) ?? new Set()).add(element));
      shown()?.attach(element);
      return () => {
        screens.get(who)?.delete(element);
        shown()?.detach(element);
      };
    },
    wire: openWire(room),
    chooseCamera: (deviceId) => chooseDevice(camera, deviceId).finally(changed),
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
