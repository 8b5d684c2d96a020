import type { CaseBody } from "./caseKinds.ts";
import {
  factsOf,
  latest,
  readRows,
  rowsOf,
  sourceOf,
  type FactOf,
  type Row,
  withheldAmong,
  type Withheld,
} from "./foldRows.ts";
import { foldRequests, type Whole } from "./foldRequests.ts";
import { versionsOf } from "./foldTexts.ts";
import { byHash, edges, knowledge, orderEntries, withoutRepeats } from "./order.ts";
import type { CaseView, Conflict, FileView, FoldInput, TimelineEntry } from "./view.ts";

export { withheldAmong, type Withheld };

/**
 * A case as its entries tell it. Pure, total and the same for the same set in any order: topological by
 * `after`, ties by hash, never by a clock. Entries of another log are passed over.
 */
export function foldCase(log: string, inputs: readonly FoldInput[]): CaseView {
  const own = withoutRepeats(inputs.filter((input) => input.entry.header.log === log));
  const ordered = orderEntries(own, byHash);
  const knew = knowledge(ordered);
  const { rows, conflicts, overruled } = readRows(ordered, knew);
  const whole: Whole = { rows, knew, overruled };
  const { requests, conflicts: inRequests } = foldRequests(whole);
  const patient = patientOf(whole);
  const closing = closingOf(whole);
  return {
    log,
    ...openingOf(rows),
    patient: patient.shown,
    consent: factsOf(rows, "consentRecorded").at(-1),
    recordingConsent: recordingConsentOf(whole),
    history: versionsOf(rows, "historyTaken", overruled),
    allergiesAndMedicines: versionsOf(rows, "allergiesAndMedicines", overruled),
    vitalSigns: factsOf(rows, "vitalSigns"),
    examination: versionsOf(rows, "examination", overruled),
    diagnosis: versionsOf(rows, "diagnosis", overruled),
    summary: versionsOf(rows, "summary", overruled),
    notes: factsOf(rows, "note"),
    files: filesOf(rows),
    questions: factsOf(rows, "questionAsked"),
    requests,
    conversation: conversationOf(rows),
    handOvers: factsOf(rows, "handedOver"),
    outcomes: factsOf(rows, "outcomeTold"),
    state: closing.state,
    conflicts: [...inRequests, ...closing.conflicts, ...patient.conflicts, ...conflicts],
    entries: rows.map(timelineOf),
    ...edges(ordered),
  };
}

/** The last word; of words that crossed a no stands over a yes. */
function recordingConsentOf({ rows, knew, overruled }: Whole): CaseView["recordingConsent"] {
  const heads = latest(rowsOf(rows, "recordingConsent"), knew, overruled);
  const shown = heads.find(({ fact }) => !fact.body.given) ?? heads.at(-1);
  return shown === undefined ? undefined : { ...sourceOf(shown), body: shown.fact.body };
}

type Opening = Pick<CaseView, "known" | "number" | "facility" | "openedAt">;

/** Were there two, the one received first counts. */
function openingOf(rows: readonly Row[]): Opening {
  const seq = (row: Row<unknown>): number => row.input.receipt?.seq ?? Number.MAX_SAFE_INTEGER;
  const [first] = [...rowsOf(rows, "opened")].sort((a, b) => seq(a) - seq(b) || a.place - b.place);
  if (first === undefined) return { known: false, number: "", facility: "", openedAt: "" };
  const { number, facility } = first.fact.body;
  return { known: true, number, facility, openedAt: first.input.entry.header.at };
}

/** A known patient stands over "not yet known" that crossed it; two known ones that crossed are a conflict. */
function patientOf({ rows, knew, overruled }: Whole): {
  readonly shown: CaseView["patient"];
  readonly conflicts: readonly Conflict[];
} {
  const heads = latest(rowsOf(rows, "patientAttached"), knew, overruled);
  const known = heads.filter((head) => head.fact.body.patient === "known");
  const last = known.at(-1) ?? heads.at(-1);
  const people = new Set(known.map(({ fact }) => ("log" in fact.body ? fact.body.log : "")));
  const entries = known.map((head) => head.hash);
  return {
    shown: last === undefined ? { state: "none" } : shownPatient(last),
    conflicts: people.size > 1 ? [{ about: "patient", entries }] : [],
  };
}

function shownPatient(row: Row<FactOf<"patientAttached">>): CaseView["patient"] {
  const source = sourceOf(row);
  const body: CaseBody<"patientAttached"> = row.fact.body;
  if (body.patient === "known")
    return { state: "known", log: body.log, identity: body.identity, source };
  const { description, sex, ageYears } = body;
  return { state: "notYetKnown", description, sex, ageYears, source };
}

/** A closing and a reopening that crossed leave the case open, and a conflict, until a person resolves it. */
function closingOf({ rows, knew, overruled }: Whole): {
  readonly state: CaseView["state"];
  readonly conflicts: readonly Conflict[];
} {
  const acts = rows.filter((row) => row.fact?.kind === "closed" || row.fact?.kind === "reopened");
  const heads = latest(acts, knew, overruled);
  const closed = heads.filter((head) => head.kind === "closed").length;
  if (closed === 0) return { state: "open", conflicts: [] };
  if (closed === heads.length) return { state: "closed", conflicts: [] };
  return {
    state: "open",
    conflicts: [{ about: "closing", entries: heads.map((head) => head.hash) }],
  };
}

/** One for each picture: its full original hangs on it, so does the better take that replaced it. */
function filesOf(rows: readonly Row[]): readonly FileView[] {
  const facts = factsOf(rows, "fileAdded");
  const here = new Set(facts.map((fact) => fact.hash));
  const isOriginal = (fact: (typeof facts)[number]): boolean =>
    fact.body.originalOf !== undefined && here.has(fact.body.originalOf);
  return facts
    .filter((fact) => !isOriginal(fact))
    .map((fact) => ({
      ...fact,
      file: fact.body.file,
      original: facts.filter((other) => other.body.originalOf === fact.hash).at(-1),
      retakenBy: facts.filter((other) => other.body.retakeOf === fact.hash).at(-1)?.hash,
    }));
}

function conversationOf(rows: readonly Row[]): CaseView["conversation"] {
  const place = new Map(rows.map((row) => [row.hash, row.place]));
  const said: CaseView["conversation"] = [
    ...factsOf(rows, "messageSent").map((fact) => ({ ...fact, type: "message" as const })),
    ...factsOf(rows, "informationAsked").map((fact) => ({
      ...fact,
      type: "informationAsked" as const,
    })),
    ...factsOf(rows, "agreedByTelephone").map((fact) => ({
      ...fact,
      type: "agreedByTelephone" as const,
    })),
  ];
  return [...said].sort((a, b) => (place.get(a.hash) ?? 0) - (place.get(b.hash) ?? 0));
}

function timelineOf(row: Row): TimelineEntry {
  const { entry } = row.input;
  return {
    ...sourceOf(row),
    id: entry.header.id,
    kind: row.kind,
    understood: row.understood,
    body: row.withheld === undefined ? (row.fact?.body ?? entry.body) : undefined,
    withheld:
      row.withheld === undefined ? undefined : { by: row.withheld.by, ground: row.withheld.ground },
  };
}
