import { zeroChain, type Author, type ParsedEntry } from "@lientuyen/record";
import type { Access } from "../cases/judgeCase.ts";
import { targetsOf } from "../cases/targets.ts";
import type { Statement, Tx } from "../db/database.ts";
import type { Arrival } from "./arrival.ts";
import type { StoredRow } from "./stored.ts";

export interface LogHead {
  readonly seq: number;
  readonly chain: string;
}

/** Entries of one log by authors of one facility: what is judged and written as one. */
export interface Group {
  readonly log: string;
  /** In whose name it is written; "" is the installation itself. */
  readonly facility: string;
  /** What an entry stands on comes before it. */
  readonly arrivals: readonly Arrival[];
}

/** What a group's judgement asks of the database, as the database answers it. */
export interface LookedUp {
  /** Of all directories. */
  readonly version: number;
  readonly head: LogHead | null;
  readonly known: readonly { readonly id: string; readonly hash: string }[];
  readonly counters: readonly {
    readonly key: string;
    readonly n: number;
    readonly hash: string;
  }[];
  /** Those of this log among what the group holds and names; receipts of what it holds. */
  readonly present: readonly { readonly hash: string; readonly receipt: string | null }[];
  readonly refused: readonly { readonly entry: string; readonly kind: string }[];
  readonly quarantined: readonly string[];
  readonly access: Access;
  /** The case's entries after this one. */
  readonly since: number;
  readonly fresh: readonly (StoredRow & { readonly kind: string })[];
}

/** Kinds with which a log begins: a stranger's guess at a log leaves nothing behind. */
const beginnings: ReadonlySet<string> = new Set([
  "opened",
  "patientRegistered",
  "facilityFounded",
  "installationFounded",
]);

export const mayBegin = ({ arrivals }: Group): boolean =>
  arrivals.some(({ entry }) => beginnings.has(entry.header.kind));

/** `kept`: as far as this process knows the case already. */
export const lookUpStatement = (
  groups: readonly { readonly group: Group; readonly kept: LogHead | undefined }[],
  locking: boolean,
): Statement => ({
  name: "read-for-append",
  text: "select read_for_append($1::jsonb, $2::boolean) as answer",
  values: [JSON.stringify(groups.map(({ group, kept }) => askedOf(group, kept))), locking],
});

const askedOf = (group: Group, kept: LogHead | undefined) => {
  const entries = group.arrivals.map(({ entry }) => entry);
  return {
    log: group.log,
    facility: group.facility,
    begins: mayBegin(group),
    zero: zeroChain,
    hashes: [...new Set(entries.map(({ hash }) => hash))],
    ids: entries.map(({ header }) => header.id),
    keys: entries.map(({ header }) => header.key),
    counts: entries.map(({ header }) => header.n),
    named: namedOf(group),
    since: kept?.seq ?? 0,
    chain: kept?.chain ?? "",
  };
};

/** What a group's entries name outside of it. */
export const namedOf = ({ arrivals }: Group): readonly string[] => {
  const own = new Set(arrivals.map(({ entry }) => entry.hash));
  const named = arrivals.flatMap(({ entry }) => namedBy(entry));
  return [...new Set(named)].filter((hash) => !own.has(hash));
};

const namedBy = ({ header, body }: ParsedEntry): readonly string[] => [
  ...header.after,
  ...targetsOf(header.kind, body),
];

export const accessOf = async (tx: Tx, log: string, facility: string): Promise<Access> => {
  const rows = await tx
    .selectFrom("case_access")
    .select("until_seq")
    .where("log", "=", log)
    .where("facility", "=", facility)
    .execute();
  if (rows.length === 0) return "none";
  return rows.some((row) => row.until_seq === null) ? "active" : "ended";
};

/** Who wrote what an `entryReleased` names, where it waits and was signed with another key. */
export const quarantinedAuthorOf = async (
  tx: Tx,
  { header, body }: ParsedEntry,
): Promise<Author | undefined> => {
  const hash =
    typeof body === "object" && body !== null && "entry" in body && typeof body.entry === "string"
      ? body.entry
      : "";
  const row = await tx
    .selectFrom("quarantine")
    .select(["person", "facility", "device", "key"])
    .where("entry", "=", hash)
    .executeTakeFirst();
  return row === undefined || row.key === header.key
    ? undefined
    : { person: row.person, facility: row.facility, device: row.device };
};
