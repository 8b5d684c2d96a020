import { globSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { seeded } from "@lientuyen/sync/testing";
import { openLine, type Line } from "../e2e/harness/line.ts";
import { harm, keysOf, told, type Where } from "../e2e/store/harm.ts";
import { openRig, type Rig } from "../e2e/store/rig.ts";
import * as v from "../e2e/store/visitor.ts";
import type { Bench } from "./harness/figure.ts";

const rounds = 40;
const brokenProfiles = 5;
const mostHarmed = 4;
const tables: readonly Where["table"][] = ["items", "rows", "rows", "logs", "blobs", "pieces"];
const seed = Number(process.env["HARM_SEED"] ?? Date.now() % 1_000_000);

/** Stored values damaged at random under a locked device, which is then opened again; now and then without a line. */
export const bench: Bench = {
  name: "corrupted-block",
  run: async ({ say }) => {
    say(`HARM_SEED=${seed}`);
    const next = seeded(seed);
    const rig = await openRig();
    const line = await openLine(rig.port);
    const visitor = await v.visit(line.url);
    const { page } = visitor;
    const all = { harmed: 0, unopened: 0, untold: 0, missing: 0, silent: 0, lost: 0, slowestMs: 0 };
    const sent: string[] = [];
    const broken: Record<string, number> = {};
    try {
      await v.enrol(page, rig.people.doctor);
      for (let round = 0; round < rounds; round++) {
        sent.push(await v.writeCase(page, `ca ${round}`));
        // A log of many entries lies in one blob.
        if (round % 8 === 0) await v.writeNotes(page, sent.at(-1) ?? "", 70);
        await v.waitSent(page);
        const isOffline = next() < 0.4;
        if (isOffline) await line.cut();
        const unsent = isOffline ? await v.writeCase(page, `chưa gửi ${round}`) : undefined;
        await v.lock(page);
        const harmed = await harmSome(page, next);
        all.harmed += harmed.length;
        const startedMs = performance.now();
        const opened = await v.unlock(page, rig.people.doctor);
        all.slowestMs = Math.max(all.slowestMs, performance.now() - startedMs);
        if (!opened.ok) {
          all.unopened += 1;
          say(`round ${round}: not opened after ${harmed.join(", ")}`);
          break;
        }
        await readAll(page);
        // Names of logs are read when all of them are asked for, which is seldom.
        const isRead = harmed.some((key) => !key.startsWith("logs "));
        if (isRead && !(await isTold(page))) {
          all.untold += 1;
          say(`round ${round}: nothing told of ${harmed.join(", ")}`);
        }
        await line.mend();
        await nothingWaits(page);
        const lostHere = (await told(page)).filter(
          ({ what, state }) => what === "unsent" && state === "lost",
        );
        all.lost += lostHere.length;
        await v.waitSent(page);
        if (unsent !== undefined) {
          const there = await countOf(rig, unsent);
          const said = lostHere.filter(({ log }) => log === unsent).length;
          all.silent += Math.max(0, 2 - there - said);
          if (there === 2) sent.push(unsent);
        }
        const missing = await unreadable(page, rig, sent);
        all.missing += missing.length;
        if (missing.length > 0)
          say(`round ${round}: ${missing.join(", ")} after ${harmed.join(", ")}`);
        await v.dismissDamage(page);
      }
      for (let at = 0; at < brokenProfiles; at++) {
        const outcome = await breakFiles(rig, line, next);
        say(`database files broken: ${outcome}`);
        broken[outcome] = (broken[outcome] ?? 0) + 1;
      }
    } finally {
      await visitor.close();
      await rm(visitor.profile, { recursive: true, force: true });
      await line.close();
      await rig.close();
    }
    for (const fault of visitor.faults) say(fault);
    const none = { atMost: 0 };
    return [
      {
        id: "harmed",
        value: all.harmed,
        unit: "values",
        goal: { atLeast: rounds },
        note: `seed ${seed}; one byte of each, under a locked device, in ${rounds} rounds`,
      },
      { id: "not-opened", value: all.unopened, unit: "rounds", goal: none },
      {
        id: "not-told",
        value: all.untold,
        unit: "rounds",
        goal: none,
        note: "harmed, and nothing said of it after everything had been read; whether anything was lost by it, the next lines say",
      },
      {
        id: "unreadable",
        value: all.missing,
        unit: "cases",
        goal: none,
        note: "that the server has, and that the device could not show whole once it had a line",
      },
      {
        id: "lost-silently",
        value: all.silent,
        unit: "entries",
        goal: none,
        note: `not sent yet, damaged, and neither at the server afterwards nor told as lost; ${all.lost} were told as lost`,
      },
      {
        id: "page-faults",
        value: visitor.faults.length,
        unit: "faults",
        goal: none,
        note: "uncaught errors in the page",
      },
      {
        id: "files-broken-untold",
        value: brokenProfiles - (broken["told"] ?? 0) - (broken["read on"] ?? 0),
        unit: "profiles",
        goal: none,
        note: `of ${brokenProfiles} whose database files had bytes overwritten under a killed browser: ${JSON.stringify(broken)}; impossible: the browser opens no database there any more, and the screen says only that`,
      },
      { id: "slowest-unlock", value: all.slowestMs / 1_000, unit: "s" },
    ];
  },
};

/** Any values but those that say whose device this is. */
const harmSome = async (
  page: v.Visitor["page"],
  next: () => number,
): Promise<readonly string[]> => {
  const harmed: string[] = [];
  const count = 1 + Math.floor(next() * mostHarmed);
  for (let at = 0; at < count; at++) {
    const table = tables[Math.floor(next() * tables.length)] ?? "items";
    const keys = await keysOf(page, { table });
    const key = keys[Math.floor(next() * keys.length)];
    if (key === undefined || harmed.includes(`${table} ${key}`)) continue;
    for (const each of await harm(page, table, [key])) harmed.push(`${table} ${each}`);
  }
  return harmed;
};

/** As somebody does who looks at every case: what is damaged is found where it is read. */
const readAll = (page: v.Visitor["page"]): Promise<void> =>
  page.evaluate(async () => {
    const state = window.gate.state();
    if (state.at !== "unlocked") throw new Error(state.at);
    for (const { log } of state.device.cases.list()) await state.device.cases.entries(log);
  });

const isTold = (page: v.Visitor["page"]): Promise<boolean> =>
  page
    .waitForFunction(
      () => {
        const state = window.gate.state();
        return state.at === "unlocked" && state.device.damage.list().length > 0;
      },
      undefined,
      { timeout: 10_000 },
    )
    .then(
      () => true,
      () => false,
    );

const nothingWaits = async (page: v.Visitor["page"]): Promise<void> => {
  await page.waitForFunction(
    () => {
      const state = window.gate.state();
      return (
        state.at === "unlocked" &&
        state.device.damage.list().every(({ state: now }) => now !== "waiting")
      );
    },
    undefined,
    { timeout: 60_000 },
  );
};

const countOf = async (rig: Rig, log: string): Promise<number> => {
  const rows = await rig.server.core.database.asSystem((tx) =>
    tx.selectFrom("entry").select("id").where("log", "=", log).execute(),
  );
  return rows.length;
};

/** Cases of which the device shows less than the server has. */
const unreadable = async (
  page: v.Visitor["page"],
  rig: Rig,
  logs: readonly string[],
): Promise<readonly string[]> => {
  const out: string[] = [];
  for (const log of logs) {
    const wanted = await countOf(rig, log);
    // What is read again comes in a moment later.
    const isWhole = await page
      .waitForFunction(
        async ([name, count]) => {
          const state = window.gate.state();
          if (state.at !== "unlocked") return false;
          const { device } = state;
          const listed = device.cases.list().some((row) => row.log === name);
          return listed && (await device.cases.entries(name)).length === count;
        },
        [log, wanted] as const,
        { timeout: 20_000 },
      )
      .then(
        () => true,
        () => false,
      );
    if (!isWhole) out.push(log);
  }
  return out;
};

/** Bytes of the browser's own database files are overwritten; then the browser is opened again. */
const breakFiles = async (rig: Rig, line: Line, next: () => number): Promise<string> => {
  const first = await v.visit(line.url);
  await v.enrol(first.page, rig.people.doctor);
  await v.writeCase(first.page, "đã gửi trước khi hỏng");
  await v.waitSent(first.page);
  await line.cut();
  await v.writeCase(first.page, "chưa gửi khi hỏng");
  await v.waitNoted(first.page, 2);
  first.kill();
  await first.context.close().catch(() => undefined);
  for (const name of globSync("Default/IndexedDB/*/*", { cwd: first.profile }))
    await overwrite(join(first.profile, name), next);
  await line.mend();
  const second = await v.visit(line.url, { profile: first.profile });
  try {
    const { page } = second;
    await page.waitForFunction(() => window.gate.state().at !== "starting");
    const at = await v.place(page);
    if (at === "locked") {
      if (!(await v.unlock(page, rig.people.doctor)).ok) return "not opened";
      await nothingWaits(page);
      return "read on";
    }
    const lost = await page.evaluate(() => {
      const state = window.gate.state();
      return state.at === "signIn" ? state.lostUnsent : undefined;
    });
    if (lost === undefined) return at;
    await v.enrol(page, rig.people.doctor);
    await page.waitForFunction(() => {
      const state = window.gate.state();
      return state.at === "unlocked" && state.device.cases.list().length > 0;
    });
    return "told";
  } finally {
    await second.close();
    await rm(first.profile, { recursive: true, force: true });
  }
};

/** Every thousandth byte or so. */
const overwrite = async (path: string, next: () => number): Promise<void> => {
  const file = await open(path, "r+");
  const { size } = await file.stat();
  for (let at = Math.floor(next() * 500); at < size; at += 500 + Math.floor(next() * 1_000))
    await file.write(Buffer.from([Math.floor(next() * 256)]), 0, 1, at);
  await file.close();
};
