import * as v from "valibot";
import { route } from "./route.ts";
import { text } from "./text.ts";

/** Of one probe each way: a second on a line of 1 Mbit/s. */
const mostProbeBytes = 131_072;

/** How the server and the way to it stand. */
export const healthRoutes = {
  healthz: route({
    method: "GET",
    path: "/healthz",
    who: "anyone",
    summary: "The process is alive",
    errors: [],
    in: undefined,
    out: v.object({ ok: v.boolean() }),
  }),
  probe: route({
    method: "POST",
    path: "/v1/probe",
    who: "signedIn",
    summary: "Bytes there and back, for a device that measures its line before a live session",
    errors: [],
    in: v.strictObject({
      up: text(mostProbeBytes),
      down: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(mostProbeBytes)),
    }),
    out: v.object({ down: text(mostProbeBytes) }),
  }),
  readyz: route({
    method: "GET",
    path: "/readyz",
    who: "anyone",
    summary:
      "PostgreSQL answers and is migrated; `live`: how the media engine stands, `deposits`: whether checkpoints are laid down where others keep them, which nothing else waits for",
    errors: ["unavailable"],
    in: undefined,
    out: v.object({
      ok: v.boolean(),
      live: v.picklist(["ready", "preparing", "absent", "off"]),
      deposits: v.picklist(["well", "failing", "off"]),
    }),
  }),
} as const;
