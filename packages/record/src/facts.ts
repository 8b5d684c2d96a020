import * as v from "valibot";
import { caseBodies, type CaseFact, type CaseKind } from "./caseKinds.ts";
import {
  directoryBodies,
  installationBodies,
  type DirectoryFact,
  type DirectoryKind,
  type InstallationFact,
} from "./directoryKinds.ts";
import { patientBodies, type PatientFact } from "./identity.ts";

/** `path` names the first field that is not of its kind, as `readings.0.value`; "" where the kind itself is unknown. */
export type FactAnswer<F> =
  | { readonly ok: true; readonly fact: F }
  | { readonly ok: false; readonly path: string };

/** One option for each kind (a test asks every kind of caseBodies for its row). */
const caseFact = v.variant("kind", [
  v.object({ kind: v.literal("opened"), body: caseBodies.opened }),
  v.object({ kind: v.literal("patientAttached"), body: caseBodies.patientAttached }),
  v.object({ kind: v.literal("consentRecorded"), body: caseBodies.consentRecorded }),
  v.object({ kind: v.literal("recordingConsent"), body: caseBodies.recordingConsent }),
  v.object({ kind: v.literal("historyTaken"), body: caseBodies.historyTaken }),
  v.object({ kind: v.literal("allergiesAndMedicines"), body: caseBodies.allergiesAndMedicines }),
  v.object({ kind: v.literal("vitalSigns"), body: caseBodies.vitalSigns }),
  v.object({ kind: v.literal("examination"), body: caseBodies.examination }),
  v.object({ kind: v.literal("diagnosis"), body: caseBodies.diagnosis }),
  v.object({ kind: v.literal("summary"), body: caseBodies.summary }),
  v.object({ kind: v.literal("note"), body: caseBodies.note }),
  v.object({ kind: v.literal("fileAdded"), body: caseBodies.fileAdded }),
  v.object({ kind: v.literal("questionAsked"), body: caseBodies.questionAsked }),
  v.object({ kind: v.literal("requestSent"), body: caseBodies.requestSent }),
  v.object({ kind: v.literal("requestWithdrawn"), body: caseBodies.requestWithdrawn }),
  v.object({ kind: v.literal("urgencyChanged"), body: caseBodies.urgencyChanged }),
  v.object({ kind: v.literal("contractNamed"), body: caseBodies.contractNamed }),
  v.object({ kind: v.literal("allocated"), body: caseBodies.allocated }),
  v.object({ kind: v.literal("accepted"), body: caseBodies.accepted }),
  v.object({ kind: v.literal("sentOn"), body: caseBodies.sentOn }),
  v.object({ kind: v.literal("declined"), body: caseBodies.declined }),
  v.object({ kind: v.literal("specialistAsked"), body: caseBodies.specialistAsked }),
  v.object({ kind: v.literal("seen"), body: caseBodies.seen }),
  v.object({ kind: v.literal("messageSent"), body: caseBodies.messageSent }),
  v.object({ kind: v.literal("informationAsked"), body: caseBodies.informationAsked }),
  v.object({ kind: v.literal("opinionGiven"), body: caseBodies.opinionGiven }),
  v.object({ kind: v.literal("recommendationMade"), body: caseBodies.recommendationMade }),
  v.object({ kind: v.literal("decisionMade"), body: caseBodies.decisionMade }),
  v.object({ kind: v.literal("handedOver"), body: caseBodies.handedOver }),
  v.object({ kind: v.literal("agreedByTelephone"), body: caseBodies.agreedByTelephone }),
  v.object({ kind: v.literal("sessionNoted"), body: caseBodies.sessionNoted }),
  v.object({ kind: v.literal("outcomeTold"), body: caseBodies.outcomeTold }),
  v.object({ kind: v.literal("closed"), body: caseBodies.closed }),
  v.object({ kind: v.literal("reopened"), body: caseBodies.reopened }),
  v.object({ kind: v.literal("correction"), body: caseBodies.correction }),
  v.object({ kind: v.literal("textMerged"), body: caseBodies.textMerged }),
  v.object({ kind: v.literal("conflictResolved"), body: caseBodies.conflictResolved }),
  v.object({ kind: v.literal("withheld"), body: caseBodies.withheld }),
]);

