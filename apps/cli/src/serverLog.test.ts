import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openServerLog } from "./serverLog.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "lientuyen-log-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const names = (): readonly string[] => readdirSync(folder).sort();
const read = (name: string): string => {
  const bytes = readFileSync(path.join(folder, name));
  return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
};
const put = (name: string, text: string, at: string): void => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  utimesSync(file, new Date(at), new Date(at));
};

test("a new day begins a new file; the day before is compressed, nothing of it lost", async () => {
  put("server.log", "hôm qua\n", "2026-11-21T23:59:00Z");
  let nowMs = Date.parse("2026-11-22T10:00:00Z");
  const log = openServerLog(folder, () => nowMs);
  log.write("một\n");
  await log.close();
  expect(names()).toEqual(["server-2026-11-21.log.gz", "server.log"]);
  expect([read("server-2026-11-21.log.gz"), read("server.log")]).toEqual(["hôm qua\n", "một\n"]);
  const file = path.join(folder, "server.log");
  utimesSync(file, new Date(nowMs), new Date(nowMs));
  const again = openServerLog(folder, () => nowMs);
  again.write("hai\n");
  await again.close();
  expect(read("server.log")).toBe("một\nhai\n");
  utimesSync(file, new Date(nowMs), new Date(nowMs));
  const third = openServerLog(folder, () => nowMs);
  nowMs = Date.parse("2026-11-23T00:00:01Z");
  third.write("ba\n");
  await third.close();
  expect(names()).toEqual(["server-2026-11-21.log.gz", "server-2026-11-22.log.gz", "server.log"]);
  expect([read("server-2026-11-22.log.gz"), read("server.log")]).toEqual(["một\nhai\n", "ba\n"]);
});

test("twelve months are kept to the day, and nothing else in the folder is touched", async () => {
  for (const day of ["2025-11-21", "2025-11-22", "2026-05-01"])
    put(`server-${day}.log.gz`, "", `${day}T12:00:00Z`);
  put("installation.json", "{}", "2020-01-01T00:00:00Z");
  const log = openServerLog(folder, () => Date.parse("2026-11-22T10:00:00Z"));
  await log.tidied();
  await log.close();
  expect(names()).toEqual([
    "installation.json",
    "server-2025-11-22.log.gz",
    "server-2026-05-01.log.gz",
  ]);
});

test("a day whose compressing was cut off, and one that comes twice, lose no line", async () => {
  put("server-2026-11-20.log", "một\n", "2026-11-20T12:00:00Z");
  put("server-2026-11-20.log.gz.new", "half", "2026-11-20T12:00:00Z");
  const now = () => Date.parse("2026-11-22T10:00:00Z");
  const log = openServerLog(folder, now);
  await log.close();
  put("server.log", "hai\n", "2026-11-20T13:00:00Z");
  const again = openServerLog(folder, now);
  await again.close();
  expect(names()).toEqual(["server-2026-11-20.log.gz"]);
  expect(read("server-2026-11-20.log.gz")).toBe("một\nhai\n");
});

test("a log that cannot be written stops nothing", async () => {
  const log = openServerLog(path.join(folder, "not", "there"), Date.now);
  log.write("x\n");
  log.write("y\n");
  await log.close();
  expect(names()).toEqual([]);
});
