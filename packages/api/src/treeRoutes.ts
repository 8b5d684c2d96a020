import { Checkpoint, Hash, Uuid } from "@lientuyen/record";
import * as v from "valibot";
import { route } from "./route.ts";

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
} as const;
