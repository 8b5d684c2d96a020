import {
  Identity,
  Sex,
  type Birth,
  type CaseView,
  type DirectoryView,
  type RequestView,
  type TimelineEntry,
} from "@lientuyen/record";
import { outcomeDueDays, plain } from "@lientuyen/terms";
import * as v from "valibot";
import type { CaseRow } from "./device.ts";
import { birthYearOf } from "./likelyPatients.ts";
import { askedInRowsOf, finished, mostPressing, requestRowOf, timeOf } from "./requestRow.ts";

/*
 * A case in a few hundred bytes: what the lists and the search show without opening it. Derived from the folded view
 * alone; what depends on the reader or on the hour (`isNew`, `unsent`, outcome due) is added when a row is shown.
 */

const optionalText = v.optional(v.string());
const optionalNumber = v.optional(v.number());

const StoredRequest = v.object({
  hash: v.string(),
  to: v.string(),
  specialty: v.string(),
  urgency: v.picklist(["emergency", "urgent", "routine"]),
  worse: v.boolean(),
  state: v.string(),
  sentAt: v.string(),
  dueAtMs: v.number(),
  allocatedTo: optionalText,
  acceptedBy: optionalText,
  openQuestions: v.number(),
  askedIn: v.optional(v.literal(true)),
});

export const CatalogueRow = v.object({
  log: v.string(),
  number: v.string(),
  facility: v.string(),
  patientName: optionalText,
  patientDescription: optionalText,
  sex: v.optional(Sex),
  birthDay: optionalText,
  birthYear: optionalNumber,
  /** Months at `openedAt`, where no more is known. */
  ageMonthsThen: optionalNumber,
  state: v.picklist(["open", "closed"]),
  diagnosis: optionalText,
  summaryLine: optionalText,
  openedAt: v.string(),
  changedAt: v.string(),
  requests: v.array(StoredRequest),
  patientLog: optionalText,
  identity: v.optional(Identity),
  /** Diacritic-free words of all that may be searched for. */
  words: v.string(),
  /** Entries by other facilities, bare views not counted. */
  foreign: v.number(),
  waits: v.picklist(["no", "answer", "read", "informationAsked", "diverged", "outcome"]),
  /** When an outcome is asked for; absent once it was told, or before there was advice. */
  outcomeDueAtMs: optionalNumber,
  /** Whom it concerns at this facility: who wrote or opened it, or is named in it. Absent in rows of earlier versions. */
  people: v.optional(v.array(v.string())),
  /** The entries are not on this device any more. */
  away: v.optional(v.literal(true)),
});
export type CatalogueRow = v.InferOutput<typeof CatalogueRow>;
/** Goes up with every change of the shape; a test holds it. */
export const catalogueRowVersion = 2;

export interface RowReader {
  readonly nowMs: number;
  /** The same moment, RFC 3339: said once for all rows of a list. */
  readonly now: string;
  readonly unsent: number;
  /** `foreign` when this person last looked; undefined: never. */
  readonly lookedAt: number | undefined;
  readonly facility: string;
  readonly describePatient: (sex: Sex | undefined, ageMonths: number | undefined) => string;
}

const minute = 60_000;
const day = 24 * 60 * minute;

export const catalogueRowOf = (
  view: CaseView,
  directory: DirectoryView,
  facility: string,
): CatalogueRow => {
  const requests = view.requests.flatMap((request) => [
    requestRowOf(request, view, directory),
    ...askedInRowsOf(request, view, directory),
  ]);
  const patient = patientOf(view);
  const diagnosis = view.diagnosis.heads[0]?.body.text;
  const summaryLine = firstLine(view.summary.heads[0]?.body.text);
  const waits = waitsOf(view, facility);
  return {
    log: view.log,
    number: view.number,
    facility: view.facility,
    ...patient,
    state: view.state,
    diagnosis,
    summaryLine,
    openedAt: view.openedAt,
    changedAt: changedAtOf(view),
    requests,
    words: wordsOf(view, patient),
    foreign: view.entries.filter((entry) => isForeign(entry, facility)).length,
    waits,
    outcomeDueAtMs: view.outcomes.length === 0 ? outcomeDueAtMs(view) : undefined,
    people: peopleOf(view, facility),
  };
};

