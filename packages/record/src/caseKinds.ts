import * as v from "valibot";
import { FacilityCode, Hash, Instant, Uuid } from "./entry.ts";
import { Identity, Sex } from "./identity.ts";

const line = v.pipe(v.string(), v.minLength(1), v.maxLength(300));
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(20_000));
const reason = v.pipe(v.string(), v.minLength(1), v.maxLength(2_000));
/** The versions of the same text that this one replaces; two that replace the same one diverge. */
const replaces = v.pipe(v.array(Hash), v.maxLength(16));
/** Exclusive acts carry the head of the request that their author saw: the entry that last changed it. */
const expects = Hash;

export const Urgency = v.picklist(["emergency", "urgent", "routine"]);
export type Urgency = v.InferOutput<typeof Urgency>;

/** Codes of packages/terms `specialties`. */
export const Specialty = v.pipe(v.string(), v.regex(/^[a-z][A-Za-z]{1,39}$/));

export const FileRef = v.strictObject({
  /** SHA-256 of the content, base64url: the file's name within its case. */
  hash: Hash,
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  type: v.pipe(v.string(), v.regex(/^[a-z]+\/[a-z0-9.+-]+$/), v.maxLength(80)),
});
export type FileRef = v.InferOutput<typeof FileRef>;

export const FileRole = v.picklist(["photo", "document", "video", "voice"]);

/** Numbers as measured, in the sign's own unit (packages/terms `vitalSigns`). */
export const Reading = v.strictObject({
  /** Code of packages/terms `vitalSigns`: pulse, systolic, diastolic, temperature, respirations, spo2, weight, height, glucose, gcs, pain, capillaryRefill. */
  sign: v.pipe(v.string(), v.regex(/^[a-z][A-Za-z0-9]{1,29}$/)),
  value: v.pipe(v.number(), v.finite()),
  /** The author was asked about an unusual value and said that it is right. */
  confirmed: v.optional(v.boolean()),
});
export type Reading = v.InferOutput<typeof Reading>;

/** packages/session `roles`. */
const SessionRole = v.picklist(["chair", "secretary", "presenter", "member", "listener", "guest"]);
/** packages/session `rungNames`. */
const SessionRung = v.picklist([
  "videoLarge",
  "videoMedium",
  "videoSmall",
  "stills",
  "voice",
  "messages",
  "writing",
]);
/** packages/session `Reason`. */
const SessionRungReason = v.picklist([
  "bandwidth",
  "loss",
  "roundTrip",
  "cpu",
  "silence",
  "returned",
  "stable",
  "held",
]);
/** Somebody by their name in the session: "<facility>/<person>", or a guest's. */
const who = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const audience = v.pipe(v.array(who), v.maxLength(400));
/** What everybody was given to see: a file of the case, a camera by its track's name, somebody's screen. */
const ShownThing = v.variant("kind", [
  v.strictObject({ kind: v.literal("file"), file: Hash }),
  v.strictObject({ kind: v.literal("camera"), who, track: line }),
  v.strictObject({ kind: v.literal("screen") }),
]);
const ofSession = { session: Uuid };
/** The name of a guest, who signs nothing; absent: the author's own part. */
const guest = v.optional(line);

