import * as v from "valibot";

/** ms since 1970 by the clock of the machine that records; fractions are kept. */
const Moment = v.pipe(v.number(), v.finite());
const Track = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/**
 * What one segment holds. `sound` alone has samples behind it. A gap is where none of these says anything: `quiet` is
 * recorded silence, `alive` says that the recorder was in the room with nobody to be heard.
 */
export const Mark = v.variant("mark", [
  /** In the room; these tracks were there before. */
  v.strictObject({ mark: v.literal("in"), atMs: Moment, tracks: v.array(Track) }),
  /** The connection to the room broke. */
  v.strictObject({ mark: v.literal("out"), atMs: Moment }),
  v.strictObject({
    mark: v.literal("track"),
    atMs: Moment,
    track: Track,
    who: v.pipe(v.string(), v.maxLength(200)),
  }),
  v.strictObject({ mark: v.literal("trackEnd"), atMs: Moment, track: Track }),
  v.strictObject({
    mark: v.literal("sound"),
    atMs: Moment,
    track: Track,
    samples: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  }),
  v.strictObject({
    mark: v.literal("quiet"),
    atMs: Moment,
    track: Track,
    samples: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  }),
  v.strictObject({ mark: v.literal("alive"), atMs: Moment }),
]);
export type Mark = v.InferOutput<typeof Mark>;

/** Speech: what the voice's codec carries is kept whole. */
export const samplesPerSecond = 16_000;
export const msOf = (samples: number): number => (samples * 1_000) / samplesPerSecond;
export const samplesIn = (ms: number): number => Math.round((ms * samplesPerSecond) / 1_000);
