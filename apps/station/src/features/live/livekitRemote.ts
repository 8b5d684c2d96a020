import { Track, type RemoteTrackPublication, type Room } from "livekit-client";

/** What the others of a room offer, with whose it is. */
export type Remote = readonly (readonly [string, RemoteTrackPublication])[];

export const remoteIn = (room: Room): Remote =>
  [...room.remoteParticipants.values()].flatMap((each) =>
    [...each.trackPublications.values()].map((one): Remote[number] => [each.identity, one]),
  );

const resubscribeMs = 300;

/** Somebody's voice is asked for as if it had never been. */
export const askAnew = (remote: Remote, who: string): void => {
  for (const [whose, publication] of remote)
    if (whose === who && publication.kind === Track.Kind.Audio) {
      publication.setSubscribed(false);
      setTimeout(() => publication.setSubscribed(true), resubscribeMs);
    }
};
