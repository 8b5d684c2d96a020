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
  /** For the next time that it goes in; tokens live minutes. */
  v.strictObject({ order: v.literal("token"), token: v.string() }),
  v.strictObject({ order: v.literal("stop") }),
]);
export type Order = v.InferOutput<typeof Order>;