const peopleOf = (view: CaseView, facility: string): string[] => {
  const named = [
    ...view.entries.map(({ author }) =>
      author?.facility === facility ? author.person : undefined,
    ),
    ...view.requests.flatMap(({ allocatedTo, specialistsAsked }) => [
      allocatedTo,
      ...specialistsAsked.map(({ body }) => body.person),
    ]),
    ...view.handOvers.map(({ body: { to } }) => (to.kind === "person" ? to.person : undefined)),
  ];
  return [...new Set(named.filter((person) => person !== undefined))];
};

type StoredPatient = Pick<
  CatalogueRow,
  | "patientName"
  | "patientDescription"
  | "sex"
  | "birthDay"
  | "birthYear"
  | "ageMonthsThen"
  | "patientLog"
  | "identity"
>;

const patientOf = (view: CaseView): StoredPatient => {
  const patient = view.patient;
  switch (patient.state) {
    case "none":
      return {};
    case "notYetKnown":
      return {
        patientDescription: patient.description,
        sex: patient.sex,
        ageMonthsThen: patient.ageYears === undefined ? undefined : patient.ageYears * 12,
      };
    case "known":
      return {
        patientName: patient.identity.name,
        sex: patient.identity.sex,
        patientLog: patient.log,
        identity: patient.identity,
        ...birthOf(patient.identity.birth, view.openedAt),
      };
  }
};

const birthOf = (
  birth: Birth | undefined,
  openedAt: string,
): Pick<CatalogueRow, "birthDay" | "birthYear" | "ageMonthsThen"> => ({
  birthYear: birthYearOf(birth),
  birthDay: birth?.known === "day" ? birth.day : undefined,
  ageMonthsThen:
    birth?.known === "ageMonths"
      ? birth.ageMonths + Math.max(0, monthsBetween(birth.at, openedAt))
      : undefined,
});

/** Of two moments in UTC, RFC 3339; reckoned from the letters, because a list does it for every case. */
const monthsBetween = (from: string, to: string): number => {
  const months = monthOf(to) - monthOf(from);
  return to.slice(8, 10) < from.slice(8, 10) ? months - 1 : months;
};

const monthOf = (at: string): number => Number(at.slice(0, 4)) * 12 + Number(at.slice(5, 7));

const firstLine = (text: string | undefined): string | undefined =>
  text?.split("\n", 1)[0]?.slice(0, 200);

const changedAtOf = (view: CaseView): string =>
  view.entries.reduce(
    (latest, entry) => (entry.kind !== "seen" && timeOf(entry) > latest ? timeOf(entry) : latest),
    view.openedAt,
  );

const isForeign = (entry: TimelineEntry, facility: string): boolean =>
  entry.kind !== "seen" && entry.author !== undefined && entry.author.facility !== facility;

const wordsOf = (view: CaseView, patient: StoredPatient): string => {
  const identity = patient.identity;
  const parts = [
    view.number,
    view.number.replace(/\W/g, ""),
    patient.patientName,
    patient.patientDescription,
    identity?.personalNumber,
    identity?.oldNumber,
    identity?.insuranceNumber,
    identity?.passport,
    identity?.phone,
    identity?.guardian?.name,
    identity?.guardian?.personalNumber,
    ...view.diagnosis.heads.flatMap(({ body }) => [body.text, body.icd10]),
  ];
  return plain(parts.filter((part) => part !== undefined).join(" "));
};

// ------------------------------------------------------------ what the station has to do

/** What the case asks of the facility that requested; nobody else has to act on these. */
const waitsOf = (view: CaseView, facility: string): CatalogueRow["waits"] => {
  if (view.facility !== facility || view.state === "closed") return "no";
  const live = view.requests.filter(({ state }) => state !== "withdrawn");
  if (live.some((request) => isAskedBack(request, view, facility))) return "informationAsked";
  if (live.some(hasUndecided)) return "answer";
  if (view.conflicts.length > 0 || hasDiverged(view)) return "diverged";
  if (live.some(({ state }) => state === "answered" || state === "declined")) {
    if (live.some(needsReading)) return "read";
  }
  return live.some(isAdvised) && view.outcomes.length === 0 ? "outcome" : "no";
};

const hasUndecided = (request: RequestView): boolean =>
  request.recommendations.some(({ decisions }) => decisions.length !== 1);

const needsReading = (request: RequestView): boolean => request.recommendations.length === 0;

