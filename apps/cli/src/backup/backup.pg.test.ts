import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { appendAsServer, createAccount } from "@lientuyen/server";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSettings, type Settings } from "../environment.ts";
import { Failure } from "../failure.ts";
import { restoreMark } from "../folder/restoreMark.ts";
import { ensureReady, makeServer, openInstallation, unchecked } from "../installation.ts";
import { withDatabase } from "../withDatabase.ts";
import { backup } from "./backup.ts";
import { manifestIn, manifestText, readBackup } from "./manifest.ts";
import { restore } from "./restore.ts";

const program = fileURLToPath(new URL("../../../..", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "lientuyen-backup-"));
const settingsOf = (name: string): Settings =>
  readSettings({ LIENTUYEN_DATA: path.join(folder, name), LIENTUYEN_DEMO: "0" }, [], program);
const here = settingsOf("here");
const kept = path.join(folder, "kept");
const facility = "12913";

/** A running server of this folder. */
const serve = async (settings: Settings) => {
  const opened = await openInstallation(settings, unchecked);
  await ensureReady(opened, folder);
  const server = await makeServer(
    opened,
    { host: "127.0.0.1", port: 0, tls: undefined, staticDir: folder },
    Date.now,
  );
  return {
    server,
    close: async () => {
      await server.close();
      await opened.close();
    },
  };
};

const addPerson = async (core: Parameters<typeof appendAsServer>[0], name: string) => {
  const person = "01890000-0000-7000-8000-000000000001";
  await appendAsServer(core, [
    { log: `directory/${facility}`, kind: "personAdded", body: { person, name, account: "sua" } },
  ]);
  await createAccount(core, { person, facility, account: "sua", password: "mat-khau-thu" });
};

const rowsOf = (settings: Settings, text: string): Promise<readonly unknown[]> =>
  withDatabase(settings, async (databaseUrl) => {
    const client = new pg.Client({
      connectionString: databaseUrl,
      options: "-c role=lientuyen_system -c search_path=lientuyen",
    });
    await client.connect();
    const { rows } = await client.query<{ line: string }>(text);
    await client.end();
    return rows.map(({ line }) => line);
  });
const entries =
  "select e::text || coalesce(b::text, '') as line from entry e left join body b on b.entry = e.hash order by e.log, e.seq";
const statements =
  "select b.body as line from entry e join body b on b.entry = e.hash where e.kind = 'epochStarted' order by e.seq";

const reasonOf = async (work: Promise<number>): Promise<string> => {
  try {
    return String(await work);
  } catch (error) {
    if (error instanceof Failure) return error.reason.code;
    throw error;
  }
};

