import {
  AccessToken,
  ParticipantInfo_State,
  RoomServiceClient,
  ServerError,
  TokenVerifier,
  TrackSource,
} from "livekit-server-sdk";
import type { LiveMedia } from "../config/options.ts";

/** Somebody whom the engine has in a room. */
export interface Present {
  readonly who: string;
  readonly mayPublish: boolean;
  /** Their microphones: name of the track, and whether it is silent. */
  readonly microphones: readonly { readonly track: string; readonly muted: boolean }[];
}

/** The media engine in the words of sessions: a room is a session's id. */
export interface Media {
  readonly makeToken: (who: string, room: string, publish: boolean) => Promise<string>;
  /** Hears everybody, is seen in no list and says nothing; the engine tells everybody that the room is recorded. */
  readonly makeRecorderToken: (room: string) => Promise<string>;
  /** Undefined: not one of ours, or too old. */
  readonly readToken: (
    token: string,
  ) => Promise<{ readonly who: string; readonly room: string } | undefined>;
  readonly openRoom: (room: string) => Promise<void>;
  /** Nobody, where there is no such room. */
  readonly listPresent: (room: string) => Promise<readonly Present[]>;
  readonly dismiss: (room: string, who: string) => Promise<void>;
  readonly permit: (room: string, who: string, publish: boolean) => Promise<void>;
  readonly mute: (room: string, who: string, track: string) => Promise<void>;
  /** Everybody in the room is told this word at once. */
  readonly tell: (room: string, word: string) => Promise<void>;
  readonly closeRoom: (room: string) => Promise<void>;
}

export const tokenSeconds = 300;
/** No person's name: those have a facility before them. */
export const recorderName = "recorder";

/** Gone already is as good as sent away. */
const unlessGone = async (work: Promise<unknown>): Promise<void> => {
  await work.catch((error: unknown) => {
    if (!(error instanceof ServerError) || error.code !== "not_found") throw error;
  });
};

/** Who may speak may also show, point and draw (ADR 26); all that is of the case, so guests may not. */
const mayTell = (who: string, publish: boolean): boolean => publish && !who.startsWith("guest/");

const permissionOf = (who: string, publish: boolean) => ({
  canPublish: publish,
  canSubscribe: true,
  // And stills of the own camera where the line carries no picture, with word of what it carries.
  canPublishData: mayTell(who, publish),
  canUpdateMetadata: false,
});

/** Between two looks at one room the engine has to have answered. */
const requestTimeout = 5;

export const openMedia = ({ url, key, secret }: LiveMedia): Media => {
  const rooms = new RoomServiceClient(url, key, secret, { requestTimeout });
  const verifier = new TokenVerifier(key, secret);
  return {
    makeToken: (who, room, publish) => {
      const token = new AccessToken(key, secret, { identity: who, ttl: tokenSeconds });
      token.addGrant({
        room,
        roomJoin: true,
        canPublish: publish,
        canSubscribe: true,
        canPublishData: mayTell(who, publish),
        canUpdateOwnMetadata: false,
      });
      return token.toJwt();
    },
    makeRecorderToken: (room) => {
      const token = new AccessToken(key, secret, { identity: recorderName, ttl: tokenSeconds });
      token.addGrant({
        room,
        roomJoin: true,
        recorder: true,
        hidden: true,
        canPublish: false,
        canSubscribe: true,
        canPublishData: false,
        canUpdateOwnMetadata: false,
      });
      return token.toJwt();
    },
    readToken: async (token) => {
      const claims = await verifier.verify(token, 0).catch(() => undefined);
      const { sub: who, video } = claims ?? {};
      return who === undefined || video?.room === undefined ? undefined : { who, room: video.room };
    },
    openRoom: async (name) => {
      await rooms.createRoom({ name, emptyTimeout: 300, departureTimeout: 60 });
    },
    listPresent: async (room) => {
      const all = await rooms.listParticipants(room).catch((error: unknown) => {
        if (error instanceof ServerError && error.code === "not_found") return [];
        throw error;
      });
      return all
        .filter(({ state }) => state !== ParticipantInfo_State.DISCONNECTED)
        .map(({ identity, permission, tracks }) => ({
          who: identity,
          mayPublish: permission?.canPublish ?? false,
          microphones: tracks
            .filter(({ source }) => source === TrackSource.MICROPHONE)
            .map(({ sid, muted }) => ({ track: sid, muted })),
        }));
    },
    dismiss: (room, who) => unlessGone(rooms.removeParticipant(room, who)),
    permit: (room, who, publish) =>
      unlessGone(rooms.updateParticipant(room, who, { permission: permissionOf(who, publish) })),
    mute: (room, who, track) => unlessGone(rooms.mutePublishedTrack(room, who, track, true)),
    tell: (room, word) => unlessGone(rooms.updateRoomMetadata(room, word)),
    closeRoom: (room) => unlessGone(rooms.deleteRoom(room)),
  };
};
