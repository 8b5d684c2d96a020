import type { EntryAnswer, ErrorCode } from "@lientuyen/api";
import {
  isClockDoubtful,
  makeReceipts,
  nextChain,
  zeroChain,
  type FoldInput,
  type Mark,
  type Receipt,
} from "@lientuyen/record";
import { accessChangeOf } from "../cases/access.ts";
import {
  caseStateOf,
  isJudgedOnArrival,
  judgeCase,
  type Access,
  type CaseState,
} from "../cases/judgeCase.ts";
import { targetsOf } from "../cases/targets.ts";
import { worklistOf } from "../cases/worklist.ts";
import { instant, type Core } from "../core.ts";
import type { KnownDirectory } from "../directory/directory.ts";
import { judgeDirectory } from "../directory/judgeDirectory.ts";
import { standingOf } from "../identity/installation.ts";
import { judgePatient } from "../patients/judgePatient.ts";
import type { Arrival } from "./arrival.ts";
import type { KeptCase } from "./caseCache.ts";
import { quarantinedAuthorOf, type Group, type LogHead, type LookedUp } from "./lookup.ts";
import type { Scope } from "./scope.ts";
import { isSigned, signatoryOf, type Verified } from "./signatory.ts";
import { foldInputsOf, receiptOf } from "./stored.ts";
import { accept, later, refuse, type Signatory, type Verdict } from "./verdict.ts";
import type { Accepted, Quarantined, Refused, Writing } from "./write.ts";

export interface GroupInput {
  readonly core: Core;
  readonly scope: Scope;
  readonly group: Group;
  readonly verified: Verified;
}

export interface GroupResult {
  readonly answers: ReadonlyMap<number, EntryAnswer>;
  /** What is new in the log. */
  readonly accepted: readonly Arrival[];
  /** Hashes of files whose last naming was destroyed. */
  readonly destroyed: readonly string[];
}

/** What was decided, before it is written. */
export interface Judged {
  /** Undefined where nothing is to be written. */
  readonly writing: Writing | undefined;
  /** As they are once that is written. */
  readonly answers: ReadonlyMap<number, EntryAnswer>;
  /** The case as it is then; undefined where it cannot be kept. */
  readonly kept: KeptCase | undefined;
}

/** The first state of a log that is not there yet. */
const nowhere: LogHead = { seq: 0, chain: zeroChain };

/** What changes while a group is judged. */
interface Run extends GroupInput {
  directory: KnownDirectory;
  readonly looked: LookedUp;
  readonly byId: ReadonlyMap<string, string>;
  readonly receipts: ReadonlyMap<string, string>;
  /** Hashes of this log that are there, the group's own included. */
  readonly present: Set<string>;
  readonly refusedBefore: ReadonlySet<string>;
  readonly refusedHere: Map<string, Refused>;
  readonly counters: Map<string, string>;
  readonly case: CaseState;
  /** The stored case could be read whole. */
  readonly isWhole: boolean;
  readonly from: LogHead;
  /** The case has been opened in this very group. */
  opened: boolean;
  seq: number;
  chain: string;
  readonly accepted: Accepted[];
  readonly quarantined: Quarantined[];
  readonly held: Set<string>;
  readonly answers: Map<number, EntryAnswer>;
  /** Of several of the same entry in one group: answered with the first one's receipt. */
  readonly twins: { readonly index: number; readonly hash: string; readonly id: string }[];
}

/** Judges a group by what was looked up for it. Writes nothing. */
export const judgeGroup = async (
  given: GroupInput,
  looked: LookedUp,
  directory: KnownDirectory,
  kept: KeptCase | undefined,
): Promise<Judged> => {
  const run = begin(given, looked, directory, kept);
  for (const arrival of given.group.arrivals) await takeOne(run, arrival);
  return finish(run, kept);
};

