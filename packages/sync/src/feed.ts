import type { FeedItem } from "@lientuyen/api";
import type { CheckedBatches, Receipt } from "@lientuyen/record";
import { checkItem, emptyTail, follows, type Checked, type Tail } from "./check.ts";
import { countersPassed } from "./countersPassed.ts";
import { atLeastMs, pause, reached, type Engine } from "./engine.ts";
import { createHistoryWatch } from "./history.ts";
import { teachesKeys } from "./keyBook.ts";
import { again, backoffMs, chanceOf, failed, type Next } from "./loop.ts";
import type { FeedPage, FeedPlace, OutboxRow, Step, StoredEntry } from "./ports.ts";
import { ownItems, receiptsAreStale } from "./ownItems.ts";
import { isForeign, reofferRow } from "./reoffer.ts";
import { uploadName, type Transaction } from "./store.ts";
import { fileIn, withheldTarget } from "./withheld.ts";

const pageItems = { start: 100, least: 5, most: 400 };
const carriedMs = 1_000;
/** How often to ask when nobody wakes us, and when somebody would. */
const pollMs = 15_000;
const pollWithWakeMs = 300_000;

/** One step of reading: a page, or a rest. */
export function createReader(engine: Engine): () => Promise<Next> {
  const { store, network, flags } = engine;
  let items = pageItems.start;
  const readBehind = createBehindReader(engine);
  // The last page named own entries that are not here.
  let lacking = false;
  const watchHistory = createHistoryWatch(engine);

  return async () => {
    if (!(await serverKeysKnown(engine))) return failed;
    const wasOnline = flags.online !== false;
    const began = engine.clock.elapsed();
    const whole = lacking || receiptsAreStale(engine);
    const answer = await network.getFeed(store.place(), { limit: items, whole }, engine.signal);
    reached(engine, answer);
    // What failed at once met no line: that says nothing of the size.
    if (answer.result === "offline" && wasOnline && engine.clock.elapsed() - began > carriedMs)
      items = Math.max(pageItems.least, Math.floor(items / 2));
    if (answer.result !== "ok") return { then: "failed", atLeastMs: atLeastMs(answer) };
    flags.reads += 1;
    items = Math.min(pageItems.most, items * 2);
    const { page } = answer;
    const place = store.place();
    if (place !== undefined && place.epoch !== page.epoch)
      return (await beginEpoch(engine, page.epoch)) ? again : failed;
    const taken = await takePage(engine, page);
    lacking = taken === "lacking";
    if (taken === "full") return failed;
    if (lacking || page.more) return again;
    if (!flags.caughtUp) {
      flags.caughtUp = true;
      engine.changed();
      engine.bells.send.ring("work");
    }
    const behindMs = await readBehind();
    await watchHistory();
    return { then: "idle", ms: Math.min(behindMs, flags.wakeStands ? pollWithWakeMs : pollMs) };
  };
}

/** The server's keys come before everything that they sign. */
export async function serverKeysKnown(engine: Engine, afresh = false): Promise<boolean> {
  if (!afresh && engine.book.receiptKeys().length > 0) return true;
  const answer = await engine.network.getServerKeys(engine.signal);
  reached(engine, answer);
  if (answer.result !== "ok") return false;
  const before = engine.book.root();
  await takeIn(engine, answer.items);
  const known = engine.book.receiptKeys().length > 0;
  // Another root than the one pinned teaches nothing, so that no receipt key is known.
  if (!known && before !== undefined && answer.items.length > 0) pause(engine, "otherServer");
  return known;
}

async function takePage(engine: Engine, page: FeedPage): Promise<"done" | "full" | "lacking"> {
  const place: FeedPlace = { epoch: page.epoch, position: page.next };
  const known = engine.store.place();
  const moved =
    known === undefined || known.epoch !== place.epoch || known.position !== place.position;
  if (page.items.length === 0 && !moved) return "done";
  let own = await ownItems(engine, page.own);
  if (own === undefined) {
    // Others' entries do not wait for the answer that brings one's own receipts.
    if (!(await takeIn(engine, page.items))) return "full";
    await engine.sending.now;
    own = await ownItems(engine, page.own);
    if (own === undefined) return "lacking";
  }
  const items = [...page.items, ...own].sort((a, b) => a.position - b.position);
  return (await takeIn(engine, items, { place })) ? "done" : "full";
}

/**
 * Reads the cases whole of which only the newest entries are here, each with a back-off of its own, so that one that
 * does not come holds nothing else up. Answers in how many ms the next is due.
 */
