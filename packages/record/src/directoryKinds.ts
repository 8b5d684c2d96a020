import * as v from "valibot";
import { FacilityCode, Hash, Instant, Uuid } from "./entry.ts";
import { Specialty, Urgency } from "./caseKinds.ts";

const line = v.pipe(v.string(), v.minLength(1), v.maxLength(300));
const optionalLine = v.optional(line);
const until = v.optional(Instant);

/** Who is alone on duty at a station decides within the certificate; a nurse records and asks. */
export const Role = v.picklist([
  "physician",
  "physicianAssistant",
  "nurse",
  "coordinator",
  "departmentHead",
  "facilityHead",
  "itAdministrator",
]);
export type Role = v.InferOutput<typeof Role>;

export const Level = v.picklist(["commune", "provincial", "central", "department"]);
export type Level = v.InferOutput<typeof Level>;

/** Uncompressed P-256 point, base64url (65 bytes: 87 characters). */
const PublicKey = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{87}$/));

/** One schema per kind of a facility's directory log. Written by the server's certificate key or by the facility's administrator. */
export const directoryBodies = {
  facilityFounded: v.strictObject({
    code: FacilityCode,
    name: line,
    shortName: line,
    level: Level,
    province: optionalLine,
    phone: optionalLine,
    from: Instant,
  }),
  facilityChanged: v.strictObject({
    name: optionalLine,
    shortName: optionalLine,
    level: v.optional(Level),
    phone: optionalLine,
    from: Instant,
  }),
  personAdded: v.strictObject({
    person: Uuid,
    name: line,
    title: optionalLine,
    certificateNumber: optionalLine,
    phone: optionalLine,
    account: line,
  }),
  personChanged: v.strictObject({
    person: Uuid,
    name: optionalLine,
    title: optionalLine,
    certificateNumber: optionalLine,
    phone: optionalLine,
  }),
  roleGranted: v.strictObject({
    person: Uuid,
    role: Role,
    specialty: v.optional(Specialty),
    from: Instant,
    until,
  }),
  roleEnded: v.strictObject({ person: Uuid, role: Role, reason: optionalLine }),
  deviceEnrolled: v.strictObject({ device: Uuid, name: line }),
  /** A key belongs to a person on a device at this facility. */
  keyCertified: v.strictObject({ key: Hash, publicKey: PublicKey, person: Uuid, device: Uuid }),
  keyConfirmed: v.strictObject({ key: Hash }),
  keyDisowned: v.strictObject({ key: Hash, reason: line }),
  deviceDisowned: v.strictObject({ device: Uuid, reason: line }),
  /** Two entries came with the same counter of this key: it is in use on two machines. Written by the server. */
  keyCloned: v.strictObject({ key: Hash }),
  /** Lets entries that waited in quarantine in. */
  entryReleased: v.strictObject({ entry: Hash, reason: line }),
  /** Written in both facilities' directories. Decree 96/2023 art. 87: responsibilities, prices … travel with the document. */
  contractAgreed: v.strictObject({
    contract: v.pipe(v.string(), v.maxLength(60)),
    with: FacilityCode,
    from: Instant,
    until,
    specialties: v.optional(v.array(Specialty)),
    /** Minutes to answer, where they differ from packages/terms `answerDeadlines`. */
    answerWithinMinutes: v.optional(
      v.partial(v.strictObject({ emergency: v.number(), urgent: v.number(), routine: v.number() })),
    ),
  }),
  contractEnded: v.strictObject({
    contract: v.pipe(v.string(), v.maxLength(60)),
    from: Instant,
    reason: line,
  }),
  /** Whom to call, readable offline. */
  dutySet: v.strictObject({
    specialty: v.optional(Specialty),
    urgency: v.optional(Urgency),
    name: line,
    phone: line,
  }),
} as const;
export type DirectoryKind = keyof typeof directoryBodies;
export type DirectoryBody<K extends DirectoryKind> = v.InferOutput<(typeof directoryBodies)[K]>;
export type DirectoryFact = {
  readonly [K in DirectoryKind]: { readonly kind: K; readonly body: DirectoryBody<K> };
}[DirectoryKind];

/** The installation's log: signed by the root key, names the server's working keys. */
export const installationBodies = {
  installationFounded: v.strictObject({ name: line, rootKey: PublicKey }),
  serverKeyCertified: v.strictObject({
    key: Hash,
    publicKey: PublicKey,
    use: v.picklist(["receipt", "certificate", "checkpoint", "sealing"]),
  }),
  serverKeyRetired: v.strictObject({ key: Hash, reason: line }),
  epochStarted: v.strictObject({
    epoch: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    reason: line,
  }),
} as const;
export type InstallationKind = keyof typeof installationBodies;
export type InstallationBody<K extends InstallationKind> = v.InferOutput<
  (typeof installationBodies)[K]
>;
export type InstallationFact = {
  readonly [K in InstallationKind]: { readonly kind: K; readonly body: InstallationBody<K> };
}[InstallationKind];
