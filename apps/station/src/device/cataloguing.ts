import { Identity, patientFactOf, type ParsedEntry } from "@lientuyen/record";
import * as v from "valibot";
import { openCatalogue, type Catalogue } from "./catalogue.ts";
import { CatalogueRow, catalogueRowOf, catalogueRowVersion } from "./catalogueRow.ts";
import type { Database } from "./database.ts";
import type { EncryptedDisk } from "./disk.ts";
import { finished } from "./requestRow.ts";
import type { Shelf } from "./shelf.ts";
import type { StoreKeys } from "./vault.ts";

/** A patient of this facility as the patient log has it now. */
export const PatientRow = v.object({
  log: v.string(),
  patient: v.string(),
  identity: Identity,
  aliases: v.array(v.string()),
  linkedTo: v.optional(v.string()),
});
export type PatientRow = v.InferOutput<typeof PatientRow>;
/** Goes up with every change of the shape; a test holds it. */
export const patientRowVersion = 1;

/** Keeps the catalogue abreast of the entries: after each change, and at unlock for what a power cut left behind. */
export interface Cataloguing {
  readonly cases: Catalogue<CatalogueRow>;
  readonly patients: Catalogue<PatientRow>;
  /** Resolves when the rows of these logs are what their entries say. */
  refresh(logs: readonly string[]): Promise<void>;
  /** Reads what is not here at once after unlocking: cases that are over, and patients. */
  whole(onRead?: (rows: readonly CatalogueRow[]) => void): Promise<void>;
  isWhole(): boolean;
  /** These cases went from this device; their rows stay and say so. */
  wentAway(logs: readonly string[]): Promise<void>;
}

export interface CataloguingParts {
  readonly db: Database;
  readonly keys: StoreKeys;
  readonly scope: string;
  readonly facility: string;
  readonly disk: EncryptedDisk;
  readonly shelf: Shelf;
  readonly signal: AbortSignal;
}

/** What a home screen counts and a worklist shows, and whatever could become news: the rest is read afterwards. */
export const isFirst = ({ state, requests }: CatalogueRow): boolean =>
  state === "open" || requests.some((request) => !finished.has(request.state));

export const openCataloguing = async (parts: CataloguingParts): Promise<Cataloguing> => {
  const { disk, shelf } = parts;
  const common = {
    db: parts.db,
    keys: parts.keys,
    scope: parts.scope,
    rows: disk.rows,
    damage: disk.damage,
    signal: parts.signal,
  };
  const [cases, patients] = await Promise.all([
    openCatalogue({
      ...common,
      kind: "catalogue",
      shape: CatalogueRow,
      version: catalogueRowVersion,
      isFirst,
    }),
    openCatalogue({
      ...common,
      kind: "patient",
      shape: PatientRow,
      version: patientRowVersion,
      isFirst: () => false,
    }),
  ]);
  const changes = new Map<string, number>();

  const caseRow = async (log: string): Promise<CatalogueRow | undefined> => {
    // Not here whole: the row stays as it was until the rest has been read.
    if ((await disk.readAway(log)) !== undefined) return undefined;
    const view = await shelf.view(log);
    return view?.known === true
      ? catalogueRowOf(view, shelf.directory(), parts.facility)
      : undefined;
  };

  const refresh = async (logs: readonly string[]) => {
    const asked = new Map(logs.map((log) => [log, (changes.get(log) ?? 0) + 1]));
    for (const [log, change] of asked) changes.set(log, change);
    const isLatest = (log: string) => changes.get(log) === asked.get(log);
    const caseRows = await Promise.all(logs.filter((log) => log.startsWith("case/")).map(caseRow));
    const patientRows = await Promise.all(
      logs
        .filter((log) => log.startsWith("patient/"))
        .map(async (log) => patientRowOf(log, await shelf.parsed(log))),
    );
    const here = <T>(row: T | undefined): readonly T[] => (row === undefined ? [] : [row]);
    await Promise.all([
      putSome(cases, caseRows.flatMap(here), isLatest),
      putSome(patients, patientRows.flatMap(here), isLatest),
    ]);
  };

  const whole: Cataloguing["whole"] = async (onRead) => {
    await cases.whole(onRead);
    await patients.whole();
  };

  const wentAway = async (logs: readonly string[]) => {
    await cases.whole();
    const rows = logs.flatMap((log) => cases.all().get(log) ?? []);
    const away = rows.map((row): CatalogueRow => ({ ...row, away: true }));
    if (away.length > 0) await cases.put(away, () => false);
  };

  const isWhole = () => cases.isWhole() && patients.isWhole();
  return { cases, patients, refresh, whole, isWhole, wentAway };
};

const putSome = async <Row extends { readonly log: string }>(
  catalogue: Catalogue<Row>,
  rows: readonly Row[],
  isLatest: (log: string) => boolean,
) => {
  // Of two refreshes that crossed, the later one has seen more.
  const fresh = rows.filter((row) => isLatest(row.log));
  if (fresh.length > 0) await catalogue.put(fresh, isLatest);
};

/** Entries in the order of their author's clocks within the log's own order of `after`. */
const patientRowOf = (log: string, entries: readonly ParsedEntry[]): PatientRow | undefined => {
  const facts = inOrder(entries).flatMap((entry) => {
    const answer = patientFactOf(entry.header.kind, entry.body);
    return answer.ok ? [answer.fact] : [];
  });
  let identity: Identity | undefined;
  let linkedTo: string | undefined;
  const aliases: string[] = [];
  for (const fact of facts) {
    switch (fact.kind) {
      case "patientRegistered":
      case "identityChanged":
        identity = fact.body.identity;
        break;
      case "aliasAdded":
        aliases.push(fact.body.alias);
        break;
      case "patientLinked":
        linkedTo = fact.body.to;
        break;
    }
  }
  return identity === undefined
    ? undefined
    : { log, patient: log.split("/")[2] ?? "", identity, aliases, linkedTo };
};

/** Every entry after those it names; ties by hash, as everywhere. */
const inOrder = (entries: readonly ParsedEntry[]): readonly ParsedEntry[] => {
  const left = new Map(
    [...entries].sort((a, b) => (a.hash < b.hash ? -1 : 1)).map((e) => [e.hash, e]),
  );
  const out: ParsedEntry[] = [];
  while (left.size > 0) {
    const next = [...left.values()].find(
      ({ header }) => !header.after.some((hash) => left.has(hash)),
    );
    if (next === undefined) return out;
    left.delete(next.hash);
    out.push(next);
  }
  return out;
};