function createBehindReader(engine: Engine): () => Promise<number> {
  const { clock, store } = engine;
  const waits = new Map<string, { readonly attempts: number; readonly dueAt: number }>();
  const isDue = (log: string) => (waits.get(log)?.dueAt ?? 0) <= clock.elapsed();
  return async () => {
    for (const log of [...store.behind].filter(isDue)) {
      const read = await readCase(engine, log);
      const attempts = (waits.get(log)?.attempts ?? 0) + 1;
      const waitMs = backoffMs(attempts, chanceOf(engine.random));
      // Not given to this facility: asked for again at the next start.
      const dueAt = read === "refused" ? Number.POSITIVE_INFINITY : clock.elapsed() + waitMs;
      waits.set(log, { attempts, dueAt });
    }
    const due = [...store.behind].map((log) => waits.get(log)?.dueAt ?? 0);
    return Math.max(50, Math.min(...due) - clock.elapsed());
  };
}

export type CaseRead = "here" | "offline" | "signInNeeded" | "full" | "refused";

/** Asks for one case whole, and stores it. `refused`: the server does not have it, or not for this facility. */
export async function readCase(engine: Engine, log: string): Promise<CaseRead> {
  const { pauses } = engine.flags;
  if (pauses.size > 0) return pauses.has("signInNeeded") ? "signInNeeded" : "offline";
  if (!(await serverKeysKnown(engine))) return "offline";
  const answer = await engine.network.getCase(log, engine.signal);
  reached(engine, answer);
  if (answer.result === "refused" || answer.result === "signInNeeded") return answer.result;
  if (answer.result !== "ok") return "offline";
  const items = answer.items
    .filter(({ receipt }) => receipt.log === log)
    .sort((a, b) => a.receipt.seq - b.receipt.seq);
  if (items.length === 0) return "refused";
  return (await takeIn(engine, items, { whole: log })) ? "here" : "full";
}

/** What items are: a page of the feed, all that there is of one log, or neither. */
interface Source {
  readonly place?: FeedPlace;
  readonly whole?: string;
}

/** Checks and stores items, with the place in the feed in the same transaction. */
export async function takeIn(
  engine: Engine,
  items: readonly FeedItem[],
  source: Source = {},
): Promise<boolean> {
  const { store, book } = engine;
  const rootBefore = book.root();
  const batches: CheckedBatches = new Map();
  const checked = await checkAll(engine, items, batches);
  const late = await store.disk.readEntries(lateEntries(engine, checked));
  const recheck = await Promise.all(
    late.flatMap((row) =>
      row.receipt === undefined
        ? []
        : [checkItem(engine.primitives, book, row.signed, row.receipt, batches)],
    ),
  );
  const outcome = await store.transact(() =>
    merge(engine, [...checked, ...recheck], source, rootBefore),
  );
  if (!outcome.ok) return false;
  const { logs, dropFiles, faults, tails } = outcome.value;
  for (const [log, tail] of tails) engine.tails.set(log, tail);
  if (source.whole !== undefined) engine.tails.delete(source.whole);
  for (const { log, hash } of dropFiles) await store.disk.dropFile(log, hash);
  engine.flags.faults += faults;
  if (logs.length > 0) engine.changed(logs);
  return true;
}

/** Directories and the server's keys one after the other, since each may need the one before; the rest at once. */
async function checkAll(
  engine: Engine,
  items: readonly FeedItem[],
  batches: CheckedBatches,
): Promise<readonly Checked[]> {
  const { primitives, book } = engine;
  const teaching = new Map<FeedItem, Checked>();
  // Twice: the founding entry's own receipt is signed by a key that it goes before.
  for (const round of [1, 2]) {
    for (const item of items) {
      if (
        !teachesKeys(item.receipt.log) ||
        (round === 2 && teaching.get(item)?.fault === undefined)
      )
        continue;
      const checked = await checkItem(primitives, book, item.entry, item.receipt, batches);
      teaching.set(item, checked);
      if (
        checked.entry !== undefined &&
        (checked.fault === undefined || checked.fault === "receipt")
      )
        await book.learn(checked.entry);
    }
  }
  return Promise.all(
    items.map(async (item) => {
      const known = teaching.get(item);
      return known ?? checkItem(primitives, book, item.entry, item.receipt, batches);
    }),
  );
}

/** Entries stored earlier without a known key whose key has come to be known. */
function lateEntries(engine: Engine, checked: readonly Checked[]): readonly string[] {
  for (const { hash, entry, fault } of checked) {
    if (fault !== "unknownKey" || entry === undefined) continue;
    const waiting = engine.keyless.get(entry.header.key) ?? new Set<string>();
    engine.keyless.set(entry.header.key, waiting.add(hash));
  }
  const found: string[] = [];
  for (const [key, hashes] of engine.keyless) {
    if (engine.book.publicKeyOf(key) === undefined) continue;
    found.push(...hashes);
    engine.keyless.delete(key);
  }
  const arriving = new Set(checked.map((item) => item.hash));
  return found.filter((hash) => !arriving.has(hash));
}