const begin = (
  given: GroupInput,
  looked: LookedUp,
  directory: KnownDirectory,
  kept: KeptCase | undefined,
): Run => {
  const { core, group } = given;
  const read = foldInputsOf(looked.fresh, core.logbook).map(({ input }) => input);
  const earlier = looked.since > 0 ? kept : undefined;
  const state = caseStateOf(
    group.log,
    [...(earlier?.inputs ?? []), ...read],
    looked.fresh.length === 0 ? earlier?.view : undefined,
  );
  const from = looked.head ?? nowhere;
  return {
    ...given,
    directory,
    looked,
    byId: new Map(looked.known.map(({ id, hash }) => [id, hash])),
    receipts: new Map(
      looked.present.flatMap(({ hash, receipt }) => (receipt === null ? [] : [[hash, receipt]])),
    ),
    present: new Set([
      ...looked.present.map(({ hash }) => hash),
      ...state.inputs().map(({ entry }) => entry.hash),
    ]),
    refusedBefore: new Set(looked.refused.map(({ entry }) => entry)),
    refusedHere: new Map(),
    counters: new Map(looked.counters.map(({ key, n, hash }) => [`${key} ${n}`, hash])),
    case: state,
    isWhole: read.length === looked.fresh.length,
    from,
    opened: false,
    seq: from.seq,
    chain: from.chain,
    accepted: [],
    quarantined: [],
    held: new Set(looked.quarantined),
    answers: new Map(),
    twins: [],
  };
};

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
  const known = run.byId.get(id);
  if (known !== undefined && known !== entry.hash) return refused("id_conflict");
  if (known !== undefined || run.present.has(entry.hash)) return repeat(run, arrival);
  if (isHeld(run, arrival, signatory)) return quarantine(run, arrival, signatory);
  const verdict = await judge(run, arrival, signatory);
  if (verdict.verdict === "later")
    run.answers.set(index, { answer: "later", id, code: verdict.code });
  else if (verdict.verdict === "refuse") {
    const at = instant(run.core.now());
    run.refusedHere.set(entry.hash, { kind: entry.header.kind, code: verdict.code, at });
    refused(verdict.code, verdict.detail);
  } else await acceptOne(run, arrival, signatory, verdict.marks);
};

const repeat = (run: Run, { index, entry }: Arrival): void => {
  const { id } = entry.header;
  const text = run.receipts.get(entry.hash);
  if (text !== undefined)
    run.answers.set(index, { answer: "received", id, receipt: receiptOf(text) });
  else if (run.accepted.some(({ row }) => row.entry === entry.hash))
    run.twins.push({ index, hash: entry.hash, id });
  else run.answers.set(index, { answer: "refused", id, code: "strangers_case" });
};

const isHeld = (run: Run, { entry }: Arrival, signatory: Signatory): boolean =>
  signatory.by === "person" && signatory.disowned && !run.directory.view.released.has(entry.hash);

const quarantine = (run: Run, arrival: Arrival, signatory: Signatory): void => {
  if (signatory.by !== "person") return;
  run.quarantined.push({ arrival, author: signatory.author, at: instant(run.core.now()) });
  run.held.add(arrival.entry.hash);
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
  const { directory } = run;
  const { log, facility } = run.group;
  const now = instant(run.core.now());
  if (log === "installation")
    return run.scope === "system" && signatory.by === "server" ? accept() : refuse("role_forbids");
  if (log.startsWith("directory/")) {
    if (run.seq === 0 && entry.header.kind !== "facilityFounded") return later("unknown_log");
    const releasing =
      entry.header.kind === "entryReleased"
        ? await run.core.database.asFacility(facility, (tx) => quarantinedAuthorOf(tx, entry))
        : undefined;
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
  const isOpening = ({ kind }: { readonly kind: string }): boolean => kind === "opened";
  const verdict = judgeCase({
    entry,
    author: signatory.author,
    access: run.opened ? "active" : run.looked.access,
    state: run.case,
    directory: run.directory,
    isRefused: (hash) => run.refusedHere.has(hash) || run.refusedBefore.has(hash),
    openingRefused:
      run.looked.refused.some(isOpening) || [...run.refusedHere.values()].some(isOpening),
    exists: run.seq > 0,
    now,
  });
  // Nobody's words are refused because of a row that was spoilt here: they wait with their author.
  if (!run.isWhole && verdict.verdict === "refuse") return later("retry_later");
  const waits = targetsOf(entry.header.kind, entry.body).some((hash) => run.held.has(hash));
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
    row: { log: run.group.log, entry: entry.hash, seq, receivedAt, marks, chain: run.chain },
  });
  run.present.add(entry.hash);
  run.counters.set(`${entry.header.key} ${entry.header.n}`, entry.hash);
  if (entry.header.kind === "opened") run.opened = true;
  remember(run, { entry, author, receipt: { seq, receivedAt, marks } });
};

