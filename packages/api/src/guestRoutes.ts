import { Instant, Uuid } from "@lientuyen/record";
import { phases, places } from "@lientuyen/session";
import * as v from "valibot";
import { route } from "./route.ts";
import { text } from "./text.ts";

const pass = v.strictObject({ pass: text(60) });
const minutes = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(240));
const GuestAct = v.picklist(["arrive", "leave", "raiseHand", "lowerHand", "mute", "unmute"]);
const Named = v.object({ who: v.string(), name: v.string() });

/** Guests of a live session: no account, no case, nothing but the call. */
export const guestRoutes = {
  inviteGuest: route({
    method: "POST",
    path: "/v1/sessions/:session/guests",
    who: "clinical",
    summary:
      "A link for one guest by name, by the session's chair or secretary: it opens once, within `minutes`; the guest waits to be admitted whatever the lobby says",
    errors: ["not_found", "session_refused"],
    params: v.strictObject({ session: Uuid }),
    in: v.strictObject({ name: v.pipe(text(80), v.minLength(1)), minutes }),
    out: v.object({ link: text(60), until: Instant }),
  }),
  openGuestLink: route({
    method: "POST",
    path: "/v1/guests",
    who: "anyone",
    summary:
      "Opens a guest's link, once and for all, and brings the guest to the door; `pass` is this guest's from now on, until the session ends",
    errors: ["guest_link_over", "session_refused"],
    in: v.strictObject({ link: text(60) }),
    out: v.object({ ...pass.entries }),
  }),
  guestAct: route({
    method: "POST",
    path: "/v1/guests/session",
    who: "anyone",
    summary: "The session as its guest sees it, after an act of the guest's own, if any",
    errors: ["guest_link_over", "session_refused"],
    in: v.strictObject({ ...pass.entries, act: v.optional(GuestAct) }),
    out: v.object({
      who: v.string(),
      name: v.string(),
      phase: v.picklist(phases),
      place: v.picklist(places),
      muted: v.boolean(),
      handRaised: v.boolean(),
      spotlight: v.nullable(v.string()),
      floor: v.nullable(v.string()),
      recording: v.boolean(),
      /** Who is inside; empty while the guest is not. */
      people: v.array(Named),
    }),
  }),
  guestToken: route({
    method: "POST",
    path: "/v1/guests/token",
    who: "anyone",
    summary: "As `sessionToken`, for a guest who is inside",
    errors: ["guest_link_over", "forbidden", "live_absent"],
    in: pass,
    out: v.object({ url: v.optional(text(300)), token: text(4_000), seconds: v.number() }),
  }),
} as const;