const isAdvised = (request: RequestView): boolean =>
  request.state === "answered" || request.recommendations.length > 0;

const hasDiverged = (view: CaseView): boolean =>
  [view.history, view.allergiesAndMedicines, view.examination, view.diagnosis, view.summary].some(
    ({ diverged }) => diverged,
  );

const replies: ReadonlySet<string> = new Set([
  "messageSent",
  "fileAdded",
  "note",
  "vitalSigns",
  "historyTaken",
  "examination",
  "agreedByTelephone",
]);

/** Asked, and nothing of ours since that could be the answer. */
const isAskedBack = (request: RequestView, view: CaseView, facility: string): boolean => {
  const asked = request.informationAsked;
  const last = asked[asked.length - 1];
  if (last === undefined || finished.has(request.state)) return false;
  const at = view.entries.findIndex((entry) => entry.hash === last.hash);
  return !view.entries
    .slice(at + 1)
    .some((entry) => replies.has(entry.kind) && entry.author?.facility === facility);
};

/** Circular 49/2017: whoever receives advice tells the adviser the result. */
const outcomeDueAtMs = (view: CaseView): number | undefined => {
  const advised = view.requests.flatMap((request) => {
    const times = [
      ...request.recommendations.flatMap(({ fact, decisions }) => [fact, ...decisions].map(timeOf)),
      ...request.questions.flatMap(({ opinions }) => opinions.map(timeOf)),
    ];
    const last = Math.max(...times.map((time) => Date.parse(time)));
    return times.length === 0 ? [] : [last + outcomeDueDays[request.urgency] * day];
  });
  return advised.length === 0 ? undefined : Math.min(...advised);
};

// ------------------------------------------------------------ as one reader sees it now

export const caseRowOf = (row: CatalogueRow, reader: RowReader): CaseRow => {
  const isNew = row.foreign > (reader.lookedAt ?? 0);
  const ageMonths = ageMonthsOf(row, reader.now);
  const requests = row.requests.map((request) => ({
    ...request,
    allocatedTo: request.allocatedTo,
    acceptedBy: request.acceptedBy,
  }));
  return {
    log: row.log,
    number: row.number,
    facility: row.facility,
    patientName: row.patientName,
    patientLine: row.patientDescription ?? reader.describePatient(row.sex, ageMonths),
    sex: row.sex,
    birthYear: row.birthYear,
    ageMonths,
    state: row.state,
    diagnosis: row.diagnosis,
    summaryLine: row.summaryLine,
    openedAt: row.openedAt,
    changedAt: row.changedAt,
    request: mostPressing(requests.filter(({ askedIn }) => askedIn !== true)),
    requests,
    isNew,
    unsent: reader.unsent,
    isAway: row.away === true,
    waitsForMe: waitsForMe(row, isNew, reader.nowMs),
  };
};

const waitsForMe = (row: CatalogueRow, isNew: boolean, nowMs: number): CaseRow["waitsForMe"] => {
  switch (row.waits) {
    case "no":
    case "answer":
    case "informationAsked":
    case "diverged":
      return row.waits;
    case "read":
      return isNew ? "answer" : outcomeDue(row, nowMs);
    case "outcome":
      return outcomeDue(row, nowMs);
  }
};

const outcomeDue = (row: CatalogueRow, nowMs: number): "outcomeDue" | "no" =>
  row.outcomeDueAtMs !== undefined && nowMs >= row.outcomeDueAtMs ? "outcomeDue" : "no";

/** Whole months; undefined where not even the year is known. */
const ageMonthsOf = (row: CatalogueRow, now: string): number | undefined => {
  if (row.birthDay !== undefined) return monthsBetween(row.birthDay, now);
  if (row.ageMonthsThen !== undefined)
    return row.ageMonthsThen + Math.max(0, monthsBetween(row.openedAt, now));
  return row.birthYear === undefined ? undefined : (Number(now.slice(0, 4)) - row.birthYear) * 12;
};

/** Until when the row looks the same to the same reader: ages change with the day, an outcome comes due. */
export const sameUntilMs = ({ outcomeDueAtMs }: CatalogueRow, nowMs: number): number => {
  const tomorrow = (Math.floor(nowMs / day) + 1) * day;
  return outcomeDueAtMs === undefined || outcomeDueAtMs <= nowMs
    ? tomorrow
    : Math.min(tomorrow, outcomeDueAtMs);
};
