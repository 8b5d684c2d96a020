import * as v from "valibot";

/** Why the browser gave no device. */
export const faults = ["refused", "refusedBySystem", "none", "busy", "insecure", "failed"] as const;
export type Fault = (typeof faults)[number];

export const cameraStates = ["good", "dark", "noPicture", ...faults] as const;
export type CameraState = (typeof cameraStates)[number];
export const microphoneStates = ["good", "quiet", "silent", ...faults] as const;
export type MicrophoneState = (typeof microphoneStates)[number];
export const loudspeakerStates = ["good", "notHeard", "blocked"] as const;
export const linkStates = ["video", "smallVideo", "voice", "writing", "none"] as const;
export type LinkState = (typeof linkStates)[number];

/** Of one look at a machine and its line. */
export const Readiness = v.object({
  v: v.literal(1),
  at: v.string(),
  camera: v.optional(v.picklist(cameraStates)),
  cameraName: v.optional(v.string()),
  microphone: v.optional(v.picklist(microphoneStates)),
  microphoneName: v.optional(v.string()),
  loudspeaker: v.optional(v.picklist(loudspeakerStates)),
  link: v.optional(v.picklist(linkStates)),
  measured: v.optional(
    v.object({
      roundTripMs: v.number(),
      downKbit: v.optional(v.number()),
      upKbit: v.optional(v.number()),
    }),
  ),
});
export type Readiness = Readonly<v.InferOutput<typeof Readiness>>;
export type Measured = NonNullable<Readiness["measured"]>;

/** What getUserMedia threw, in our words. */
export const faultOf = (error: unknown, secure: boolean): Fault => {
  if (!secure) return "insecure";
  if (!(error instanceof Error)) return "failed";
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return /system/i.test(error.message) ? "refusedBySystem" : "refused";
    case "NotFoundError":
    case "OverconstrainedError":
      return "none";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "failed";
  }
};

/** One look at the picture: mean brightness and its spread, 0–255. */
export interface Look {
  readonly mean: number;
  readonly spread: number;
}

/** A covered lens gives an even darkness; a dim room is not even. Undefined: too few looks to say. */
export const judgePicture = (looks: readonly Look[]): "good" | "dark" | undefined => {
  if (looks.some(({ mean, spread }) => mean >= 16 || spread >= 8)) return "good";
  return looks.length < darkLooks ? undefined : "dark";
};
/** A camera needs a moment to open its eye. */
export const darkLooks = 10;

/** Loudness of a moment, 0–1 of full scale. Someone speaking at arm's length gives 0.05 and more. */
const heardLevel = 0.02;
const faintLevel = 0.002;
const enoughMoments = 3;

/** Undefined: go on listening. */
export const judgeSound = (
  levels: readonly number[],
  over: boolean,
): "good" | "quiet" | "silent" | undefined => {
  const loud = levels.filter((level) => level >= heardLevel);
  // A hum is always as loud: speech moves.
  const least = Math.min(...levels);
  if (loud.length >= enoughMoments && Math.max(...levels) >= least * 2) return "good";
  if (!over) return undefined;
  return levels.some((level) => level >= faintLevel) ? "quiet" : "silent";
};

/** Both ways have to carry it. Figures: packages/session, the ladder's table. */
export const judgeLink = ({ roundTripMs, downKbit = 0, upKbit = 0 }: Measured): LinkState => {
  const least = Math.min(downKbit, upKbit);
  if (least >= 450 && roundTripMs <= 1_000) return "video";
  if (least >= 150 && roundTripMs <= 1_500) return "smallVideo";
  return least >= 36 && roundTripMs <= 2_500 ? "voice" : "writing";
};

/** Rate of one probe: what its bytes took beyond a bare round trip. */
export const kbitOf = (bytes: number, tookMs: number, roundTripMs: number): number =>
  Math.round((bytes * 8) / Math.max(tookMs - roundTripMs, 5));
