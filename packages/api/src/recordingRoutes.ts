import { FileRef, Instant, Uuid } from "@lientuyen/record";
import * as v from "valibot";
import { route } from "./route.ts";
import { text } from "./text.ts";

const about = {
  recording: Uuid,
  session: Uuid,
  /** `<facility>/<person>`; that person's device, or the chair's, signs the file's entry. */
  startedBy: text(200),
  chair: text(200),
  startedAt: Instant,
};
const Gap = v.object({
  /** Since the recording's start. */
  fromMs: v.number(),
  toMs: v.number(),
  /** Whose voice alone is missing; null: everybody's. */
  who: v.nullable(v.string()),
});

export const recordingRoutes = {
  recordings: route({
    method: "GET",
    path: "/v1/cases/:case/recordings",
    who: "clinical",
    summary:
      "Recordings of the case's live sessions. One that is ready is a file which the server holds: it is the case's once an entry `fileAdded` names it",
    errors: ["not_found"],
    params: v.strictObject({ case: Uuid }),
    in: undefined,
    out: v.object({
      recordings: v.array(
        v.variant("state", [
          v.object({ state: v.literal("recording"), ...about }),
          v.object({ state: v.literal("joining"), ...about }),
          v.object({ state: v.literal("silent"), ...about }),
          v.object({
            state: v.literal("ready"),
            ...about,
            file: FileRef,
            durationMs: v.number(),
            gaps: v.array(Gap),
          }),
        ]),
      ),
    }),
  }),
} as const;
