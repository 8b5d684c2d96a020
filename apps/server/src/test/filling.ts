import { createHash } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { filesPath, type EntryAnswer } from "@lientuyen/api";
import type { SignedEntry } from "@lientuyen/record";
import { doubles, brokenLogs, missing } from "./killing.ts";
import { sendCase, type Client, type Network, type OpenedCase, type Pen } from "./network.ts";

/** What a server without room, or on a database that takes nothing, answered and kept. */
export interface Pressed {
  /** Answers to batches of entries, by status and code. */
  readonly answers: Readonly<Record<string, number>>;
  /** To reading the feed meanwhile. */
  readonly reads: Readonly<Record<string, number>>;
  /** To uploads meanwhile. */
  readonly uploads: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly broken: readonly string[];
  /** From the moment at which there is room again until entries are received. */
  readonly backMs: number;
}

interface Pressing {
  readonly network: Network;
  readonly pen: Pen;
  readonly client: Client;
  /** Takes the room away. */
  readonly begin: () => Promise<void>;
  /** Pressed on until this is so, for some rounds at least. */
  readonly enough: (rounds: number) => Promise<boolean>;
  /** Gives the room back. Nobody does anything else. */
  readonly end: () => Promise<void>;
  /** Starts PostgreSQL where it has gone, as whoever runs it does: again and again. */
  readonly keepUp: () => Promise<unknown>;
}

/** Entries, uploads and readers against a server whose database or disk takes nothing more; then there is room again. */
export const press = async (pressing: Pressing): Promise<Pressed> => {
  const { network, pen, client } = pressing;
  const opened = await sendCase(pen, client);
  const all: SignedEntry[] = [];
  const acknowledged = new Map<string, EntryAnswer>();
  const answers: Record<string, number> = {};
  const reads: Record<string, number> = {};
  const uploads: Record<string, number> = {};
  const count = (of: Record<string, number>, what: string): void => {
    of[what] = (of[what] ?? 0) + 1;
  };
  const send = async (): Promise<boolean> => {
    const batch = await batchOf(pen, opened.log);
    all.push(...batch);
    const response = await client.post("/v1/entries", { entries: batch });
    count(answers, await saying(response.clone()));
    if (response.status !== 200) return false;
    for (const answer of await answersIn(response)) acknowledged.set(answer.id, answer);
    return true;
  };
  await send();
  await pressing.begin();
  // What is there already may still take some, and PostgreSQL hears of a new setting a moment later.
  while (await send());
  let stopped = false;
  const keeping = keepUp(pressing.keepUp, () => stopped);
  for (let round = 0; !(await pressing.enough(round)); round++) {
    await send();
    count(reads, await saying(await client.get("/v1/feed")));
    count(uploads, await saying(await upload(client, opened)));
  }
  await pressing.end();
  const freeMs = performance.now();
  while (!(await isTaken(client, pen, opened.log, all, acknowledged))) await wait(20);
  const backMs = performance.now() - freeMs;
  const lost = await missing(client, all, acknowledged);
  stopped = true;
  await keeping;
  return {
    answers,
    reads,
    uploads,
    acknowledged: acknowledged.size,
    backMs,
    lost,
    doubled: await doubles(network, [opened.log], 3 + all.length),
    broken: await brokenLogs(network, [opened.log]),
  };
};

const keepUp = async (start: () => Promise<unknown>, isOver: () => boolean): Promise<void> => {
  while (!isOver()) {
    await start().catch(() => undefined);
    await wait(200);
  }
};

const batchOf = (pen: Pen, log: string): Promise<readonly SignedEntry[]> =>
  Promise.all(
    Array.from(
      { length: 20 },
      async (_, at) =>
        (await pen.fact(log, { kind: "note", body: { text: `${at} ${"chữ ".repeat(400)}` } }))
          .signed,
    ),
  );

/** `503 unavailable`; a status alone where there is no code. */
const saying = async (response: Response): Promise<string> => {
  const code = /^\{"error":"(\w+)"/.exec(await response.text())?.[1];
  return code === undefined ? String(response.status) : `${response.status} ${code}`;
};

const answersIn = async (response: Response): Promise<readonly EntryAnswer[]> => {
  const { answers } = (await response.json()) as { answers: readonly EntryAnswer[] };
  return answers;
};

const isTaken = async (
  client: Client,
  pen: Pen,
  log: string,
  all: SignedEntry[],
  acknowledged: Map<string, EntryAnswer>,
): Promise<boolean> => {
  const { signed } = await pen.fact(log, { kind: "note", body: { text: "có chỗ lại" } });
  all.push(signed);
  const response = await client.post("/v1/entries", { entries: [signed] });
  if (response.status !== 200) return false;
  for (const answer of await answersIn(response)) acknowledged.set(answer.id, answer);
  return acknowledged.has((await idOf(signed)) ?? "");
};

const idOf = async ({ header }: SignedEntry): Promise<string | undefined> =>
  /"id":"([^"]+)"/.exec(header)?.[1];

/** A new picture each time, whole: created and sent. */
const upload = async (client: Client, { log }: OpenedCase): Promise<Response> => {
  const content = Buffer.concat([
    Buffer.from("ffd8ffe000104a46494600010100000100010000", "hex"),
    crypto.getRandomValues(new Uint8Array(60_000)),
  ]);
  const hash = createHash("sha256").update(content).digest("base64url");
  const b64 = (text: string): string => Buffer.from(text).toString("base64");
  const created = await client.send(filesPath, {
    method: "POST",
    headers: {
      "tus-resumable": "1.0.0",
      "upload-length": String(content.length),
      "upload-metadata": `log ${b64(log)},hash ${b64(hash)},type ${b64("image/jpeg")}`,
    },
  });
  if (created.status !== 201) return created;
  return client.send(created.headers.get("location") ?? "", {
    method: "PATCH",
    headers: {
      "tus-resumable": "1.0.0",
      "upload-offset": "0",
      "content-type": "application/offset+octet-stream",
    },
    body: new Uint8Array(content),
  });
};

/** Fills what is left of a disk, to the last byte; `empty` makes room again. */
export const fill = async (disk: string): Promise<{ readonly empty: () => Promise<void> }> => {
  const path = join(disk, "ballast");
  const file = await open(path, "w");
  for (const size of [1_000_000, 4_096, 512]) {
    const piece = Buffer.alloc(size, 7);
    try {
      for (;;) {
        const { bytesWritten } = await file.write(piece);
        if (bytesWritten < size) break;
      }
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
    }
  }
  await file.close();
  return { empty: () => rm(path) };
};
