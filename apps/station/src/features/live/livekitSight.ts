import { Track, type LocalTrack, type RemoteTrackPublication } from "livekit-client";
import type { Sight, StatsRow } from "./gauge.ts";

const rowsIn = (report: RTCStatsReport | undefined): readonly StatsRow[] => {
  const rows: StatsRow[] = [];
  report?.forEach((row: StatsRow) => rows.push(row));
  return rows;
};

/** Statistics of all that is sent and received now. */
export const sightOf = async (
  remote: readonly (readonly [string, RemoteTrackPublication])[],
  local: readonly (LocalTrack | undefined)[],
): Promise<Sight> => {
  const own = local.filter((each) => each?.sender !== undefined);
  const sent = await Promise.all(own.map(async (each) => each?.getRTCStatsReport()));
  const received = new Map<string, readonly StatsRow[]>();
  for (const [who, publication] of remote) {
    const { track } = publication;
    // Meant to be heard and not there: it counts as not heard.
    const isMeant = publication.kind === Track.Kind.Audio && publication.isDesired;
    if (isMeant && publication.isEnabled && !publication.isMuted && !received.has(who))
      received.set(who, []);
    if (track === undefined) continue;
    const rows = rowsIn(await track.getRTCStatsReport());
    received.set(who, [...(received.get(who) ?? []), ...rows]);
  }
  return {
    atMs: performance.now(),
    sent: sent.flatMap(rowsIn),
    received,
    heldBack: remote.some(([, each]) => each.track?.streamState === Track.StreamState.Paused),
    expectsVoice: remote.some(
      ([, each]) => each.kind === Track.Kind.Audio && each.isSubscribed && !each.isMuted,
    ),
  };
};

/** Bytes that these tracks' connections have received in all. */
export const bytesReceived = async (
  tracks: readonly ({ readonly getRTCStatsReport: LocalTrack["getRTCStatsReport"] } | undefined)[],
): Promise<number> => {
  const rows = await Promise.all(
    tracks.map(async (each) => rowsIn(await each?.getRTCStatsReport().catch(() => undefined))),
  );
  return rows
    .flat()
    .filter((row) => row["type"] === "candidate-pair")
    .reduce((sum, row) => sum + Number(row["bytesReceived"] ?? 0), 0);
};

const aliveEveryMs = 100;

/** Whether the count rises within so long. */
export const isGrowing = async (
  count: () => Promise<number>,
  patienceMs: number,
): Promise<boolean> => {
  const before = await count();
  const untilMs = performance.now() + patienceMs;
  while (performance.now() < untilMs) {
    await new Promise((resolve) => {
      setTimeout(resolve, aliveEveryMs);
    });
    if ((await count()) > before) return true;
  }
  return false;
};
