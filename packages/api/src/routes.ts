import {
  FacilityCode,
  Hash,
  LogName,
  Receipt,
  Role,
  SignedEntry,
  Uuid,
  Instant,
  Specialty,
} from "@lientuyen/record";
import * as v from "valibot";
import { EntryAnswer, FeedItem, feedPlace } from "./entryMessages.ts";
import { firstRoutes } from "./firstRoutes.ts";
import { healthRoutes } from "./healthRoutes.ts";
import { packedRoutes } from "./packedRoutes.ts";
import { route } from "./route.ts";
import { guestRoutes } from "./guestRoutes.ts";
import { recordingRoutes } from "./recordingRoutes.ts";
import { sessionRoutes } from "./sessionRoutes.ts";
import { text } from "./text.ts";
import { treeRoutes } from "./treeRoutes.ts";

/** Sent by the client in `x-lientuyen-protocol`; the server's floor is `oldestProtocol`. */
export const protocol = 1;
export const oldestProtocol = 1;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const base64url = (max: number) =>
  v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]*$/), v.maxLength(max));

export const ErrorAnswer = v.object({
  error: text(60),
  reference: v.optional(text(60)),
  detail: v.optional(text(300)),
});

export const Me = v.object({
  person: Uuid,
  facility: FacilityCode,
  account: text(60),
  name: text(200),
  roles: v.array(v.object({ role: Role, specialty: v.optional(Specialty) })),
});
export type Me = v.InferOutput<typeof Me>;

