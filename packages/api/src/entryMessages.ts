import { Hash, LogName, Receipt, SignedEntry, Uuid } from "@lientuyen/record";
import * as v from "valibot";
import { text } from "./text.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const EntryAnswer = v.variant("answer", [
  v.object({ answer: v.literal("received"), id: Uuid, receipt: Receipt }),
  v.object({ answer: v.literal("quarantined"), id: Uuid, code: text(40) }),
  v.object({ answer: v.literal("later"), id: Uuid, code: text(40) }),
  v.object({
    answer: v.literal("refused"),
    id: Uuid,
    code: text(40),
    detail: v.optional(text(300)),
  }),
]);
export type EntryAnswer = v.InferOutput<typeof EntryAnswer>;

export const FeedItem = v.object({ position: count, entry: SignedEntry, receipt: Receipt });
export type FeedItem = v.InferOutput<typeof FeedItem>;

/** Entries of one log, one after the other, that the asking device wrote itself: all that their last receipt says of them. */
export const OwnRun = v.object({
  /** Of the first. */
  position: count,
  log: LogName,
  /** `seq` of the first and the last receipt. */
  from: count,
  to: count,
  /** The last receipt's, which binds all before it. */
  chain: Hash,
});
export type OwnRun = v.InferOutput<typeof OwnRun>;

/** Where a reader of the feed stands, and how much it takes. */
export const feedPlace = {
  epoch: v.optional(v.pipe(v.string(), v.regex(/^\d{1,9}$/))),
  after: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/))),
  limit: v.optional(v.pipe(v.string(), v.regex(/^\d{1,4}$/))),
};