/** One schema per kind of a case entry. */
export const caseBodies = {
  opened: v.strictObject({
    /** Short, speakable by telephone: packages/record `makeCaseNumber`. */
    number: v.pipe(v.string(), v.maxLength(24)),
    facility: FacilityCode,
    mode: v.picklist(["directToPatient", "viaFacility", "support", "council"]),
  }),
  patientAttached: v.variant("patient", [
    v.strictObject({ patient: v.literal("known"), log: Uuid, identity: Identity }),
    v.strictObject({
      patient: v.literal("notYetKnown"),
      description: v.optional(line),
      sex: v.optional(Sex),
      ageYears: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(130))),
    }),
  ]),
  /** Decree 96/2023: the patient is told that support takes place. Law 91/2025: consent, or the ground in law. */
  consentRecorded: v.strictObject({
    ground: v.picklist(["consent", "emergency", "law"]),
    told: v.picklist(["patient", "guardian", "relative", "nobody"]),
    toldName: v.optional(line),
    how: v.picklist(["spoken", "signedPaper", "electronic", "notPossible"]),
    at: Instant,
    note: v.optional(reason),
  }),
  /** Consent is given for one purpose (Law 91/2025): being recorded is another than being treated. The last one counts. */
  recordingConsent: v.strictObject({
    /** False: refused, or taken back. */
    given: v.boolean(),
    by: v.picklist(["patient", "guardian"]),
    how: v.picklist(["spoken", "signedPaper", "electronic"]),
    at: Instant,
    note: v.optional(reason),
  }),
  historyTaken: v.strictObject({
    text,
    /** Answers of the guided history (packages/terms `guidedHistory`). */
    guided: v.optional(
      v.pipe(
        v.array(v.strictObject({ question: v.pipe(v.string(), v.maxLength(60)), answer: line })),
        v.maxLength(60),
      ),
    ),
    replaces,
  }),
  allergiesAndMedicines: v.strictObject({
    allergies: v.optional(text),
    noKnownAllergies: v.optional(v.boolean()),
    medicines: v.optional(text),
    noMedicines: v.optional(v.boolean()),
    replaces,
  }),
  vitalSigns: v.strictObject({
    readings: v.pipe(v.array(Reading), v.minLength(1), v.maxLength(30)),
    measuredAt: Instant,
  }),
  examination: v.strictObject({ text, replaces }),
  diagnosis: v.strictObject({
    text: line,
    icd10: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]\d{2}(\.\d{1,2})?$/))),
    certainty: v.picklist(["suspected", "confirmed"]),
    /** Circular 30/2023: off the list asks for a reason; it stops nothing. */
    offListReason: v.optional(reason),
    replaces,
  }),
  summary: v.strictObject({ text, replaces }),
  note: v.strictObject({ text }),
  fileAdded: v.strictObject({
    file: FileRef,
    role: FileRole,
    name: v.optional(line),
    caption: v.optional(line),
    /** Set on the full original of a picture that was sent small first: hash of the small one's entry. */
    originalOf: v.optional(Hash),
    /** Set where this is a better take of an earlier one. */
    retakeOf: v.optional(Hash),
    width: v.optional(v.pipe(v.number(), v.integer())),
    height: v.optional(v.pipe(v.number(), v.integer())),
    durationMs: v.optional(v.pipe(v.number(), v.integer())),
    /** The picture to look at first. */
    key: v.optional(v.boolean()),
    /** Set on the recording of a live session; what is missing of it, in ms since its start: `who`'s voice alone, or everybody's. */
    recording: v.optional(
      v.strictObject({
        session: Uuid,
        gaps: v.pipe(
          v.array(
            v.strictObject({
              fromMs: v.pipe(v.number(), v.integer()),
              toMs: v.pipe(v.number(), v.integer()),
              who: v.optional(line),
            }),
          ),
          v.maxLength(500),
        ),
      }),
    ),
  }),
  questionAsked: v.strictObject({ text }),
  requestSent: v.strictObject({
    to: FacilityCode,
    specialty: Specialty,
    urgency: Urgency,
    questions: v.pipe(v.array(Hash), v.maxLength(50)),
    /** Contract that it hangs on; absent in an emergency without one (marked `noContract`). */
    contract: v.optional(v.pipe(v.string(), v.maxLength(60))),
  }),
  requestWithdrawn: v.strictObject({ request: Hash, reason }),
  urgencyChanged: v.strictObject({
    request: Hash,
    urgency: Urgency,
    reason,
    worse: v.optional(v.boolean()),
  }),
  /** The missing contract of an emergency, named later. */
  contractNamed: v.strictObject({
    request: Hash,
    contract: v.pipe(v.string(), v.maxLength(60)),
    note: v.optional(reason),
  }),
  allocated: v.strictObject({ request: Hash, to: Uuid, expects }),
  accepted: v.strictObject({ request: Hash, expects }),
  sentOn: v.strictObject({
    request: Hash,
    to: FacilityCode,
    specialty: Specialty,
    reason,
    expects,
  }),
  declined: v.strictObject({ request: Hash, reason, expects }),
  specialistAsked: v.strictObject({
    request: Hash,
    facility: FacilityCode,
    specialty: Specialty,
    person: v.optional(Uuid),
    reason,
  }),
  /** Written once for each person and device that opens a case not its own. */
  seen: v.strictObject({ request: v.optional(Hash) }),
  messageSent: v.strictObject({ text, answers: v.optional(Hash) }),
  informationAsked: v.strictObject({ request: Hash, text }),
  opinionGiven: v.strictObject({
    request: Hash,
    question: Hash,
    text,
    confidence: v.picklist(["low", "medium", "high"]),
    /** Opinion that this one differs from; both are kept. */
    dissentsFrom: v.optional(Hash),
    replaces,
  }),
  recommendationMade: v.strictObject({ request: Hash, text, replaces }),
  /** Law 15/2023 art. 80(2)(a): the requesting side decides. */
  decisionMade: v.strictObject({
    recommendation: Hash,
    decision: v.picklist(["accept", "change", "decline"]),
    /** What is done instead, where changed. */
    text: v.optional(text),
    reason: v.optional(reason),
    /** Heads that it replaces (earlier decisions on the same recommendation). */
    replaces,
  }),
  handedOver: v.strictObject({
    to: v.variant("kind", [
      v.strictObject({ kind: v.literal("facility"), facility: FacilityCode }),
      v.strictObject({ kind: v.literal("person"), person: Uuid }),
    ]),
    note: text,
  }),
  agreedByTelephone: v.strictObject({ request: v.optional(Hash), with: line, at: Instant, text }),
  /** What happened in a live session over the case; whoever did it signs it, a guest's part the one who saw it. */
  sessionNoted: v.variant("what", [
    v.strictObject({ what: v.literal("joined"), ...ofSession, guest }),
    v.strictObject({ what: v.literal("returned"), ...ofSession, guest }),
    v.strictObject({ what: v.literal("left"), ...ofSession, guest }),
    v.strictObject({ what: v.literal("ended"), ...ofSession }),
    v.strictObject({ what: v.literal("roleChanged"), ...ofSession, who, role: SessionRole }),
    v.strictObject({
      what: v.literal("rung"),
      ...ofSession,
      direction: v.picklist(["sends", "receives"]),
      rung: SessionRung,
      because: SessionRungReason,
    }),
    v.strictObject({ what: v.literal("shown"), ...ofSession, thing: ShownThing, to: audience }),
    v.strictObject({ what: v.literal("recording"), ...ofSession, on: v.boolean() }),
  ]),
  outcomeTold: v.strictObject({
    result: v.picklist([
      "recovered",
      "improved",
      "unchanged",
      "worse",
      "died",
      "transferred",
      "unknown",
    ]),
    text: v.optional(text),
    at: Instant,
  }),
  closed: v.strictObject({ reason: v.optional(reason) }),
  reopened: v.strictObject({ reason }),
  /** Names the entry that it corrects; `body` is a whole body of the same kind in its place. */
  correction: v.strictObject({ target: Hash, reason, body: v.unknown() }),
  textMerged: v.strictObject({
    kind: v.picklist([
      "historyTaken",
      "examination",
      "summary",
      "diagnosis",
      "opinionGiven",
      "recommendationMade",
      "allergiesAndMedicines",
    ]),
    text,
    replaces: v.pipe(replaces, v.minLength(2)),
  }),
  conflictResolved: v.strictObject({
    chosen: Hash,
    over: v.pipe(v.array(Hash), v.minLength(1)),
    reason,
  }),
  withheld: v.strictObject({
    target: Hash,
    ground: v.picklist(["wrongPatient", "wrongPicture", "personsRight", "retentionEnded"]),
    /** hide: bodies stay sealed on the server for a court; destroy: body, salt and files go. */
    effect: v.picklist(["hide", "destroy"]),
    note: v.optional(reason),
  }),
} as const;

export type CaseKind = keyof typeof caseBodies;
export type CaseBody<K extends CaseKind> = v.InferOutput<(typeof caseBodies)[K]>;
/** A kind with its body, as a screen hands it over to be signed. */
export type CaseFact = {
  readonly [K in CaseKind]: { readonly kind: K; readonly body: CaseBody<K> };
}[CaseKind];