export const routes = {
  signIn: route({
    method: "POST",
    path: "/v1/sign-in",
    who: "anyone",
    summary:
      "Password sign-in; sets the session cookie (HttpOnly, SameSite=Strict) and returns the CSRF token",
    errors: ["wrong_sign_in", "too_many"],
    in: v.strictObject({ account: text(60), password: text(200) }),
    out: v.object({ me: Me, csrf: text(80) }),
  }),
  /** The PIN opens the person's certified key on the device; the key opens a session: a quick change of person needs no password while online. */
  keyChallenge: route({
    method: "POST",
    path: "/v1/sign-in/challenge",
    who: "anyone",
    summary: "A challenge for sign-in by a certified key: random, valid once, for two minutes",
    errors: ["too_many"],
    in: undefined,
    out: v.object({ challenge: text(80) }),
  }),
  keySignIn: route({
    method: "POST",
    path: "/v1/sign-in/key",
    who: "anyone",
    summary:
      "Sign-in by a key that POST /v1/keys certified and nobody disowned (person and account still active); session cookie as with the password",
    errors: ["wrong_sign_in", "too_many"],
    in: v.strictObject({
      key: Hash,
      challenge: text(80),
      /** Signature of the key over the UTF-8 of `lientuyen-session|<challenge>`. */ proof:
        base64url(86),
    }),
    out: v.object({ me: Me, csrf: text(80) }),
  }),
  /** A colleague's first sign-in on a device, and a forgotten PIN: the device keeps its store's secret sealed to the server, which opens it for a person of that facility who has just signed in. */
  openStoreSecret: route({
    method: "POST",
    path: "/v1/store-secret",
    who: "signedIn",
    summary:
      "Opens a store secret that a device keeps sealed to the server's sealing key (as packages/sync sealBatch seals, content: StoreSecret JSON of this package); only for a session of the same facility, logged; the server keeps nothing",
    errors: ["bad_request", "forbidden"],
    in: v.strictObject({ ephemeral: base64url(87), iv: base64url(16), sealed: base64url(8_000) }),
    out: v.object({ secret: base64url(2_000) }),
  }),
  signOut: route({
    method: "POST",
    path: "/v1/sign-out",
    who: "signedIn",
    summary: "Ends the session",
    errors: [],
    in: undefined,
    out: undefined,
  }),
  me: route({
    method: "GET",
    path: "/v1/me",
    who: "signedIn",
    summary: "The session's person",
    errors: [],
    in: undefined,
    out: v.object({ me: Me, csrf: text(80) }),
  }),
  changePassword: route({
    method: "POST",
    path: "/v1/password",
    who: "signedIn",
    summary: "Changes one's own password",
    errors: ["wrong_sign_in", "bad_request", "too_many"],
    in: v.strictObject({ old: text(200), new: text(200) }),
    out: undefined,
  }),
  ...firstRoutes,
  enrolKey: route({
    method: "POST",
    path: "/v1/keys",
    who: "signedIn",
    summary:
      "Certifies a key made in this browser for the session's person on this device (directory entries deviceEnrolled, keyCertified); returns a transport token for sealed uploads while locked",
    errors: ["bad_request", "forbidden", "too_many"],
    in: v.strictObject({
      publicKey: base64url(87),
      device: Uuid,
      deviceName: text(120),
      /** Signature of the new key over the UTF-8 of `lientuyen-enrol|<device>|<person>`. */ proof:
        base64url(86),
    }),
    out: v.object({ key: Hash, entries: v.array(FeedItem), transport: text(100) }),
  }),
  entries: route({
    method: "POST",
    path: "/v1/entries",
    who: "signedIn",
    summary:
      "Appends a batch; each entry is answered for itself; idempotent. Body may be gzip (content-encoding)",
    errors: ["old_protocol", "too_large", "unavailable"],
    in: v.strictObject({
      entries: v.pipe(v.array(SignedEntry), v.maxLength(500)),
      /** Receipts from before a restore, of entries that are offered again: kept as evidence. */
      earlier: v.optional(v.pipe(v.array(Receipt), v.maxLength(2_000))),
    }),
    out: v.object({ answers: v.array(EntryAnswer) }),
  }),
  sealed: route({
    method: "POST",
    path: "/v1/sealed",
    who: "transport",
    summary:
      "A batch sealed to the server's sealing key by a screen that has since been locked; answered like entries",
    errors: ["old_protocol", "bad_request", "unavailable"],
    in: v.strictObject({
      /** ephemeral public key, iv, ciphertext of a SealedBatch JSON: see packages/sync SPEC */ ephemeral:
        base64url(87),
      iv: base64url(16),
      sealed: base64url(8_000_000),
    }),
    out: v.object({ answers: v.array(EntryAnswer) }),
  }),
  feed: route({
    method: "GET",
    path: "/v1/feed",
    who: "signedIn",
    summary:
      "Everything that concerns the session's facility, in order, after (epoch, position); who is IT administrator and nothing else gets directories and the installation",
    errors: ["old_protocol", "unavailable"],
    in: v.strictObject(feedPlace),
    out: v.object({ epoch: count, items: v.array(FeedItem), next: count, more: v.boolean() }),
  }),
  wake: route({
    method: "GET",
    path: "/v1/feed/wake",
    who: "signedIn",
    summary:
      "Server-sent events: `position` whenever the facility's feed has grown; a comment every 20 s",
    errors: ["unavailable"],
    in: undefined,
    out: undefined,
    media: "text/event-stream",
  }),
  caseEntries: route({
    method: "GET",
    path: "/v1/cases/:case",
    who: "clinical",
    summary:
      "All entries of one case that the session's facility may read. A view, logged; `why=sync`: a device fills up its own copy, as by the feed, and logs views itself",
    errors: ["not_found"],
    params: v.strictObject({ case: Uuid }),
    in: v.strictObject({ why: v.optional(v.literal("sync")) }),
    out: v.object({ items: v.array(FeedItem) }),
  }),
  ...packedRoutes,
  ...treeRoutes,
  ...sessionRoutes,
  ...guestRoutes,
  ...recordingRoutes,
  worklist: route({
    method: "GET",
    path: "/v1/worklist",
    who: "clinical",
    summary: "Open requests to the session's facility by urgency and due time",
    errors: [],
    in: undefined,
    out: v.object({
      rows: v.array(
        v.object({
          case: LogName,
          request: Hash,
          number: text(24),
          from: FacilityCode,
          specialty: text(40),
          urgency: text(20),
          state: text(20),
          receivedAt: Instant,
          dueAt: v.optional(Instant),
        }),
      ),
    }),
  }),
  caseByNumber: route({
    method: "GET",
    path: "/v1/case-numbers/:number",
    who: "clinical",
    summary: "The case of a number, among those that the facility may read",
    errors: ["not_found"],
    params: v.strictObject({ number: text(24) }),
    in: undefined,
    out: v.object({ log: LogName }),
  }),
  views: route({
    method: "POST",
    path: "/v1/views",
    who: "signedIn",
    summary:
      "Views of cases, offline ones too; the log of accesses. `person`: who looked, where that was another of the facility than the session's; whose session told it is kept with it",
    errors: [],
    in: v.strictObject({
      views: v.pipe(
        v.array(
          v.strictObject({
            id: Uuid,
            log: LogName,
            at: Instant,
            device: Uuid,
            person: v.optional(Uuid),
          }),
        ),
        v.maxLength(500),
      ),
    }),
    out: undefined,
  }),
  /** tus 1.0 at /v1/files (creation, patch, head); Upload-Metadata: log, hash, type, each base64. */
  file: route({
    method: "GET",
    path: "/v1/cases/:case/files/:hash",
    who: "clinical",
    summary:
      "A file of a readable case, through a file entry of it; always an attachment; Range is honoured",
    errors: ["not_found"],
    params: v.strictObject({ case: Uuid, hash: Hash }),
    in: undefined,
    out: undefined,
    media: "application/octet-stream",
  }),
  filesHeld: route({
    method: "GET",
    path: "/v1/cases/:case/files",
    who: "clinical",
    summary: "Which files of the case the server holds whole",
    errors: ["not_found"],
    params: v.strictObject({ case: Uuid }),
    in: undefined,
    out: v.object({ held: v.array(Hash) }),
  }),
  openCameraLink: route({
    method: "POST",
    path: "/v1/camera-links",
    who: "clinical",
    summary:
      "A link of 10 minutes that only adds photographs to this case: the phone as the station's camera",
    errors: ["forbidden"],
    in: v.strictObject({ log: LogName }),
    out: v.object({ token: text(60), expiresAt: Instant }),
  }),
  cameraLinkPhotos: route({
    method: "GET",
    path: "/v1/camera-links/:token/photos",
    who: "clinical",
    summary: "Photographs that came through the link, for the PC to sign into the case",
    errors: ["link_expired"],
    params: v.strictObject({ token: text(60) }),
    in: undefined,
    out: v.object({ photos: v.array(v.object({ hash: Hash, size: count, type: text(80) })) }),
  }),
  takePhoto: route({
    method: "GET",
    path: "/v1/camera-links/:token/photos/:hash",
    who: "clinical",
    summary: "One such photograph",
    errors: ["not_found", "link_expired"],
    params: v.strictObject({ token: text(60), hash: Hash }),
    in: undefined,
    out: undefined,
    media: "application/octet-stream",
  }),
  addPhoto: route({
    method: "POST",
    path: "/v1/camera/:token",
    who: "cameraLink",
    summary: "Adds one photograph (raw body, image/jpeg) from the phone",
    errors: ["link_expired", "file_empty", "file_too_large", "file_type_mismatch"],
    params: v.strictObject({ token: text(60) }),
    in: undefined,
    out: v.object({ hash: Hash }),
  }),
  // administration
  addPerson: route({
    method: "POST",
    path: "/v1/people",
    who: "administrator",
    summary: "An account for a person whose personAdded entry the administrator signs",
    errors: ["bad_request"],
    in: v.strictObject({ person: Uuid, account: text(60), password: text(200) }),
    out: undefined,
  }),
  resetPassword: route({
    method: "POST",
    path: "/v1/people/:person/password",
    who: "administrator",
    summary: "A new one-time password",
    errors: ["not_found"],
    params: v.strictObject({ person: Uuid }),
    in: undefined,
    out: v.object({ password: text(60) }),
  }),
  quarantine: route({
    method: "GET",
    path: "/v1/quarantine",
    who: "administrator",
    summary: "Entries that wait because their key was disowned",
    errors: [],
    in: undefined,
    out: v.object({
      rows: v.array(
        v.object({ entry: Hash, key: Hash, person: Uuid, log: LogName, arrivedAt: Instant }),
      ),
    }),
  }),
  accessLog: route({
    method: "GET",
    path: "/v1/cases/:case/views",
    who: "clinical",
    summary: "Who opened this case, when, on which device",
    errors: ["not_found"],
    params: v.strictObject({ case: Uuid }),
    in: undefined,
    out: v.object({
      views: v.array(
        v.object({
          person: Uuid,
          facility: FacilityCode,
          device: v.optional(Uuid),
          at: Instant,
          /** In whose session a shared device told of it, where that was another person's. */
          toldBy: v.optional(Uuid),
        }),
      ),
    }),
  }),
  ...healthRoutes,
  serverKeys: route({
    method: "GET",
    path: "/v1/server-keys",
    who: "anyone",
    summary: "The installation's log: root, receipt, certificate, checkpoint and sealing keys",
    errors: [],
    in: undefined,
    out: v.object({ entries: v.array(FeedItem) }),
  }),
} as const;
export type RouteName = keyof typeof routes;