/** Later entries of the same group are judged by what this one said. */
const remember = (run: Run, input: FoldInput): void => {
  const { log } = run.group;
  if (log.startsWith("directory/")) run.directory = run.directory.with(input);
  else if (log === "installation") {
    const entries = run.accepted.map(({ arrival }) => arrival.entry);
    if (!run.directory.server.founded) run.directory = run.directory.standing(standingOf(entries));
  } else run.case.add(input);
};

const finish = async (run: Run, before: KeptCase | undefined): Promise<Judged> => {
  const { core, group, accepted, answers } = run;
  const receipts =
    accepted.length === 0
      ? []
      : await makeReceipts(
          core.primitives,
          core.keys.receipt,
          accepted.map(({ row }) => row),
        );
  answerReceived(run, receipts);
  const rows = group.log.startsWith("case/") ? worklistOf(run.case.view(), run.directory.view) : [];
  const worklist = JSON.stringify(rows);
  const head = { seq: run.seq, chain: run.chain };
  const writing: Writing = {
    group,
    from: run.from,
    head,
    version: run.looked.version,
    accepted,
    receipts,
    refused: group.facility === "" ? new Map<string, Refused>() : run.refusedHere,
    quarantined: run.quarantined,
    worklist: worklist === before?.worklist ? [] : rows,
    withholds: reachesWithheld(run),
  };
  const nothing =
    accepted.length === 0 && writing.refused.size === 0 && run.quarantined.length === 0;
  const kept = keptOf(run, head, worklist, before);
  return { writing: nothing ? undefined : writing, answers, kept };
};

const answerReceived = ({ accepted, answers, twins }: Run, receipts: readonly Receipt[]): void => {
  const byEntry = new Map(receipts.map((receipt) => [receipt.entry, receipt]));
  const received = (index: number, id: string, hash: string): void => {
    const receipt = byEntry.get(hash);
    if (receipt === undefined) throw new Error("an accepted entry has no receipt");
    answers.set(index, { answer: "received", id, receipt });
  };
  for (const { arrival, row } of accepted)
    received(arrival.index, arrival.entry.header.id, row.entry);
  for (const { index, id, hash } of twins) received(index, id, hash);
};

const keptOf = (
  run: Run,
  { seq, chain }: LogHead,
  worklist: string,
  before: KeptCase | undefined,
): KeptCase | undefined => {
  const { group, looked, isWhole, accepted } = run;
  if (!group.log.startsWith("case/") || !isWhole || accepted.length === 0) return undefined;
  // A stranger to the case, and whoever only opens it, has read nothing of it or all of it.
  if (looked.access === "none" && !run.opened) return undefined;
  const access = accessThen(run, before);
  return { seq, chain, inputs: run.case.inputs(), view: run.case.view(), access, worklist };
};

/** Empty where any of it may be otherwise now. */
const accessThen = (run: Run, before: KeptCase | undefined): ReadonlyMap<string, Access> => {
  const { group, looked, accepted } = run;
  const changes = accepted.some(
    ({ arrival: { entry }, row }) =>
      entry.header.kind !== "opened" && accessChangeOf(entry, row.seq) !== undefined,
  );
  if (changes) return new Map();
  const goesOn = looked.since > 0 && looked.fresh.length === 0;
  const own = run.opened ? "active" : looked.access;
  return new Map([...((goesOn ? before?.access : undefined) ?? []), [group.facility, own]]);
};

/** Kinds that withhold, or that go with what was withheld before they came. */
const followers: ReadonlySet<string> = new Set(["withheld", "correction", "fileAdded"]);

const reachesWithheld = ({ group, accepted, case: state }: Run): boolean =>
  group.log.startsWith("case/") &&
  accepted.some(({ arrival }) => followers.has(arrival.entry.header.kind)) &&
  state.inputs().some(({ entry }) => entry.header.kind === "withheld");
