import type { Author, CaseFact, CaseView, Identity, Signer, Urgency } from "@lientuyen/record";
import type { Sync } from "@lientuyen/sync";
import { caseRowOf, sameUntilMs, type CatalogueRow, type RowReader } from "./catalogueRow.ts";
import type { Cataloguing, PatientRow } from "./cataloguing.ts";
import type { Database } from "./database.ts";
import type { CaseBrought, CaseRow, Device, LateFact } from "./device.ts";
import { DeviceError } from "./deviceError.ts";
import type { EncryptedDisk } from "./disk.ts";
import type { Drafts } from "./drafts.ts";
import { rankLikely, type KnownPatient } from "./likelyPatients.ts";
import { createListeners, type Listeners } from "./listeners.ts";
import type { Looked } from "./looked.ts";
import { searchFor } from "./search.ts";
import type { Shelf } from "./shelf.ts";

export interface CasesParts {
  readonly db: Database;
  readonly looked: Looked;
  readonly disk: EncryptedDisk;
  readonly shelf: Shelf;
  readonly sync: Sync;
  readonly cataloguing: Cataloguing;
  readonly author: Author;
  readonly signer: Signer;
  readonly now: () => number;
  readonly ids: { readonly uuid: () => string; readonly caseNumber: () => string };
  readonly describePatient: RowReader["describePatient"];
  readonly foundFull: () => void;
  readonly drafts: Pick<Drafts, "spend">;
  /** The lists have everything now. */
  readonly becameWhole: () => void;
}

export interface Cases {
  readonly door: Device["cases"];
  /** These logs have new entries, receipts, refusals or files, and their rows are up to date. */
  readonly changed: (logs: readonly string[]) => void;
  readonly urgencyOf: (log: string) => Promise<Urgency | undefined>;
  /** Some screen follows this case. */
  readonly isShown: (log: string) => boolean;
}

/** Rows say how long something has waited: a minute is the finest that a list shows. */
const rowsFreshMs = 30_000;

/** Known patients, with what they were gathered from. */
interface Met {
  readonly patients: ReadonlyMap<string, PatientRow>;
  readonly caseRows: ReadonlyMap<string, CatalogueRow>;
  readonly known: readonly KnownPatient[];
}

/** A row as it was last shown, with what it was made of. */
interface DrawnRow {
  readonly of: CatalogueRow;
  readonly row: CaseRow;
  readonly lookedAt: number | undefined;
  readonly untilMs: number;
}

