import type { ErrorCode } from "@lientuyen/api";
import {
  canonicalText,
  zeroChain,
  type Author,
  type Receipt,
  type ReceiptRow,
} from "@lientuyen/record";
import { accessChangeOf, type Step } from "../cases/access.ts";
import type { worklistOf } from "../cases/worklist.ts";
import type { Statement } from "../db/database.ts";
import type { Arrival } from "./arrival.ts";
import { mayBegin, type Group, type LogHead } from "./lookup.ts";

/** An entry that was judged good, with its place in the log. */
export interface Accepted {
  readonly arrival: Arrival;
  readonly author: Author | undefined;
  readonly row: ReceiptRow;
}

export interface Refused {
  readonly kind: string;
  readonly code: ErrorCode;
  readonly at: string;
}

/** All that is to be written for one group, and the head and directory that it was judged by. */
export interface Writing {
  readonly group: Group;
  readonly from: LogHead;
  readonly head: LogHead;
  readonly version: number;
  readonly accepted: readonly Accepted[];
  readonly receipts: readonly Receipt[];
  /** By entry hash; kept, so that what stands on them and comes later is told so. */
  readonly refused: ReadonlyMap<string, Refused>;
  readonly quarantined: readonly Quarantined[];
  /** Only what has changed since it was written last. */
  readonly worklist: ReturnType<typeof worklistOf>;
  readonly withholds: boolean;
  /** It was judged by a guess, which holds where none of these, named by the group's entries, waits or was refused. */
  readonly named?: readonly string[];
}

export interface Quarantined {
  readonly arrival: Arrival;
  readonly author: Author;
  readonly at: string;
}

/** Answers for each group the hashes of files whose last naming was destroyed; null alone where a guess is wrong, and nothing was written. */
export const writeStatement = (writings: readonly Writing[]): Statement => ({
  name: "write-appended",
  text: "select write_appended($1::jsonb) as destroyed",
  values: [JSON.stringify(writings.map(rowsOf))],
});

const rowsOf = (writing: Writing) => {
  const { group, from, head, accepted } = writing;
  const isCase = group.log.startsWith("case/");
  const opening = accepted.find(({ arrival }) => arrival.entry.header.kind === "opened");
  const texts = new Map(writing.receipts.map((receipt) => [receipt.entry, canonicalText(receipt)]));
  return {
    log: group.log,
    facility: group.facility,
    version: writing.version,
    ...guessedOf(writing),
    begins: from.seq === 0 && mayBegin(group),
    zero: zeroChain,
    fromSeq: from.seq,
    fromChain: from.chain,
    seq: head.seq,
    chain: head.chain,
    // The case's first entry gives its own facility the case, before anything is written to it.
    opens:
      isCase && opening?.author !== undefined
        ? { entry: opening.row.entry, seq: opening.row.seq }
        : null,
    entries: accepted.map((each) => entryRow(each, texts.get(each.row.entry) ?? "")),
    worklist: writing.worklist,
    steps: stepsOf(isCase, accepted),
    public: group.log === "installation" || group.log.startsWith("directory/"),
    withholds: writing.withholds,
    refused: [...writing.refused].map(([entry, refused]) => ({ entry, ...refused })),
    quarantined: writing.quarantined.map(quarantineRow),
  };
};

const guessedOf = ({ named, accepted }: Writing) => {
  if (named === undefined) return {};
  const headers = accepted.map(({ arrival }) => arrival.entry.header);
  return {
    named: arrayLiteral(named),
    hashes: arrayLiteral(accepted.map(({ row }) => row.entry)),
    ids: arrayLiteral(headers.map(({ id }) => id)),
    keys: arrayLiteral([...new Set(headers.map(({ key }) => key))]),
    counts: arrayLiteral(headers.map(({ n }) => String(n))),
  };
};

/** As PostgreSQL reads an array at once. */
const arrayLiteral = (texts: readonly string[]): string =>
  `{${texts.map((text) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`).join(",")}}`;

const entryRow = ({ arrival: { entry }, author, row }: Accepted, receipt: string) => ({
  hash: entry.hash,
  id: entry.header.id,
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
  receipt,
  body: entry.bodyText ?? null,
  salt: entry.salt ?? null,
});

/** Each entry goes into the feeds of those who have access at its place in the log, neither earlier nor later. */
const stepsOf = (isCase: boolean, accepted: readonly Accepted[]): readonly Step[] => {
  const steps: Step[] = [];
  let waiting: string[] = [];
  const spread = (): void => {
    if (waiting.length > 0) steps.push({ do: "spread", entries: waiting });
    waiting = [];
  };
  for (const { arrival, author, row } of accepted) {
    const change =
      isCase && author !== undefined ? accessChangeOf(arrival.entry, row.seq) : undefined;
    if (change !== undefined && change.before.length > 0) {
      spread();
      steps.push(...change.before);
    }
    waiting.push(row.entry);
    if (change !== undefined && change.after.length > 0) {
      spread();
      steps.push(...change.after);
    }
  }
  spread();
  return steps;
};

const quarantineRow = ({ arrival: { entry, signed }, author, at }: Quarantined) => {
  const { id, log, kind, key } = entry.header;
  return {
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
    arrived_at: at,
  };
};
