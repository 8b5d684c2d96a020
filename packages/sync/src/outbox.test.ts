import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backoffMs } from "./loop.ts";
import { createPace } from "./meter.ts";
import { dependentsOf, nextUpload, planBatch, targetsIn } from "./outbox.ts";
import type { OutboxRow, UploadRow } from "./ports.ts";

const row = (hash: string, over: Partial<OutboxRow> = {}): OutboxRow => ({
  hash,
  id: hash,
  log: "case/1",
  kind: "note",
  key: "k",
  order: 0,
  size: 100,
  targets: [],
  rank: 2,
  ...over,
});
const limits = { size: 1_000_000, entries: 500, waits: () => false, reoffer: true };
const hashes = (rows: readonly OutboxRow[]) => rows.map((each) => each.hash);

const anyRows = fc
  .array(
    fc.record({
      log: fc.constantFrom("case/1", "case/2", "case/3"),
      rank: fc.constantFrom(0 as const, 1 as const, 2 as const),
      waits: fc.boolean(),
      rests: fc.option(fc.nat(20)),
    }),
    { maxLength: 20 },
  )
  .map((parts) =>
    parts.map((part, i) => ({
      waits: part.waits,
      row: row(String(i), {
        log: part.log,
        rank: part.rank,
        order: i,
        targets: part.rests === null || part.rests >= i ? [] : [String(part.rests)],
      }),
    })),
  );

describe("the outbox", () => {
  test("S3 the log of an emergency goes first, with what was written before it was one", () => {
    const rows = [
      row("a", { order: 1 }),
      row("b", { order: 2, log: "case/2" }),
      row("c", { order: 3, log: "case/2", rank: 0 }),
      row("d", { order: 4, rank: 1 }),
    ];
    expect(hashes(planBatch(rows, limits))).toEqual(["b", "c", "a", "d"]);
  });

  test("S3 each log goes in the order it was written, for any outbox", () => {
    fc.assert(
      fc.property(anyRows, (parts) => {
        const batch = planBatch(
          parts.map((part) => part.row),
          limits,
        );
        for (const log of new Set(batch.map((each) => each.log))) {
          const orders = batch.filter((each) => each.log === log).map((each) => each.order);
          expect(orders).toEqual([...orders].sort((a, b) => a - b));
        }
      }),
    );
  });

  test("S5 exactly what waits, and what rests on it, stays behind, for any outbox", () => {
    fc.assert(
      fc.property(anyRows, (parts) => {
        const waiting = new Set(parts.flatMap((part) => (part.waits ? [part.row.hash] : [])));
        const sent = new Set(
          hashes(
            planBatch(
              parts.map((part) => part.row),
              { ...limits, waits: (hash) => waiting.has(hash) },
            ),
          ),
        );
        const rests = (each: OutboxRow): boolean =>
          waiting.has(each.hash) ||
          each.targets.some((target) =>
            parts.some((part) => part.row.hash === target && rests(part.row)),
          );
        for (const part of parts) expect(sent.has(part.row.hash)).toBe(!rests(part.row));
      }),
    );
  });

  test("S5 a log whose opening waits is held back whole, and no other", () => {
    const rows = [
      row("open", { kind: "opened", order: 1 }),
      row("a", { order: 2 }),
      row("b", { order: 3, log: "case/2" }),
    ];
    expect(hashes(planBatch(rows, { ...limits, waits: (hash) => hash === "open" }))).toEqual(["b"]);
  });

  test("S5 what rests on a refused entry is found through each other", () => {
    const rows = [
      row("b", { order: 2, targets: ["a"] }),
      row("c", { order: 3, targets: ["b"] }),
      row("d", { order: 4 }),
    ];
    expect(hashes(dependentsOf(new Set(["a"]), rows))).toEqual(["b", "c"]);
  });

  test("S5 a body's targets are the entries that it acts on, not those that it replaces nor its file", () => {
    const a = "a".repeat(43);
    const b = "b".repeat(43);
    expect(targetsIn({ request: a, questions: [b], text: "x" })).toEqual([a, b]);
    expect(targetsIn({ replaces: [a], file: { hash: b }, reason: "y" })).toEqual([]);
  });

  test("a batch keeps to its size and number, and never stays empty for one large entry", () => {
    const rows = [
      row("a", { order: 1, size: 900 }),
      row("b", { order: 2, size: 200 }),
      row("c", { order: 3, size: 1 }),
    ];
    expect(hashes(planBatch(rows, { ...limits, size: 1_000 }))).toEqual(["a"]);
    expect(hashes(planBatch(rows, { ...limits, size: 10 }))).toEqual(["a"]);
    expect(hashes(planBatch(rows, { ...limits, entries: 2 }))).toEqual(["a", "b"]);
  });

  test("S12 entries offered again go after one's own, and only when the feed has been read", () => {
    const rows = [row("old", { order: 1, log: "case/9", reoffer: true }), row("new", { order: 2 })];
    expect(hashes(planBatch(rows, limits))).toEqual(["new", "old"]);
    expect(hashes(planBatch(rows, { ...limits, reoffer: false }))).toEqual(["new"]);
  });

  test("S12 what a restored server lost of directories goes first, and of a log what is offered again before what is new", () => {
    const rows = [
      row("new", { order: 1 }),
      row("old", { order: 2, reoffer: true }),
      row("key", { order: 3, log: "directory/1", reoffer: true }),
    ];
    expect(hashes(planBatch(rows, limits))).toEqual(["key", "old", "new"]);
  });
});

const upload = (hash: string, over: Partial<UploadRow> = {}): UploadRow => ({
  log: "case/1",
  hash,
  size: 1,
  type: "image/jpeg",
  priority: "first",
  rank: 2,
  order: 0,
  state: "waiting",
  offset: 0,
  ...over,
});

test("S18 originals last, emergencies first, then key pictures, then the order of adding", () => {
  const rows = [
    upload("original of an emergency", { priority: "original", rank: 0, order: 1 }),
    upload("second", { order: 3 }),
    upload("first", { order: 2 }),
    upload("key", { priority: "key", order: 4 }),
    upload("emergency", { rank: 0, order: 5 }),
    upload("emergency key", { rank: 0, priority: "key", order: 6 }),
    upload("sent", { rank: 0, priority: "key", state: "sent" }),
  ];
  const order: string[] = [];
  for (;;) {
    const next = nextUpload(rows, (each) => order.includes(each.hash));
    if (next === undefined) break;
    order.push(next.hash);
  }
  expect(order).toEqual([
    "emergency key",
    "emergency",
    "key",
    "first",
    "second",
    "original of an emergency",
  ]);
});

test("S14 back-off doubles from one second to a minute, the upper half by chance", () => {
  expect([1, 2, 3, 7, 50].map((attempt) => [backoffMs(attempt, 0), backoffMs(attempt, 1)])).toEqual(
    [
      [500, 1_000],
      [1_000, 2_000],
      [2_000, 4_000],
      [30_000, 60_000],
      [30_000, 60_000],
    ],
  );
});

test("a pace grows on a quick line and shrinks on a slow or broken one, within its limits", () => {
  const pace = createPace({ start: 64, least: 16, most: 128 });
  pace.took(100);
  pace.took(100);
  expect(pace.size()).toBe(128);
  pace.took(4_000);
  expect(pace.size()).toBe(128);
  for (let i = 0; i < 9; i++) pace.broke();
  expect(pace.size()).toBe(16);
});
