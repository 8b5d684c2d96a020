import type { FoldInput } from "@lientuyen/record";
import { expect, test } from "vitest";
import { openCaseCache } from "./caseCache.ts";

const inputOf = (kind: string, bodyText: string): FoldInput => ({
  entry: {
    hash: bodyText,
    header: {
      v: 1,
      id: "01935f2e-0000-7000-8000-000000000000",
      log: "case/01935f2e-0000-7000-8000-000000000000",
      kind,
      key: "",
      n: 1,
      dir: "",
      at: "2026-01-01T00:00:00.000Z",
      after: [],
      bodyHash: "",
    },
    body: {},
    salt: "",
    sig: "",
    headerText: "",
    bodyText,
  },
  author: undefined,
  receipt: undefined,
});
const keptOf = (...inputs: readonly FoldInput[]) => ({
  seq: inputs.length,
  chain: "c",
  inputs,
  view: undefined,
  access: new Map(),
  worklist: undefined,
});

test("what was used longest ago goes when there is too much", () => {
  const cache = openCaseCache(30);
  for (const log of ["a", "b", "c"]) cache.keep(log, keptOf(inputOf("note", "x".repeat(10))));
  cache.keep("a", keptOf(inputOf("note", "x".repeat(10))));
  cache.keep("d", keptOf(inputOf("note", "x".repeat(10))));
  expect(["a", "b", "c", "d"].filter((log) => cache.find(log) !== undefined)).toEqual([
    "a",
    "c",
    "d",
  ]);
  cache.keep("huge", keptOf(inputOf("note", "x".repeat(31))));
  expect(["a", "c", "d", "huge"].filter((log) => cache.find(log) !== undefined)).toEqual([]);
});

test("a case in which something was withheld is not kept, and what was kept of it goes", () => {
  const cache = openCaseCache();
  cache.keep("a", keptOf(inputOf("note", "x")));
  cache.keep("a", keptOf(inputOf("note", "x"), inputOf("withheld", "y")));
  expect(cache.find("a")).toBeUndefined();
});