export const openCases = async (parts: CasesParts): Promise<Cases> => {
  const { disk, shelf, sync, cataloguing, looked, author, signer, ids } = parts;
  const unsent = new Map<string, number>();
  for (const log of await disk.waitingLogs()) unsent.set(log, sync.unsent(log).length);
  const anyCase = createListeners();
  const oneCase = new Map<string, Listeners>();
  let met: Met | undefined;
  let shown: { readonly rows: readonly CaseRow[]; readonly untilMs: number } | undefined;

  const tell = (logs: readonly string[]) => {
    shown = undefined;
    anyCase.tell();
    for (const log of logs) oneCase.get(log)?.tell();
  };

  const changed = (logs: readonly string[]) => {
    for (const log of logs) unsent.set(log, sync.unsent(log).length);
    tell(logs);
  };

  const drawn = new Map<string, DrawnRow>();
  const rowOf = (of: CatalogueRow, nowMs: number, now: string): CaseRow => {
    const known = drawn.get(of.log);
    const waiting = unsent.get(of.log) ?? 0;
    const lookedAt = looked.at(of.log);
    if (
      known?.of === of &&
      known.row.unsent === waiting &&
      known.lookedAt === lookedAt &&
      nowMs < known.untilMs
    )
      return known.row;
    const row = caseRowOf(of, {
      nowMs,
      now,
      unsent: waiting,
      lookedAt,
      facility: author.facility,
      describePatient: parts.describePatient,
    });
    drawn.set(of.log, { of, row, lookedAt, untilMs: sameUntilMs(of, nowMs) });
    return row;
  };

  const list = (): readonly CaseRow[] => {
    if (shown === undefined || shown.untilMs < parts.now()) {
      const nowMs = parts.now();
      const now = new Date(nowMs).toISOString();
      const rows = [...cataloguing.cases.all().values()].map((row) => rowOf(row, nowMs, now));
      rows.sort((a, b) => (a.changedAt < b.changedAt ? 1 : a.changedAt > b.changedAt ? -1 : 0));
      shown = { rows, untilMs: parts.now() + rowsFreshMs };
    }
    return shown.rows;
  };

  /** What a list will show of them. */
  const makeReady = (rows: readonly CatalogueRow[]) => {
    const nowMs = parts.now();
    const now = new Date(nowMs).toISOString();
    for (const row of rows) rowOf(row, nowMs, now);
  };

  let reading = cataloguing.isWhole() ? Promise.resolve() : undefined;
  const whole = (): Promise<void> => {
    reading ??= cataloguing.whole(makeReady).then(() => {
      tell([]);
      parts.becameWhole();
    });
    return reading;
  };

  /** Seldom needed: loaded then. */
  const loadBringing = async () => (await import("./bringing.ts")).createBringing(parts);
  let bringing: ReturnType<typeof loadBringing> | undefined;
  const bring = async (log: string): Promise<CaseBrought> => {
    bringing ??= loadBringing();
    return (await bringing)(log);
  };

  /** Folded; undefined where only a part of it is here. */
  const view = async (log: string): Promise<CaseView | undefined> =>
    (await disk.readAway(log)) === undefined ? shelf.view(log) : undefined;

  /** Nothing is shown or written of a case that is not here whole. */
  const bringFirst = async (log: string) => {
    if ((await disk.readAway(log)) === undefined) return;
    const brought = await bring(log);
    if (brought === "full") throw new DeviceError("storageFull");
    if (brought !== "here") throw new DeviceError(brought === "refused" ? "not_found" : "offline");
  };

  /** Signed, stored and queued; the views are up to date when it resolves. */
  const write = async (
    log: string,
    facts: Parameters<Sync["write"]>[0]["facts"],
    urgency?: Urgency,
    drafts: readonly string[] = [],
  ) => {
    const { onDisk, spent } = parts.drafts.spend(drafts);
    const { facility } = author;
    const answer = await sync.write({ signer, log, facility, facts, urgency, drafts: onDisk });
    if (!answer.ok) {
      if (answer.why === "away") throw new DeviceError("offline");
      parts.foundFull();
      throw new DeviceError("storageFull");
    }
    spent();
    await shelf.changed([log]);
    return answer.entries.map(({ hash }) => hash);
  };

  const urgencyOf = async (log: string): Promise<Urgency | undefined> =>
    mostUrgent(await shelf.view(log));

  const markLooked = async (log: string) => {
    if (!cataloguing.cases.all().has(log)) await whole();
    const foreign = cataloguing.cases.all().get(log)?.foreign ?? 0;
    if ((looked.at(log) ?? 0) >= foreign) return;
    await looked.note(log, foreign);
    tell([log]);
  };

  /** Asked for with every letter of a name: gathered anew only where something has changed. */
  const knownPatients = (): readonly KnownPatient[] => {
    const patients = cataloguing.patients.all();
    const caseRows = cataloguing.cases.all();
    if (met?.patients === patients && met.caseRows === caseRows) return met.known;
    const known = gatherPatients(patients, caseRows, author.facility);
    met = { patients, caseRows, known };
    return known;
  };

  const door: Device["cases"] = {
    list,
    whole,
    isWhole: () => cataloguing.isWhole(),
    view,
    bring,
    async entries(log) {
      await bringFirst(log);
      const stored = await disk.readLog(log);
      return stored.map(({ signed, receipt, fault }) => ({ signed, receipt, fault }));
    },
    search(query) {
      const isMeant = searchFor(query);
      const rows = cataloguing.cases.all();
      return list().filter(({ log }) => isMeant(rows.get(log)?.words ?? ""));
    },
    subscribe(log, listener) {
      if (log === undefined) return anyCase.add(listener);
      const mine = oneCase.get(log) ?? createListeners();
      oneCase.set(log, mine);
      return mine.add(listener);
    },
    async write(log, facts, drafts) {
      await bringFirst(log);
      return write(log, facts, mostUrgent(await shelf.view(log), facts.map(settled)), drafts);
    },
    newLog: () => `case/${ids.uuid()}`,
    newCaseNumber: ids.caseNumber,
    async opened(log) {
      const view = { id: ids.uuid(), log, at: new Date(parts.now()).toISOString() };
      await sync.logView({ ...view, device: author.device, person: author.person });
    },
    likelyPatients: (identity: Partial<Identity>) => rankLikely(identity, knownPatients()),
    async registerPatient(identity) {
      const patient = ids.uuid();
      const body = { facility: author.facility, identity };
      await write(`patient/${author.facility}/${patient}`, [{ kind: "patientRegistered", body }]);
      return patient;
    },
    refused: (log) =>
      sync
        .held(log)
        .filter(({ state }) => state === "refused")
        .map(({ hash, kind, code }) => ({ hash, kind, code })),
    quarantined: (log) => sync.held(log).filter(({ state }) => state === "quarantined").length,
    markLooked,
  };
  const isShown = (log: string) => oneCase.get(log)?.any() === true;
  return { door, changed, urgencyOf, isShown };
};

