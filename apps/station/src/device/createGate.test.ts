import { expect, test } from "vitest";
import type { GateParts } from "./browser.ts";
import { createGate } from "./createGate.ts";

const parts: GateParts = {
  now: () => 0,
  crypto: globalThis.crypto,
  fetch: () => Promise.reject(new Error("no line")),
  locks: undefined,
  storage: undefined,
  derive: () => Promise.reject(new Error("no PIN")),
  databaseName: "test",
  base: "",
  isSecure: true,
  isOnline: () => true,
  onLine: () => undefined,
  deviceName: "PC",
  describePatient: () => "",
};

test("an insecure address says so, before anything is asked", () => {
  const gate = createGate({ ...parts, isSecure: false });
  expect(gate.state()).toEqual({ at: "impossible", why: "insecureAddress" });
});

test("a browser without a store or locks says so", async () => {
  const gate = createGate(parts);
  expect(gate.state()).toEqual({ at: "impossible", why: "noStorage" });
  expect(await gate.unlock("x", "905713")).toEqual({ ok: false, why: "internal" });
});
