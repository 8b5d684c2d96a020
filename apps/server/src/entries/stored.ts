import {
  Header,
  Mark,
  Receipt,
  type FoldInput,
  type ParsedEntry,
  type SignedEntry,
} from "@lientuyen/record";
import * as v from "valibot";
import { errorFields, type Logbook } from "../config/logbook.ts";

/** Columns of an entry and its body as they come from the database. */
export interface StoredRow {
  readonly hash: string;
  readonly seq: number;
  readonly person: string | null;
  readonly facility: string | null;
  readonly device: string | null;
  readonly header: string;
  readonly sig: string;
  readonly received_at: string;
  readonly marks: readonly string[];
  readonly body: string | null;
  readonly salt: string | null;
}

const Marks = v.array(Mark);

/** What `fold` takes, from a row that was checked when it came in. */
const foldInputOf = (row: StoredRow): FoldInput => ({
  entry: parsedOf(row),
  author:
    row.person === null || row.facility === null || row.device === null
      ? undefined
      : { person: row.person, facility: row.facility, device: row.device },
  receipt: { seq: row.seq, receivedAt: row.received_at, marks: v.parse(Marks, row.marks) },
});

/** All that can be read; a row that somebody spoilt is noted and left out, and does not stop the others. */
export const foldInputsOf = <Row extends StoredRow>(
  rows: readonly Row[],
  logbook: Logbook,
): readonly { readonly row: Row; readonly input: FoldInput }[] =>
  rows.flatMap((row) => {
    try {
      return [{ row, input: foldInputOf(row) }];
    } catch (error) {
      logbook.error("rowUnreadable", errorFields(error));
      return [];
    }
  });

const parsedOf = (row: StoredRow): ParsedEntry => ({
  hash: row.hash,
  header: v.parse(Header, JSON.parse(row.header)),
  body: row.body === null ? undefined : JSON.parse(row.body),
  salt: row.salt ?? undefined,
  sig: row.sig,
  headerText: row.header,
  bodyText: row.body ?? undefined,
});

export const signedOf = (
  row: Pick<StoredRow, "header" | "sig" | "body" | "salt">,
): SignedEntry => ({
  header: row.header,
  sig: row.sig,
  ...(row.body === null || row.salt === null ? {} : { body: row.body, salt: row.salt }),
});

export const receiptOf = (text: string): Receipt => v.parse(Receipt, JSON.parse(text));
