import { Receipt, Uuid } from "@lientuyen/record";
import * as v from "valibot";
import { EntryAnswer, feedPlace, OwnRun } from "./entryMessages.ts";
import { PackedEntries } from "./packedEntries.ts";
import { ReceiptBatch } from "./receiptBatches.ts";
import { route } from "./route.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** The two messages that weak lines carry most of, without what the other side can reckon for itself. */
export const packedRoutes = {
  packedEntries: route({
    method: "POST",
    path: "/v1/entries/packed",
    who: "signedIn",
    summary:
      "Like entries, without what the other side can reckon for itself: hashes in the request; in the answer the receipts of whole batches (`of`: places in the request)",
    errors: ["old_protocol", "too_large", "unavailable"],
    in: PackedEntries,
    /** An entry is answered in a batch or by itself. */
    out: v.object({ answers: v.array(EntryAnswer), batches: v.array(ReceiptBatch) }),
  }),
  packedFeed: route({
    method: "GET",
    path: "/v1/feed/packed",
    who: "signedIn",
    summary:
      "Like feed, packed as in packedEntries; entries that `device` wrote are named as runs of their log and not sent",
    errors: ["old_protocol", "unavailable"],
    in: v.strictObject({ ...feedPlace, device: v.optional(Uuid) }),
    out: v.object({
      epoch: count,
      next: count,
      more: v.boolean(),
      /** Of each entry. */
      positions: v.array(count),
      entries: PackedEntries,
      batches: v.array(ReceiptBatch),
      loose: v.array(v.object({ of: count, receipt: Receipt })),
      own: v.array(OwnRun),
    }),
  }),
} as const;
