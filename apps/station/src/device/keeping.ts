import type { CatalogueRow } from "./catalogueRow.ts";
import { finished } from "./requestRow.ts";

/*
 * What a device keeps of cases. A station's device: its open cases, and 90 days. A hospital's device: the same of the
 * cases that concern the people enrolled on it. Of the rest the catalogue's row stays; the case itself is online.
 */

/** Whose device it is, and how late the server says that it is. */
export interface Keeper {
  /** When the server last signed its history, ms since the epoch: a device's own clock may be years off. */
  readonly nowMs: number;
  readonly facility: string;
  readonly isStation: boolean;
  /** Everybody enrolled on this device, by their uuid. */
  readonly people: ReadonlySet<string>;
  /** One of them sees to all requests of the facility. */
  readonly coordinates: boolean;
}

const dayMs = 24 * 60 * 60_000;
const keptDays = 90;
/** A case of others goes on the day after: while it is talked about each entry would bring it back. */
const othersKeptDays = 1;

/** Whether the device keeps the entries of this case. */
export const isKept = (row: CatalogueRow, keeper: Keeper): boolean => {
  const quietMs = keeper.nowMs - Date.parse(row.changedAt);
  const within = (days: number) => !(quietMs > days * dayMs);
  if (keeper.isStation) return row.state === "open" || within(keptDays);
  // Written before rows said whom a case concerns.
  if (row.people === undefined) return true;
  const open = openRequests(row, keeper.facility);
  if (open.some((request) => keeper.coordinates || isNobodys(request))) return true;
  if (!row.people.some((person) => keeper.people.has(person))) return within(othersKeptDays);
  const isOurs = row.facility === keeper.facility && row.state === "open";
  return isOurs || open.length > 0 || within(keptDays);
};

type StoredRequest = CatalogueRow["requests"][number];

const openRequests = (row: CatalogueRow, facility: string): readonly StoredRequest[] =>
  row.state === "closed"
    ? []
    : row.requests.filter(({ to, state }) => to === facility && !finished.has(state));

/** Whoever is on duty may take it. */
const isNobodys = (request: StoredRequest): boolean =>
  request.allocatedTo === undefined && request.acceptedBy === undefined;