interface Merged {
  readonly logs: readonly string[];
  readonly dropFiles: readonly { readonly log: string; readonly hash: string }[];
  readonly faults: number;
  readonly tails: ReadonlyMap<string, Tail>;
}

async function merge(
  engine: Engine,
  items: readonly Checked[],
  { place, whole }: Source,
  rootBefore: string | undefined,
): Promise<Transaction<Merged>> {
  const { store } = engine;
  const named = items.flatMap((item) => [item.hash, ...withheldTarget(item)]);
  const rows = new Map((await store.disk.readEntries(named)).map((row) => [row.hash, row]));
  const tails = await tailsOf(engine, items);
  // Whatever was known of its chain: a whole log is followed from its first link.
  if (whole !== undefined) tails.set(whole, { ...emptyTail, away: tails.get(whole)?.away });
  const steps: Step[] = [];
  const logs = new Set<string>();
  const dropFiles: { readonly log: string; readonly hash: string }[] = [];
  let faults = 0;
  const put = (row: StoredEntry): void => {
    rows.set(row.hash, row);
    steps.push({ do: "putEntry", row });
    logs.add(row.log);
  };

  for (const item of items) {
    const { signed, hash, receipt } = item;
    const fault =
      item.fault ?? (await linkFault(engine, tails, signed.sig, receipt, receipt.log === whole));
    if (fault !== undefined) faults += 1;
    const row = arrived(rows.get(hash), { ...item, fault }, store.outbox.get(hash));
    if (row !== undefined) put(row);
    if (item.fault !== undefined) continue;
    if (store.outbox.has(hash)) steps.push({ do: "dropOutbox", hash });
    if (store.held.has(hash)) steps.push({ do: "dropHeld", hash });
    logs.add(receipt.log);
    for (const target of withheldTarget(item)) {
      const bare = rows.get(target);
      if (bare?.receipt === undefined || bare.signed.body === undefined) continue;
      const file = fileIn(bare);
      if (file !== undefined) {
        dropFiles.push({ log: bare.log, hash: file });
        if (store.uploads.has(uploadName(bare.log, file)))
          steps.push({ do: "dropUpload", log: bare.log, hash: file });
      }
      put({ ...bare, signed: { header: bare.signed.header, sig: bare.signed.sig } });
    }
  }
  const back = backAgain(engine, tails, items, rows, whole);
  faults += back.faults;
  for (const row of back.rows) put(row);
  steps.push(...back.steps);
  steps.push(...countersPassed(engine, items));
  const root = engine.book.root();
  if (root !== undefined && rootBefore === undefined) steps.push({ do: "putRoot", root });
  if (place !== undefined) steps.push({ do: "putPlace", place });
  return { steps, value: { logs: [...logs], dropFiles, faults, tails } };
}

/** The row as it is after this item; undefined where nothing changes. What is here and sound is never overwritten by less. */
export function arrived(
  old: StoredEntry | undefined,
  item: Checked,
  waiting: OutboxRow | undefined,
): StoredEntry | undefined {
  const { hash, signed, receipt, fault } = item;
  const log = item.entry?.header.log ?? receipt.log;
  const authentic = fault === undefined || fault === "receipt" || fault === "chain";
  if (old === undefined || (isForeign(old) && authentic))
    return { hash, log, signed, receipt, ...(fault === undefined ? {} : { fault }) };
  if (!authentic || (fault === "receipt" && old.receipt === undefined)) return undefined;
  // A body that is here stays until an entry that withholds it has been read.
  if (old.receipt === undefined) return { ...old, receipt, fault };
  if (sameReceipt(old.receipt, receipt))
    return old.fault === fault || fault !== undefined
      ? undefined
      : { ...old, receipt, fault: undefined };
  if (waiting?.reoffer === true && fault !== "receipt")
    return {
      ...old,
      receipt,
      fault,
      earlierReceipts: [...(old.earlierReceipts ?? []), old.receipt],
    };
  return old.fault === "receipt" ? undefined : { ...old, fault: "receipt" };
}

/** The same place in the same chain; the batch that it was signed with may differ. */
const sameReceipt = (a: Receipt, b: Receipt): boolean => a.chain === b.chain && a.seq === b.seq;

async function linkFault(
  engine: Engine,
  tails: Map<string, Tail>,
  sig: string,
  receipt: Receipt,
  isWhole: boolean,
): Promise<"chain" | undefined> {
  const tail = tails.get(receipt.log) ?? emptyTail;
  const link = await follows(engine.primitives, tail, receipt, sig);
  // In a whole log a hole is for the proof to name: what follows it is followed all the same.
  if (link !== "apart" || (isWhole && receipt.seq > tail.seq))
    tails.set(receipt.log, { ...tail, seq: receipt.seq, chain: receipt.chain });
  return link === "no" ? "chain" : undefined;
}