/** What backup and restore answered beside the running server. */
let beside: readonly string[];
beforeAll(async () => {
  const { server, close } = await serve(here);
  const from = "2026-01-01T00:00:00.000Z";
  const body = { code: facility, name: "Trạm", shortName: "Trạm", level: "commune", from };
  await appendAsServer(server.core, [
    { log: `directory/${facility}`, kind: "facilityFounded", body },
  ]);
  await addPerson(server.core, 'Lò "Thị" Súa \\u0000 \\ 🩺 ệ');
  beside = [
    await reasonOf(backup(here, [kept], folder)),
    await reasonOf(restore(here, [kept], folder)),
  ];
  await close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a backup comes back on another machine, byte for byte, with the installation's keys and a new epoch on record", async () => {
  expect(beside).toEqual(["0", "alreadyRunning"]);
  const there = settingsOf("there");
  expect(await restore(there, [kept], folder)).toBe(0);
  const keys = (settings: Settings) =>
    readFileSync(path.join(settings.dataFolder, "secrets", "server-keys.json"), "utf8");
  expect(keys(there)).toBe(keys(here));
  const [before, after] = [await rowsOf(here, entries), await rowsOf(there, entries)];
  expect(after.filter((line) => before.includes(line))).toEqual(before);
  expect(after.length).toBe(before.length + 1);
  const [, started] = await rowsOf(there, statements);
  expect(started).toMatch(/"epoch":\d{6,},"reason":"restored from 20/);
  // It serves, and numbers on.
  const { server, close } = await serve(there);
  await appendAsServer(server.core, [
    {
      log: `directory/${facility}`,
      kind: "deviceEnrolled",
      body: { device: "01890000-0000-7000-8000-000000000002", name: "PC" },
    },
  ]);
  await server.settleFeed();
  await close();
  expect(await reasonOf(restore(settingsOf("there"), [kept], folder))).toBe("0");
  expect((await rowsOf(there, statements)).length).toBe(2);
});

test("each fault is one sentence, and nothing is changed by it", async () => {
  expect(await reasonOf(backup(here, [], folder))).toBe("wrongArguments");
  expect(await reasonOf(backup(here, [kept], folder))).toBe("backupThere");
  expect(await reasonOf(backup(settingsOf("nowhere"), [`${kept}.2`], folder))).toBe("noDataFolder");
  expect(await reasonOf(restore(here, [folder], folder))).toBe("notABackup");

  const spoilt = path.join(folder, "spoilt");
  const spoil = async (name: string, change: (bytes: Buffer) => Buffer): Promise<string> => {
    rmSync(spoilt, { recursive: true, force: true });
    cpSync(kept, spoilt, { recursive: true });
    const file = path.join(spoilt, name);
    writeFileSync(file, change(readFileSync(file)));
    return reasonOf(restore(here, [spoilt], folder));
  };
  const flip = (bytes: Buffer): Buffer => {
    const at = bytes.length >> 1;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  };
  for (const name of ["database/entry.jsonl.gz", "secrets/server-keys.json"])
    expect(await spoil(name, flip)).toBe("backupDamaged");
  expect(await spoil("manifest.json", (bytes) => bytes.subarray(0, -9))).toBe("backupDamaged");
  const text = (from: string, to: string) => (bytes: Buffer) =>
    Buffer.from(bytes.toString().replace(from, to));
  expect(await spoil("manifest.json", text('"rows":', '"rows":1'))).toBe("backupDamaged");
  expect(await spoil("manifest.json", text('"v":1', '"v":2'))).toBe("newerBackup");

  const strange = settingsOf("strange");
  await (await serve(strange)).close();
  expect(await reasonOf(restore(strange, [kept], folder))).toBe("otherInstallation");
  expect((await rowsOf(here, statements)).length).toBe(1);
});

test("a restore that fails leaves what was there", async () => {
  const before = await rowsOf(here, entries);
  const short = path.join(folder, "short");
  cpSync(kept, short, { recursive: true });
  const manifest = await readBackup(short);
  const tables = manifest.tables.map((table) => ({ ...table, rows: table.rows + 1 }));
  writeFileSync(manifestIn(short), manifestText({ ...manifest, tables }));
  expect(await reasonOf(restore(here, [short], folder))).toBe("backupDamaged");
  expect(existsSync(restoreMark(here.dataFolder))).toBe(false);
  expect(await rowsOf(here, entries)).toEqual(before);
});

test("a restore that was cut off is told, keeps servers from starting, and is run again", async () => {
  const before = await rowsOf(here, entries);
  const opened = await openInstallation(here, unchecked);
  const client = new pg.Client({ connectionString: opened.database.adminUrl });
  await client.connect();
  // As a kill leaves it: the tables were moved aside, others have come in part.
  await client.query("alter schema lientuyen rename to lientuyen_before_1");
  await client.query("create schema lientuyen");
  await client.end();
  await opened.close();
  writeFileSync(restoreMark(here.dataFolder), JSON.stringify({ aside: "lientuyen_before_1" }));
  expect(await reasonOf(serve(here).then(() => 0))).toBe("restoreUnfinished");
  expect(await reasonOf(backup(here, [`${kept}.3`], folder))).toBe("restoreUnfinished");
  expect(await reasonOf(restore(here, [kept], folder))).toBe("0");
  expect(existsSync(restoreMark(here.dataFolder))).toBe(false);
  const after = await rowsOf(here, entries);
  expect(after.filter((line) => before.includes(line))).toEqual(before);
  expect((await rowsOf(here, statements)).length).toBe(2);
});
