import { rm } from "node:fs/promises";
import { fill, press, type Pressed } from "../../apps/server/src/test/filling.ts";
import { openSmallDisk, type SmallDisk } from "../../apps/server/src/test/smallDisk.ts";
import { openLine } from "../e2e/harness/line.ts";
import { readBack, setQuota, writeUntilFull } from "../e2e/store/quota.ts";
import { openRig } from "../e2e/store/rig.ts";
import * as v from "../e2e/store/visitor.ts";
import type { Bench, Figure } from "./harness/figure.ts";

const megabytes = 200;
const none = { atMost: 0 };

/** A disk without a byte left under server and database, a database that only reads, a browser without room. */
export const bench: Bench = {
  name: "disk-full",
  run: async ({ say }) => {
    const small = await openSmallDisk(megabytes);
    const figures: Figure[] = [];
    try {
      for (const [name, how] of Object.entries(serverFaults(small))) {
        const pressed = await press({ ...small, ...how });
        say(`${name} ${JSON.stringify(pressed)}`);
        figures.push(...figuresOf(name, pressed));
      }
    } finally {
      await small.close();
    }
    return [...figures, ...(await browserFigures(say))];
  },
};

type Fault = Pick<Parameters<typeof press>[0], "begin" | "enough" | "end">;

const serverFaults = (small: SmallDisk): Readonly<Record<string, Fault>> => {
  const readOnly: Fault = {
    begin: () => small.setReadOnly(true),
    enough: async (rounds) => rounds >= 20,
    end: () => small.setReadOnly(false),
  };
  const { folder } = small;
  if (folder === undefined) return { "read-only": readOnly };
  let room: Awaited<ReturnType<typeof fill>> | undefined;
  const end = async (): Promise<void> => room?.empty();
  return {
    "read-only": readOnly,
    "full-data": {
      begin: async () => {
        await small.beginSegment();
        room = await fill(folder);
      },
      enough: async (rounds) => rounds >= 40,
      end,
    },
    // The log written ahead has no room either, and PostgreSQL dies of something else in the middle of it.
    "full-and-killed": {
      begin: async () => {
        room = await fill(folder);
        await small.network.query("select pg_switch_wal()").catch(() => undefined);
      },
      enough: async (rounds) => {
        if (rounds === 10) await small.postgres.kill();
        return rounds >= 40;
      },
      end,
    },
  };
};

/** What arrived, and the two sentences that the error catalogue has for a lack of room. */
const ours = new Set(["200", "204", "503 unavailable", "507 storage_full"]);

const figuresOf = (name: string, pressed: Pressed): readonly Figure[] => {
  const { answers, reads, uploads } = pressed;
  const all = [answers, reads, uploads].flatMap((of) => Object.entries(of));
  const strange = all.filter(([code]) => !ours.has(code));
  const total = Object.values(reads).reduce((sum, count) => sum + count, 0);
  return [
    { id: `${name}-lost`, value: pressed.lost.length, unit: "entries", goal: none },
    {
      id: `${name}-doubled`,
      value: pressed.doubled.length + pressed.broken.length,
      unit: "faults",
      goal: none,
      note: "doubled entries and broken chains",
    },
    {
      id: `${name}-strange-answers`,
      value: strange.reduce((sum, [, count]) => sum + count, 0),
      unit: "answers",
      goal: none,
      note: `entries ${JSON.stringify(answers)}, uploads ${JSON.stringify(uploads)}`,
    },
    {
      id: `${name}-reads`,
      value: Math.round((100 * (reads["200"] ?? 0)) / Math.max(1, total)),
      unit: "%",
      ...(name === "full-and-killed" ? {} : { goal: { atLeast: 100 } }),
      note: `of the feed, while nothing could be written${name === "full-and-killed" ? "; the rest while PostgreSQL was being started again" : ""}`,
    },
    {
      id: `${name}-back`,
      value: pressed.backMs / 1_000,
      unit: "s",
      goal: { atMost: 10 },
      note: "from the moment there is room until entries are received, without anybody's doing",
    },
  ];
};

/** Entries, drafts and files into a browser whose quota is used up. */
const browserFigures = async (say: (line: string) => void): Promise<readonly Figure[]> => {
  const rig = await openRig();
  const line = await openLine(rig.port);
  const visitor = await v.visit(line.url, {}, (cdp) => setQuota(cdp, line.url, 8_000_000));
  const { page, context } = visitor;
  try {
    await v.enrol(page, rig.people.doctor);
    await line.cut();
    const log = await v.writeCase(page, "trước khi đầy");
    const full = await writeUntilFull(page, log);
    await v.lock(page);
    const opened = await v.unlock(page, rig.people.doctor);
    if (!opened.ok) {
      await setQuota(await context.newCDPSession(page), line.url, undefined);
      await v.unlock(page, rig.people.doctor);
    }
    const back = await readBack(page, log);
    const lost = full.keptEntries.filter((text) => !back.notes.includes(text)).length;
    say(
      `${full.files.length} files, ${full.entries.length} entries, ${full.drafts.length} drafts until full`,
    );
    await setQuota(await context.newCDPSession(page), line.url, undefined);
    const after = await v.writeCase(page, "có chỗ lại");
    await line.mend();
    await v.waitSent(page);
    const arrived = await rig.server.core.database.asSystem((tx) =>
      tx.selectFrom("entry").select("log").where("log", "in", [log, after]).execute(),
    );
    const told = [full.files, full.entries, full.drafts].filter(
      (said) => said.at(-1) === "DeviceError: storageFull",
    );
    return [
      {
        id: "browser-told",
        value: told.length + (full.storage === "full" ? 1 : 0),
        unit: "of 4",
        goal: { atLeast: 4 },
        note: `file ${full.files.at(-1)}, entry ${full.entries.at(-1)}, draft ${full.drafts.at(-1)}, status ${full.storage}`,
      },
      {
        id: "browser-opened-while-full",
        value: opened.ok ? 1 : 0,
        unit: "of 1",
        goal: { atLeast: 1 },
        note: opened.ok
          ? "by the PIN, without a byte left"
          : `answered ${opened.why}: the count of attempts is written before the PIN is tried, and has no room`,
      },
      {
        id: "browser-lost",
        value: lost + (back.draft === full.keptDraft ? 0 : 1),
        unit: "entries",
        goal: none,
        note: `of ${full.keptEntries.length} entries and a draft that were said to be kept, read after a lock and an unlock`,
      },
      {
        id: "browser-arrived",
        value: full.keptEntries.length + 4 - arrived.length,
        unit: "entries missing",
        goal: none,
        note: "at the server, once there is room and a line again",
      },
    ];
  } finally {
    await visitor.close();
    await rm(visitor.profile, { recursive: true, force: true });
    await line.close();
    await rig.close();
  }
};