interface Back {
  readonly steps: readonly Step[];
  /** Entries that contradict the receipt that was kept, with it as evidence. */
  readonly rows: readonly StoredEntry[];
  readonly faults: number;
}

/** Of the logs that were away: those that are here again, and those of which only the newest entries are. */
function backAgain(
  engine: Engine,
  tails: ReadonlyMap<string, Tail>,
  items: readonly Checked[],
  rows: ReadonlyMap<string, StoredEntry>,
  whole: string | undefined,
): Back {
  const { behind } = engine.store;
  const epoch = engine.store.place()?.epoch;
  const steps: Step[] = [];
  const found: StoredEntry[] = [];
  let faults = 0;
  for (const [log, { away }] of tails) {
    if (away === undefined) continue;
    const own = items.filter((item) => item.receipt.log === log && item.fault === undefined);
    const same = own.find((item) => item.hash === away.last.entry);
    // After a restore the feed begins anew: with the last entry that was here all before it have come.
    if (log !== whole && (same === undefined || away.epoch === epoch)) {
      if (own.length > 0 && !behind.has(log)) steps.push({ do: "putBehind", log });
      continue;
    }
    steps.push({ do: "dropAway", log });
    if (same !== undefined && sameReceipt(same.receipt, away.last)) continue;
    const row = rows.get((same ?? own.at(-1))?.hash ?? "");
    if (row === undefined) continue;
    const earlierReceipts = [...(row.earlierReceipts ?? []), away.last];
    // In one epoch the server has taken back what it had signed.
    const broken = away.epoch === epoch;
    if (broken && row.fault === undefined) faults += 1;
    found.push({ ...row, earlierReceipts, ...(broken ? { fault: row.fault ?? "chain" } : {}) });
  }
  return { steps, rows: found, faults };
}

/** A working copy of the tails of the logs that these items are of. */
async function tailsOf(engine: Engine, items: readonly Checked[]): Promise<Map<string, Tail>> {
  const tails = new Map<string, Tail>();
  for (const { receipt } of items)
    if (!tails.has(receipt.log)) tails.set(receipt.log, await tailOf(engine, receipt.log));
  return tails;
}

/** The last link of a log that this device has seen. */
export async function tailOf(engine: Engine, log: string): Promise<Tail> {
  const known = engine.tails.get(log);
  if (known !== undefined) return known;
  const { store } = engine;
  const away = await store.disk.readAway(log);
  // After a restore the receipts here speak of another history than the one now read.
  const stale = (row: StoredEntry) => store.outbox.get(row.hash)?.reoffer === true;
  const last = away?.epoch === store.place()?.epoch ? away?.last : undefined;
  let tail: Tail = last === undefined ? emptyTail : { seq: last.seq, chain: last.chain };
  for (const row of await store.disk.readLog(log)) {
    if (
      row.receipt !== undefined &&
      row.fault === undefined &&
      !stale(row) &&
      row.receipt.seq > tail.seq
    )
      tail = { seq: row.receipt.seq, chain: row.receipt.chain };
  }
  if (away !== undefined) tail = { ...tail, away };
  engine.tails.set(log, tail);
  return tail;
}

/**
 * The server was restored from a backup: everything is read again from the start, and what it does not
 * bring back by itself is offered to it. In one transaction, so that a cut in between loses nothing.
 */
async function beginEpoch(engine: Engine, epoch: number): Promise<boolean> {
  const { store, tails, flags } = engine;
  const outcome = await store.transact(async () => {
    const steps: Step[] = [];
    const logs = [...(await store.disk.listLogs(""))].sort(
      (a, b) => Number(teachesKeys(b)) - Number(teachesKeys(a)),
    );
    for (const log of logs) {
      const rows = [...(await store.disk.readLog(log))].sort(
        (a, b) => (a.receipt?.seq ?? 0) - (b.receipt?.seq ?? 0),
      );
      for (const row of rows) {
        const quarantined = store.held.get(row.hash)?.state === "quarantined";
        const offer = reofferRow(row, quarantined, () => store.nextOrder());
        if (offer === undefined || store.outbox.has(row.hash)) continue;
        steps.push({ do: "putOutbox", row: offer });
        if (quarantined) steps.push({ do: "dropHeld", hash: row.hash });
      }
    }
    for (const upload of store.uploads.values()) {
      if (upload.state === "sent")
        steps.push({
          do: "putUpload",
          row: { ...upload, state: "waiting", url: undefined, offset: 0 },
        });
    }
    steps.push({ do: "putPlace", place: { epoch, position: 0 } });
    return { steps, value: undefined };
  });
  if (!outcome.ok) return false;
  tails.clear();
  flags.caughtUp = false;
  engine.bells.files.ring("work");
  return true;
}
