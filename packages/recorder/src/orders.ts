import * as v from "valibot";

/** What the recorder is told, over the channel to whoever started it; when that ends, so does the recorder. */
export const Order = v.variant("order", [
  v.strictObject({
    order: v.literal("record"),
    url: v.string(),
    token: v.string(),
    /** Where its run is written. */
    folder: v.string(),
    /** Base64url, 32 bytes. */
    key: v.string(),
  }),
  /** Instead: what was recorded becomes one file, and it ends. */
  v.strictObject({
    order: v.literal("join"),
    folder: v.string(),
    key: v.string(),
    startMs: v.number(),
    endMs: v.number(),
    to: v.string(),
  }),
  /** For the next time that it goes in; tokens live minutes. */
  v.strictObject({ order: v.literal("token"), token: v.string() }),
  v.strictObject({ order: v.literal("stop") }),
]);
export type Order = v.InferOutput<typeof Order>;

/** What comes back of a joining. */
export const Joined = v.strictObject({
  durationMs: v.number(),
  gaps: v.array(
    v.strictObject({ fromMs: v.number(), toMs: v.number(), who: v.nullable(v.string()) }),
  ),
  /** Whether anybody was heard at all. */
  hasSound: v.boolean(),
});
export type Joined = v.InferOutput<typeof Joined>;
