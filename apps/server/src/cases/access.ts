import { bodyOf, type ParsedEntry } from "@lientuyen/record";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import type { Accepted } from "../entries/write.ts";

/** The case's first entry gives its own facility the case, before anything is written to it. */
export const openCase = async (
  tx: Tx,
  log: string,
  accepted: readonly Accepted[],
): Promise<void> => {
  const opening = accepted.find(({ arrival }) => arrival.entry.header.kind === "opened");
  if (opening?.author === undefined || !log.startsWith("case/")) return;
  await grant(tx, log, opening.author.facility, opening.row.entry, null, opening.row.seq);
};

interface AccessChange {
  /** Before the entry itself is spread: whom it lets in gets it too. */
  readonly before: () => Promise<void>;
  /** After: who goes has still got it. */
  readonly after: () => Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

/** What an entry changes in who has part in the case; undefined where it changes nothing. */
export const giveAccess = (
  tx: Tx,
  log: string,
  entry: ParsedEntry,
  seq: number,
): AccessChange | undefined => {
  const read = bodyOf(entry.header.kind, entry.body);
  if (!read.ok) return undefined;
  const { fact } = read;
  switch (fact.kind) {
    case "opened":
      return { before: nothing, after: () => keepNumber(tx, log, fact.body.number) };
    case "requestSent":
      return {
        before: () => grant(tx, log, fact.body.to, entry.hash, entry.hash, seq),
        after: nothing,
      };
    case "specialistAsked":
      return {
        before: () => grant(tx, log, fact.body.facility, entry.hash, fact.body.request, seq),
        after: nothing,
      };
    case "sentOn":
      return {
        before: () => grant(tx, log, fact.body.to, entry.hash, fact.body.request, seq),
        after: () => end(tx, log, fact.body.request, seq),
      };
    case "declined":
      return { before: nothing, after: () => end(tx, log, fact.body.request, seq) };
    case "handedOver": {
      const { to } = fact.body;
      return to.kind === "facility"
        ? { before: () => grant(tx, log, to.facility, entry.hash, null, seq), after: nothing }
        : undefined;
    }
    default:
      return undefined;
  }
};

const grant = async (
  tx: Tx,
  log: string,
  facility: string,
  ground: string,
  request: string | null,
  seq: number,
): Promise<void> => {
  await sql`select grant_access(${log}, ${facility}, ${ground}, ${request}, ${seq})`.execute(tx);
};

const end = async (tx: Tx, log: string, request: string, seq: number): Promise<void> => {
  await sql`select end_access(${log}, ${request}, ${seq})`.execute(tx);
};

const keepNumber = async (tx: Tx, log: string, number: string): Promise<void> => {
  await tx
    .insertInto("case_number")
    .values({ number, log })
    .onConflict((it) => it.doNothing())
    .execute();
};

/**
 * Hides or destroys every body that the case's `withheld` entries reach, those that came after them too.
 * @returns hashes of the files that are to go with them.
 */
export const withhold = async (tx: Tx, log: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ file: string }>`select withhold(${log}) as file`.execute(tx);
  return rows.map(({ file }) => file);
};
