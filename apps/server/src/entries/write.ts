import type { ErrorCode } from "@lientuyen/api";
import {
  canonicalText,
  makeReceipts,
  type Author,
  type CaseView,
  type DirectoryView,
  type Receipt,
  type ReceiptRow,
} from "@lientuyen/record";
import { sql } from "kysely";
import { giveAccess, openCase, withhold } from "../cases/access.ts";
import { keepWorklist } from "../cases/worklist.ts";
import type { Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import type { Arrival } from "./arrival.ts";
import type { LogHead } from "./lookup.ts";

/** An entry that was judged good, with its place in the log. */
export interface Accepted {
  readonly arrival: Arrival;
  readonly author: Author | undefined;
  readonly row: ReceiptRow;
}

interface Writing {
  readonly core: Core;
  readonly tx: Tx;
  readonly log: string;
  readonly accepted: readonly Accepted[];
  readonly view: CaseView | undefined;
  readonly directory: DirectoryView;
  readonly head: LogHead;
}

export interface Written {
  /** By entry hash. */
  readonly receipts: ReadonlyMap<string, Receipt>;
  /** Hashes of files whose last naming was destroyed. */
  readonly destroyed: readonly string[];
}

/** Writes entries, bodies, access, feed and worklist. */
export const writeAccepted = async (writing: Writing): Promise<Written> => {
  const { core, tx, log, accepted, head } = writing;
  const receipts = await makeReceipts(
    core.primitives,
    core.keys.receipt,
    accepted.map(({ row }) => row),
  );
  await openCase(tx, log, accepted);
  await writeEntries(tx, log, accepted, receipts);
  await tx
    .updateTable("log")
    .set({ seq: head.seq, chain: head.chain })
    .where("name", "=", log)
    .execute();
  if (log.startsWith("case/") && writing.view !== undefined)
    await keepWorklist(tx, log, writing.view, writing.directory);
  await spread(tx, log, accepted);
  const destroyed = reachesWithheld(writing) ? await withhold(tx, log) : [];
  if (log === "installation" || log.startsWith("directory/")) {
    await tx
      .updateTable("directory_state")
      .set((row) => ({ version: row("version", "+", 1) }))
      .execute();
  }
  return { receipts: new Map(receipts.map((receipt) => [receipt.entry, receipt])), destroyed };
};

const writeEntries = async (
  tx: Tx,
  log: string,
  accepted: readonly Accepted[],
  receipts: readonly Receipt[],
): Promise<void> => {
  const texts = new Map(receipts.map((receipt) => [receipt.entry, canonicalText(receipt)]));
  await tx
    .insertInto("entry")
    .values(
      accepted.map(({ arrival: { entry }, author, row }) => ({
        hash: entry.hash,
        id: entry.header.id,
        log,
        seq: row.seq,
        kind: entry.header.kind,
        key: entry.header.key,
        n: entry.header.n,
        person: author?.person ?? null,
        facility: author?.facility ?? null,
        device: author?.device ?? null,
        header: entry.headerText,
        sig: entry.sig,
        received_at: row.receivedAt,
        marks: row.marks,
        chain: row.chain,
        receipt: texts.get(entry.hash) ?? "",
      })),
    )
    .execute();
  const bodies = accepted.flatMap(({ arrival: { entry }, author }) =>
    entry.bodyText === undefined || entry.salt === undefined
      ? []
      : [
          {
            entry: entry.hash,
            log,
            facility: author?.facility ?? null,
            body: entry.bodyText,
            salt: entry.salt,
          },
        ],
  );
  if (bodies.length > 0) await tx.insertInto("body").values(bodies).execute();
};

/** Each entry goes into the feeds of those who have access at its place in the log, neither earlier nor later. */
const spread = async (tx: Tx, log: string, accepted: readonly Accepted[]): Promise<void> => {
  let waiting: string[] = [];
  const send = async (): Promise<void> => {
    if (waiting.length > 0) await sql`select fan_out(${log}, ${waiting}::text[])`.execute(tx);
    waiting = [];
  };
  for (const { arrival, author, row } of accepted) {
    const change =
      log.startsWith("case/") && author !== undefined
        ? giveAccess(tx, log, arrival.entry, row.seq)
        : undefined;
    if (change === undefined) {
      waiting.push(row.entry);
      continue;
    }
    await send();
    await change.before();
    waiting.push(row.entry);
    await send();
    await change.after();
  }
  await send();
};

/** Kinds that withhold, or that go with what was withheld before they came. */
const followers: ReadonlySet<string> = new Set(["withheld", "correction", "fileAdded"]);

const reachesWithheld = ({ log, accepted, view }: Writing): boolean =>
  log.startsWith("case/") &&
  accepted.some(({ arrival }) => followers.has(arrival.entry.header.kind)) &&
  view?.entries.some(({ kind }) => kind === "withheld") === true;

export const keepInQuarantine = async (
  tx: Tx,
  { entry, signed }: Arrival,
  author: Author,
  arrivedAt: string,
): Promise<void> => {
  const { id, log, kind, key } = entry.header;
  await tx
    .insertInto("quarantine")
    .values({
      entry: entry.hash,
      id,
      log,
      kind,
      key,
      person: author.person,
      facility: author.facility,
      device: author.device,
      header: signed.header,
      body: signed.body ?? null,
      salt: signed.salt ?? null,
      sig: signed.sig,
      arrived_at: arrivedAt,
    })
    .onConflict((it) => it.doNothing())
    .execute();
};

/** Kept, so that what stands on them and comes later is told so. */
export const keepRefusals = async (
  tx: Tx,
  log: string,
  facility: string,
  refused: Map<string, { readonly kind: string; readonly code: ErrorCode }>,
  at: string,
): Promise<void> => {
  const rows = [...refused].map(([entry, { kind, code }]) => ({
    entry,
    log,
    kind,
    facility,
    code,
    at,
  }));
  await tx
    .insertInto("refused")
    .values(rows)
    .onConflict((it) => it.doNothing())
    .execute();
};
