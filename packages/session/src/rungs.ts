/** From the most to the least: what somebody sends, or lets be sent to them. */
export const rungNames = [
  "videoLarge",
  "videoMedium",
  "videoSmall",
  "stills",
  "voice",
  "messages",
  "writing",
] as const;
export type RungName = (typeof rungNames)[number];

/** One rung: what it needs of the line in its direction, and what it brings. */
export interface Rung {
  /** Kilobits a second, with the packets' own weight; less and the rung is not held. */
  readonly needsKbps: number;
  /** Share of packets, 0–1. */
  readonly mostLoss: number;
  readonly mostRoundTripMs: number;
  /** Height in pixels, frames a second and the ceiling of the encoder; undefined: no moving picture. */
  readonly video?: { readonly height: number; readonly fps: number; readonly kbps: number };
  /** A still at least this often. */
  readonly stillEveryMs?: number;
  /** Opus; undefined: nobody is heard as they speak. */
  readonly voiceKbps?: number;
}

/**
 * Voice of 12 kbit/s in packets of 20 ms is 12 + 24 kbit/s of headers, and twice its 12 with RED: 48 with loss. What is
 * left of a line of 64 kbit/s carries a still of 6 KB every 5 s. SPEC.md prints this table; a test compares them.
 */
export const rungs: { readonly [R in RungName]: Rung } = {
  videoLarge: {
    needsKbps: 1_100,
    mostLoss: 0.05,
    mostRoundTripMs: 800,
    video: { height: 720, fps: 25, kbps: 1_000 },
    voiceKbps: 24,
  },
  videoMedium: {
    needsKbps: 450,
    mostLoss: 0.1,
    mostRoundTripMs: 1_000,
    video: { height: 360, fps: 20, kbps: 380 },
    voiceKbps: 24,
  },
  videoSmall: {
    needsKbps: 150,
    mostLoss: 0.15,
    mostRoundTripMs: 1_500,
    video: { height: 180, fps: 12, kbps: 90 },
    voiceKbps: 16,
  },
  stills: {
    needsKbps: 56,
    mostLoss: 0.25,
    mostRoundTripMs: 2_000,
    stillEveryMs: 5_000,
    voiceKbps: 12,
  },
  voice: { needsKbps: 36, mostLoss: 0.35, mostRoundTripMs: 2_500, voiceKbps: 12 },
  messages: { needsKbps: 4, mostLoss: 0.6, mostRoundTripMs: 15_000 },
  writing: { needsKbps: 0, mostLoss: 1, mostRoundTripMs: Infinity },
};