const directoryFact = v.variant("kind", [
  v.object({ kind: v.literal("facilityFounded"), body: directoryBodies.facilityFounded }),
  v.object({ kind: v.literal("facilityChanged"), body: directoryBodies.facilityChanged }),
  v.object({ kind: v.literal("personAdded"), body: directoryBodies.personAdded }),
  v.object({ kind: v.literal("personChanged"), body: directoryBodies.personChanged }),
  v.object({ kind: v.literal("roleGranted"), body: directoryBodies.roleGranted }),
  v.object({ kind: v.literal("roleEnded"), body: directoryBodies.roleEnded }),
  v.object({ kind: v.literal("deviceEnrolled"), body: directoryBodies.deviceEnrolled }),
  v.object({ kind: v.literal("keyCertified"), body: directoryBodies.keyCertified }),
  v.object({ kind: v.literal("keyConfirmed"), body: directoryBodies.keyConfirmed }),
  v.object({ kind: v.literal("keyDisowned"), body: directoryBodies.keyDisowned }),
  v.object({ kind: v.literal("deviceDisowned"), body: directoryBodies.deviceDisowned }),
  v.object({ kind: v.literal("keyCloned"), body: directoryBodies.keyCloned }),
  v.object({ kind: v.literal("entryReleased"), body: directoryBodies.entryReleased }),
  v.object({ kind: v.literal("contractAgreed"), body: directoryBodies.contractAgreed }),
  v.object({ kind: v.literal("contractEnded"), body: directoryBodies.contractEnded }),
  v.object({ kind: v.literal("dutySet"), body: directoryBodies.dutySet }),
]);

const installationFact = v.variant("kind", [
  v.object({
    kind: v.literal("installationFounded"),
    body: installationBodies.installationFounded,
  }),
  v.object({ kind: v.literal("serverKeyCertified"), body: installationBodies.serverKeyCertified }),
  v.object({ kind: v.literal("serverKeyRetired"), body: installationBodies.serverKeyRetired }),
  v.object({ kind: v.literal("epochStarted"), body: installationBodies.epochStarted }),
]);

const patientFact = v.variant("kind", [
  v.object({ kind: v.literal("patientRegistered"), body: patientBodies.patientRegistered }),
  v.object({ kind: v.literal("identityChanged"), body: patientBodies.identityChanged }),
  v.object({ kind: v.literal("aliasAdded"), body: patientBodies.aliasAdded }),
  v.object({ kind: v.literal("patientLinked"), body: patientBodies.patientLinked }),
]);

/** Reads a body as its case kind says. */
export function bodyOf(kind: string, body: unknown): FactAnswer<CaseFact> {
  const read = v.safeParse(caseFact, { kind, body });
  return read.success ? { ok: true, fact: read.output } : { ok: false, path: pathOf(read.issues) };
}

export function directoryFactOf(kind: string, body: unknown): FactAnswer<DirectoryFact> {
  const read = v.safeParse(directoryFact, { kind, body });
  return read.success ? { ok: true, fact: read.output } : { ok: false, path: pathOf(read.issues) };
}

export function installationFactOf(kind: string, body: unknown): FactAnswer<InstallationFact> {
  const read = v.safeParse(installationFact, { kind, body });
  return read.success ? { ok: true, fact: read.output } : { ok: false, path: pathOf(read.issues) };
}

export function patientFactOf(kind: string, body: unknown): FactAnswer<PatientFact> {
  const read = v.safeParse(patientFact, { kind, body });
  return read.success ? { ok: true, fact: read.output } : { ok: false, path: pathOf(read.issues) };
}

export function isCaseKind(kind: string): kind is CaseKind {
  return Object.hasOwn(caseBodies, kind);
}

export function isDirectoryKind(kind: string): kind is DirectoryKind {
  return Object.hasOwn(directoryBodies, kind);
}

function pathOf(issues: readonly v.BaseIssue<unknown>[]): string {
  const path = issues[0] === undefined ? null : v.getDotPath(issues[0]);
  return path === null || path === "kind" ? "" : path.replace(/^body\.?/, "");
}
