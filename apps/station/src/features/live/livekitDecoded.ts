import { RemoteVideoTrack, type Room } from "livekit-client";

/** Totals; they fall when a picture goes. */
export interface Decoded {
  readonly pictures: number;
  readonly frames: number;
  readonly dropped: number;
  readonly seconds: number;
}

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

/** What the pictures of a room have cost so far. */
export const decodedIn = async (room: Room): Promise<Decoded> =>
  sumOf(await Promise.all(decodersOf(room).map((track) => costOf(track))));
