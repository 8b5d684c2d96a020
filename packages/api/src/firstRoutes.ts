import { FacilityCode, Level } from "@lientuyen/record";
import * as v from "valibot";
import { route } from "./route.ts";
import { text } from "./text.ts";

const founding = { code: FacilityCode, name: text(300), level: Level };

/** By the link that start prints, or the console for a facility that it founded: then `facility` is left out. */
export const firstRoutes = {
  firstLink: route({
    method: "POST",
    path: "/v1/first-link",
    who: "anyone",
    summary: "Whose administrator a one-time link makes; no facility where it founds the first",
    errors: ["link_expired", "bad_request"],
    in: v.strictObject({ token: text(100) }),
    out: v.object({
      facility: v.optional(v.object(founding)),
    }),
  }),
  firstAdministrator: route({
    method: "POST",
    path: "/v1/first-administrator",
    who: "anyone",
    summary: "Makes a facility's first administrator by the one-time link; founds the first",
    errors: ["link_expired", "account_taken", "bad_request"],
    in: v.strictObject({
      token: text(100),
      facility: v.optional(v.strictObject(founding)),
      name: text(200),
      account: text(60),
      password: text(200),
    }),
    out: undefined,
  }),
};
