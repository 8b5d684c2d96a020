import { Instant, LogName, Uuid } from "@lientuyen/record";
import { Act, Name, Session } from "@lientuyen/session";
import * as v from "valibot";
import { route } from "./route.ts";
import { text } from "./text.ts";

const session = v.strictObject({ session: Uuid });
const CaseLog = v.pipe(LogName, v.regex(/^case\//));
const inSession = {
  session: Uuid,
  log: LogName,
  /** When a planned one is to begin; absent: it began when it was opened. */
  startsAt: v.optional(Instant),
  state: Session,
};
const SessionOfCase = v.object(inSession);
const Plan = v.strictObject({
  startsAt: Instant,
  /** Absent: the caller; else the caller is a secretary. */
  chair: v.optional(Name),
  people: v.pipe(
    v.array(
      v.strictObject({
        who: Name,
        role: v.picklist(["secretary", "presenter", "member", "listener"]),
      }),
    ),
    v.maxLength(200),
  ),
});
/** What WebRTC counts: the square of the loudness, summed over seconds. */
const Energy = v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000));
const Token = v.object({ url: v.optional(text(300)), token: text(4_000), seconds: v.number() });

/** Live sessions over a case. Who is in one is named `<facility>/<person>`. */
export const sessionRoutes = {
  openSession: route({
    method: "POST",
    path: "/v1/sessions",
    who: "clinical",
    summary:
      "Opens a live session over a case that the facility takes part in, with the caller as its chair; where the case has an open one, that one. With `plan`, one for a later hour and with its roles, besides any other",
    errors: ["not_found", "bad_request"],
    in: v.strictObject({ log: CaseLog, plan: v.optional(Plan) }),
    out: SessionOfCase,
  }),
  enterSession: route({
    method: "POST",
    path: "/v1/sessions/enter",
    who: "clinical",
    summary:
      "Opening, arriving and the media engine's token in one round trip, for lines on which each takes its time. `media` is absent at the door, and where there is no engine now. `session`: back into this one alone; where it has ended, that is all that is told",
    errors: ["not_found", "session_refused"],
    in: v.strictObject({ log: CaseLog, session: v.optional(Uuid) }),
    out: v.object({
      ...inSession,
      media: v.optional(Token),
    }),
  }),
  sessions: route({
    method: "GET",
    path: "/v1/sessions",
    who: "clinical",
    summary: "The open sessions over cases that the facility takes part in",
    errors: [],
    in: undefined,
    out: v.object({ sessions: v.array(SessionOfCase) }),
  }),
  session: route({
    method: "GET",
    path: "/v1/sessions/:session",
    who: "clinical",
    summary: "One session as it stands, ended ones too",
    errors: ["not_found"],
    params: session,
    in: undefined,
    out: SessionOfCase,
  }),
  actInSession: route({
    method: "POST",
    path: "/v1/sessions/:session/acts",
    who: "clinical",
    summary:
      "One act of the caller in a session (packages/session). Who arrives and is on no list is invited as a member by their facility's part in the case. A refusal names its reason in `detail`",
    errors: ["not_found", "bad_request", "session_refused", "recording_needs_consent"],
    params: session,
    in: v.strictObject({ act: Act }),
    out: SessionOfCase,
  }),
  sessionToken: route({
    method: "POST",
    path: "/v1/sessions/:session/token",
    who: "clinical",
    summary:
      "A token of 5 minutes for the media engine: one identity, one room, the least grants; for who is inside the session. `url`: its signalling; absent: this server",
    errors: ["not_found", "forbidden", "live_absent"],
    params: session,
    in: undefined,
    out: Token,
  }),
  reportHearing: route({
    method: "POST",
    path: "/v1/sessions/:session/hearing",
    who: "clinical",
    summary:
      "What the caller's endpoint said and heard since its last report, about once a second. Answers the repairs that are its work, and who does not hear whom (all of it for chair and secretary). `weight`: so many characters more in the answer, by which the line is measured",
    errors: ["not_found"],
    params: session,
    in: v.strictObject({
      spoke: Energy,
      heard: v.record(Name, Energy),
      weight: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(16_000))),
      /** Nothing but weight, on the way there. */
      ballast: v.optional(v.pipe(v.string(), v.maxLength(16_000))),
    }),
    out: v.object({
      repairs: v.array(
        v.object({
          listener: Name,
          speaker: Name,
          repair: v.picklist(["resubscribe", "listenerTransport", "republish", "speakerTransport"]),
        }),
      ),
      deaf: v.array(v.object({ listener: Name, speaker: Name })),
      weight: v.optional(v.string()),
    }),
  }),
} as const;
