import { Checkpoint, Receipt, SignedEntry } from "@lientuyen/record";
import type {
  AwayRow,
  FeedPlace,
  HeldRow,
  KeptHistory,
  OutboxRow,
  StoredEntry,
  UploadRow,
  ViewRow,
} from "@lientuyen/sync";
import * as v from "valibot";

/** What stands inside the sealed rows: parsed again when it is read, as anything that comes from a disk. */

const text = v.string();
const whole = v.pipe(v.number(), v.safeInteger());
const rank = v.picklist([0, 1, 2]);

export const StoredEntryShape: v.GenericSchema<unknown, StoredEntry> = v.object({
  hash: text,
  log: text,
  signed: SignedEntry,
  receipt: v.optional(Receipt),
  earlierReceipts: v.optional(v.array(Receipt)),
  fault: v.optional(
    v.picklist(["header", "bodyHash", "signature", "unknownKey", "receipt", "chain"]),
  ),
});

export const OutboxShape: v.GenericSchema<unknown, OutboxRow> = v.object({
  hash: text,
  id: text,
  log: text,
  kind: text,
  key: text,
  order: whole,
  size: whole,
  targets: v.array(text),
  rank,
  reoffer: v.optional(v.boolean()),
});

export const HeldShape: v.GenericSchema<unknown, HeldRow> = v.object({
  hash: text,
  id: text,
  log: text,
  kind: text,
  state: v.picklist(["refused", "quarantined"]),
  code: text,
  detail: v.optional(text),
  at: text,
});

export const UploadShape: v.GenericSchema<unknown, UploadRow> = v.object({
  log: text,
  hash: text,
  size: whole,
  type: text,
  priority: v.picklist(["key", "first", "original"]),
  rank,
  order: whole,
  state: v.picklist(["waiting", "sent", "refused"]),
  code: v.optional(text),
  url: v.optional(text),
  offset: whole,
});

export const ViewShape: v.GenericSchema<unknown, ViewRow> = v.object({
  id: text,
  log: text,
  at: text,
  device: text,
  person: v.optional(text),
});

export const AwayShape: v.GenericSchema<unknown, AwayRow> = v.object({
  log: text,
  epoch: whole,
  last: Receipt,
});

export const CounterShape = v.object({ key: text, n: whole });
export const PlaceShape: v.GenericSchema<unknown, FeedPlace> = v.object({
  epoch: whole,
  position: whole,
});
export const HistoryShape: v.GenericSchema<unknown, KeptHistory> = v.object({
  last: Checkpoint,
  earlier: v.array(Checkpoint),
  contradictions: v.array(v.object({ kept: Checkpoint, seen: Checkpoint })),
});