/** Patients of this facility, from their own records and from the cases that name them; the latest case counts. */
const gatherPatients = (
  patients: ReadonlyMap<string, PatientRow>,
  caseRows: ReadonlyMap<string, CatalogueRow>,
  facility: string,
): readonly KnownPatient[] => {
  const known = new Map<string, KnownPatient>();
  for (const { patient, identity, linkedTo } of patients.values())
    if (linkedTo === undefined) known.set(patient, { log: patient, identity, lastCase: "" });
  for (const row of [...caseRows.values()].sort(byOpening)) {
    if (row.identity === undefined || row.patientLog === undefined) continue;
    if (row.facility !== facility) continue;
    const registered = known.get(row.patientLog)?.identity;
    const identity = registered ?? row.identity;
    known.set(row.patientLog, { log: row.patientLog, identity, lastCase: row.log });
  }
  return [...known.values()];
};

const byOpening = (a: CatalogueRow, b: CatalogueRow): number => (a.openedAt < b.openedAt ? -1 : 1);

/** How urgent a request is does not depend on the hashes that it will name. */
const settled = (fact: CaseFact | LateFact): UrgentFact => {
  switch (fact.kind) {
    case "requestSent":
      return typeof fact.body === "function" ? fact.body([]) : fact.body;
    case "urgencyChanged":
      return typeof fact.body === "function" ? fact.body([]) : fact.body;
    default:
      return {};
  }
};

interface UrgentFact {
  readonly urgency?: Urgency | undefined;
}

const urgencies = ["emergency", "urgent", "routine"] as const;
const over: ReadonlySet<string> = new Set(["withdrawn", "declined", "answered"]);

/** The most urgent of the open requests and of those about to be written. */
const mostUrgent = (
  view: CaseView | undefined,
  facts: readonly UrgentFact[] = [],
): Urgency | undefined => {
  const open = view?.requests.filter(({ state }) => !over.has(state)) ?? [];
  const asked = new Set<Urgency>([
    ...open.map(({ urgency }) => urgency),
    ...facts.flatMap(({ urgency }) => urgency ?? []),
  ]);
  return urgencies.find((urgency) => asked.has(urgency));
};
