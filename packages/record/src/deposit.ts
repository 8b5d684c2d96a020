import * as v from "valibot";
import { canonicalText, parseCanonical } from "./canonical.ts";
import { Checkpoint, type CheckpointFacts } from "./checkpoint.ts";
import { Hash } from "./entry.ts";

/** A checkpoint as it is laid down outside of the installation that signed it, where nobody of it can change it. */
export const Deposit = v.strictObject({
  checkpoint: Checkpoint,
  format: v.literal("lientuyen-checkpoint"),
  /** What shows that the tree of `since` leaves is a beginning of this one (RFC 9162 consistency path). */
  path: v.pipe(v.array(Hash), v.maxLength(128)),
  /** Fingerprint of the installation's root key. */
  root: Hash,
  /** Leaves of the checkpoint that was laid down before this one, in the same epoch; 0: none was. */
  since: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  v: v.literal(1),
});
export type Deposit = v.InferOutput<typeof Deposit>;

/** The text of a deposit's file. */
export const depositText = (parts: Omit<Deposit, "format" | "v">): string =>
  canonicalText({ ...parts, format: "lientuyen-checkpoint", v: 1 });

/** Undefined where the text is no deposit of this version. Says nothing of signatures and paths. */
export const parseDeposit = (text: string): Deposit | undefined => {
  const read = v.safeParse(Deposit, parseCanonical(text)?.value);
  return read.success ? read.output : undefined;
};

/** Names sort as the checkpoints followed each other; one history of that length has one name. */
export const depositName = ({
  epoch,
  size,
  root,
}: Pick<CheckpointFacts, "epoch" | "size" | "root">): string =>
  `${digits(epoch)}-${digits(size)}-${root.slice(0, 16)}.json`;

const digits = (count: number): string => String(count).padStart(16, "0");

/** What a name of `depositName` says; undefined for any other file. */
export const readDepositName = (
  name: string,
): { readonly epoch: number; readonly size: number } | undefined => {
  const parts = /^(\d{16})-(\d{16})-[A-Za-z0-9_-]{16}\.json$/.exec(name);
  return parts === null ? undefined : { epoch: Number(parts[1]), size: Number(parts[2]) };
};
