import type { EntryAnswer, ErrorCode } from "@lientuyen/api";
import {
  foldDirectory,
  isClockDoubtful,
  nextChain,
  type FoldInput,
  type Mark,
} from "@lientuyen/record";
import { sql } from "kysely";
import {
  judgeCase,
  caseStateOf,
  type Access,
  type CaseState,
  isJudgedOnArrival,
} from "../cases/judgeCase.ts";
import { targetsOf } from "../cases/targets.ts";
import { instant, type Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import type { KnownDirectory } from "../directory/directory.ts";
import { facilityOf, judgeDirectory } from "../directory/judgeDirectory.ts";
import { standingOf } from "../identity/installation.ts";
import { judgePatient } from "../patients/judgePatient.ts";
import { inDependencyOrder, type Arrival } from "./arrival.ts";
import type { Scope } from "./scope.ts";
import {
  lookUp,
  lockLog,
  loadCase,
  accessOf,
  quarantinedAuthorOf,
  readReceipt,
  type LookedUp,
} from "./lookup.ts";
import { isSigned, signatoryOf, type Verified } from "./signatory.ts";
import { accept, later, refuse, type Signatory, type Verdict } from "./verdict.ts";
import { keepInQuarantine, keepRefusals, writeAccepted, type Accepted } from "./write.ts";

export interface GroupInput {
  readonly core: Core;
  readonly scope: Scope;
  readonly tx: Tx;
  readonly log: string;
  readonly group: readonly Arrival[];
  readonly verified: Verified;
}

export interface GroupResult {
  readonly answers: ReadonlyMap<number, EntryAnswer>;
  /** What is new in the log. */
  readonly accepted: readonly Arrival[];
  /** Hashes of files whose last naming was destroyed. */
  readonly destroyed: readonly string[];
}

/** What changes while a group of one log is judged and written. */
interface Run extends GroupInput {
  directory: KnownDirectory;
  readonly looked: LookedUp;
  /** Hashes of this log that are there, the batch's own included. */
  readonly present: Set<string>;
  readonly refusedHere: Map<string, { readonly kind: string; readonly code: ErrorCode }>;
  readonly counters: Map<string, string>;
  facility: string;
  access: Access;
  case: CaseState | undefined;
  /** The stored case could be read whole. */
  isWhole: boolean;
  seq: number;
  chain: string;
  accepted: Accepted[];
  readonly answers: Map<number, EntryAnswer>;
  readonly written: Arrival[];
  readonly destroyed: string[];
}

/** Judges and writes what a batch holds for one log, under that log's lock. */
export const appendGroup = async (given: GroupInput): Promise<GroupResult> => {
  const run = await begin(given);
  for (const arrival of inDependencyOrder(given.group)) await takeOne(run, arrival);
  await flush(run);
  return { answers: run.answers, accepted: run.written, destroyed: run.destroyed };
};

const begin = async (given: GroupInput): Promise<Run> => {
  const { core, scope, tx, log, group } = given;
  const directory = await core.directory.current(tx);
  const head = await lockLog(
    tx,
    log,
    group.some(({ entry }) => beginnings.has(entry.header.kind)),
  );
  const looked = await lookUp(tx, log, group, head.seq === 0);
  return {
    ...given,
    directory,
    looked,
    present: new Set(looked.present),
    refusedHere: new Map(),
    counters: new Map(looked.counters),
    facility: scope === "system" ? "" : scope.facility,
    access: "none",
    case: undefined,
    isWhole: true,
    seq: head.seq,
    chain: head.chain,
    accepted: [],
    answers: new Map(),
    written: [],
    destroyed: [],
  };
};

/** Kinds with which a log begins. */
const beginnings: ReadonlySet<string> = new Set([
  "opened",
  "patientRegistered",
  "facilityFounded",
  "installationFounded",
]);

const takeOne = async (run: Run, arrival: Arrival): Promise<void> => {
  const { entry, index } = arrival;
  const { id } = entry.header;
  const refused = (code: ErrorCode, detail?: string): void => {
    run.answers.set(index, {
      answer: "refused",
      id,
      code,
      ...(detail === undefined || detail === "" ? {} : { detail: detail.slice(0, 300) }),
    });
  };
  const signatory = signatoryOf(run.directory, entry);
  if (signatory === undefined) return refused("unknown_key");
  if (!(await isSigned(run.core.primitives, run.verified, entry, signatory.publicKey)))
    return refused("bad_signature");
  const known = run.looked.byId.get(id);
  if (known !== undefined && known !== entry.hash) return refused("id_conflict");
  await actFor(run, signatory);
  if (known !== undefined || run.present.has(entry.hash)) return repeat(run, arrival);
  if (isHeld(run, arrival, signatory)) return quarantine(run, arrival, signatory);
  const verdict = await judge(run, arrival, signatory);
  if (verdict.verdict === "later")
    run.answers.set(index, { answer: "later", id, code: verdict.code });
  else if (verdict.verdict === "refuse") {
    run.refusedHere.set(entry.hash, { kind: entry.header.kind, code: verdict.code });
    refused(verdict.code, verdict.detail);
  } else await acceptOne(run, arrival, signatory, verdict.marks);
};

/** What follows is written in the name of this signatory's facility: row-level security asks for it. */
const actFor = async (run: Run, signatory: Signatory): Promise<void> => {
  const facility = signatory.by === "person" ? signatory.author.facility : facilityOf(run.log);
  const isCase = run.log.startsWith("case/");
  if (facility === run.facility && (!isCase || run.case !== undefined)) return;
  if (run.scope === "system") return;
  await flush(run);
  if (facility !== run.facility)
    await sql`select set_config('lientuyen.facility', ${facility}, true)`.execute(run.tx);
  run.facility = facility;
  if (!isCase) return;
  run.access = await accessOf(run.tx, run.log, facility);
  if (run.case === undefined || run.case.isEmpty()) {
    const stored = await loadCase(run.tx, run.core.logbook, run.log);
    run.case = caseStateOf(run.log, stored.inputs);
    run.isWhole = stored.isWhole;
    for (const { hash } of run.case.view().entries) run.present.add(hash);
  }
};

const repeat = async (run: Run, arrival: Arrival): Promise<void> => {
  const { index, entry } = arrival;
  // Twice in one batch: the first one's receipt is made when it is written.
  if (run.accepted.some((each) => each.arrival.entry.hash === entry.hash)) await flush(run);
  const receipt = run.looked.receipts.get(entry.hash) ?? (await readReceipt(run.tx, entry.hash));
  run.answers.set(
    index,
    receipt === undefined
      ? { answer: "refused", id: entry.header.id, code: "strangers_case" }
      : { answer: "received", id: entry.header.id, receipt },
  );
};

const isHeld = (run: Run, { entry }: Arrival, signatory: Signatory): boolean =>
  signatory.by === "person" && signatory.disowned && !run.directory.view.released.has(entry.hash);

const quarantine = async (run: Run, arrival: Arrival, signatory: Signatory): Promise<void> => {
  if (signatory.by !== "person") return;
  await keepInQuarantine(run.tx, arrival, signatory.author, instant(run.core.now()));
  run.looked.quarantined.add(arrival.entry.hash);
  run.answers.set(arrival.index, {
    answer: "quarantined",
    id: arrival.entry.header.id,
    code: "disowned_key",
  });
};

const judge = async (run: Run, arrival: Arrival, signatory: Signatory): Promise<Verdict> => {
  const { entry } = arrival;
  const verdict = await judgeByLog(run, arrival, signatory);
  if (verdict.verdict !== "accept") return verdict;
  const counter = `${entry.header.key} ${entry.header.n}`;
  // The server counts by a sequence of its own, which a restored backup sets back.
  const cloned =
    signatory.by === "person" &&
    run.counters.has(counter) &&
    run.counters.get(counter) !== entry.hash;
  // Care that was given is never refused, not even when a copied profile counts twice; acts are.
  if (cloned && (!isCare(entry.header.log) || isJudgedOnArrival(entry.header.kind)))
    return refuse("counter_reused");
  return accept(marksOf(run, arrival, signatory, verdict.marks, cloned));
};

const isCare = (log: string): boolean => log.startsWith("case/") || log.startsWith("patient/");

const judgeByLog = async (run: Run, { entry }: Arrival, signatory: Signatory): Promise<Verdict> => {
  const { log, directory } = run;
  const now = instant(run.core.now());
  if (log === "installation")
    return run.scope === "system" && signatory.by === "server" ? accept() : refuse("role_forbids");
  if (log.startsWith("directory/")) {
    if (run.seq === 0 && entry.header.kind !== "facilityFounded") return later("unknown_log");
    const releasing =
      entry.header.kind === "entryReleased" ? await quarantinedAuthorOf(run.tx, entry) : undefined;
    return judgeDirectory({ entry, signatory, directory, releasing, now });
  }
  if (signatory.by !== "person") return refuse("role_forbids");
  if (log.startsWith("patient/"))
    return judgePatient(entry, signatory.author, directory.view, run.seq === 0, now);
  return judgeInCase(run, entry, signatory, now);
};

const judgeInCase = (
  run: Run,
  entry: FoldInput["entry"],
  signatory: Extract<Signatory, { by: "person" }>,
  now: string,
): Verdict => {
  const state = run.case ?? caseStateOf(run.log, []);
  const verdict = judgeCase({
    entry,
    author: signatory.author,
    access: run.access,
    state,
    directory: run.directory,
    isRefused: (hash) => run.refusedHere.has(hash) || run.looked.refused.has(hash),
    openingRefused:
      run.looked.openingRefused ||
      [...run.refusedHere.values()].some(({ kind }) => kind === "opened"),
    exists: run.seq > 0,
    now,
  });
  // Nobody's words are refused because of a row that was spoilt here: they wait with their author.
  if (!run.isWhole && verdict.verdict === "refuse") return later("retry_later");
  const waits = targetsOf(entry.header.kind, entry.body).some((hash) =>
    run.looked.quarantined.has(hash),
  );
  return waits && verdict.verdict === "refuse" && verdict.code === "target_refused"
    ? later("retry_later")
    : verdict;
};

const order: readonly Mark[] = [
  "clockDoubtful",
  "gap",
  "unconfirmedKey",
  "noContract",
  "roleEnded",
  "caseClosed",
  "accessEnded",
  "released",
  "keyCloned",
];

const marksOf = (
  run: Run,
  { entry }: Arrival,
  signatory: Signatory,
  judged: readonly Mark[],
  cloned: boolean,
): readonly Mark[] => {
  const marks = new Set<Mark>(judged);
  if (isClockDoubtful(entry.header.at, instant(run.core.now()))) marks.add("clockDoubtful");
  if (entry.header.after.some((hash) => !run.present.has(hash))) marks.add("gap");
  if (signatory.by === "person" && !signatory.confirmed) marks.add("unconfirmedKey");
  if (signatory.by === "person" && signatory.disowned) marks.add("released");
  if (cloned) marks.add("keyCloned");
  return order.filter((mark) => marks.has(mark));
};

const acceptOne = async (
  run: Run,
  arrival: Arrival,
  signatory: Signatory,
  marks: readonly Mark[],
): Promise<void> => {
  const { entry } = arrival;
  const receivedAt = instant(run.core.now());
  const seq = run.seq + 1;
  run.chain = await nextChain(run.core.primitives, run.chain, {
    entry: entry.hash,
    sig: entry.sig,
    seq,
    receivedAt,
    marks,
  });
  run.seq = seq;
  const author = signatory.by === "person" ? signatory.author : undefined;
  run.accepted.push({
    arrival,
    author,
    row: { log: run.log, entry: entry.hash, seq, receivedAt, marks, chain: run.chain },
  });
  run.present.add(entry.hash);
  run.counters.set(`${entry.header.key} ${entry.header.n}`, entry.hash);
  if (entry.header.kind === "opened") run.access = "active";
  remember(run, { entry, author, receipt: { seq, receivedAt, marks } });
};

/** Later entries of the same batch are judged by what this one said. */
const remember = (run: Run, input: FoldInput): void => {
  if (run.log.startsWith("directory/")) {
    const inputs = [...run.directory.inputs, input];
    run.directory = { ...run.directory, inputs, view: foldDirectory(inputs) };
  } else if (run.log === "installation") {
    const entries = run.accepted.map(({ arrival }) => arrival.entry);
    if (!run.directory.server.founded)
      run.directory = { ...run.directory, server: standingOf(entries) };
  } else run.case?.add(input);
};

const flush = async (run: Run): Promise<void> => {
  const { accepted } = run;
  run.accepted = [];
  if (run.refusedHere.size > 0 && run.facility !== "")
    await keepRefusals(run.tx, run.log, run.facility, run.refusedHere, instant(run.core.now()));
  if (accepted.length === 0) return;
  const { receipts, destroyed } = await writeAccepted({
    core: run.core,
    tx: run.tx,
    log: run.log,
    accepted,
    view: run.case?.view(),
    directory: run.directory.view,
    head: { seq: run.seq, chain: run.chain },
  });
  run.destroyed.push(...destroyed);
  for (const { arrival } of accepted) {
    run.written.push(arrival);
    const receipt = receipts.get(arrival.entry.hash);
    if (receipt === undefined) throw new Error("an accepted entry has no receipt");
    run.looked.receipts.set(arrival.entry.hash, receipt);
    run.answers.set(arrival.index, { answer: "received", id: arrival.entry.header.id, receipt });
  }
};
