import { ConnectionState, RoomEvent, type Room } from "livekit-client";

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

export const openWire = (room: Room): Wire => {
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
