import { Checkpoint, Deposit, Hash, SignedEntry, Uuid } from "@lientuyen/record";
import * as v from "valibot";
import { route } from "./route.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** The tree of all receipts: its checkpoints, and where a case's entries stand in it. */
export const treeRoutes = {
  checkpoint: route({
    method: "GET",
    path: "/v1/checkpoint",
    who: "signedIn",
    summary:
      "The latest signed checkpoint of the tree of all receipts, and what proves that the tree of `since` receipts is its beginning (RFC 9162 consistency path; absent where there is none)",
    errors: ["unavailable"],
    in: v.strictObject({ since: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/))) }),
    out: v.object({ checkpoint: Checkpoint, path: v.optional(v.array(Hash)) }),
  }),
  caseProofs: route({
    method: "GET",
    path: "/v1/cases/:case/proofs",
    who: "clinical",
    summary:
      "Where each entry of a readable case stands in the tree of all receipts (leaf: its receipt's chain value), with its RFC 9162 inclusion path under the latest checkpoint",
    errors: ["not_found", "unavailable"],
    params: v.strictObject({ case: Uuid }),
    in: undefined,
    out: v.object({
      checkpoint: Checkpoint,
      proofs: v.array(
        v.object({
          entry: Hash,
          index: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
          path: v.array(Hash),
        }),
      ),
    }),
  }),
  lastDeposit: route({
    method: "GET",
    path: "/v1/deposits/:root",
    who: "anyone",
    summary:
      "How far the checkpoints go that this server keeps of another installation (0 and 0: none yet); only of those that it was told to keep",
    errors: ["not_found"],
    params: v.strictObject({ root: Hash }),
    in: undefined,
    out: v.object({ epoch: count, size: count }),
  }),
  deposit: route({
    method: "POST",
    path: "/v1/deposits",
    who: "anyone",
    summary:
      "Lays down another installation's checkpoint, signed by a checkpoint key that its root named (`certificate`: that entry of its log); only of installations that this server was told to keep. `continued`: whether it was shown to continue the last one here",
    errors: ["not_found", "forbidden", "storage_full"],
    in: v.strictObject({
      deposit: Deposit,
      certificate: SignedEntry,
      /** Uncompressed point of the root key, base64url. */
      publicKey: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{87}$/)),
    }),
    out: v.object({ continued: v.boolean() }),
  }),
} as const;
