import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EntryAnswer } from "@lientuyen/api";
import { nextChain, Receipt, verifyReceipt, zeroChain, type SignedEntry } from "@lientuyen/record";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../../../../tests/postgres.ts";
import { keepServerKeys, makePrimitives } from "../index.ts";
import {
  clientOf,
  password,
  province,
  sendCase,
  signIn,
  startNetwork,
  textsOf,
  station,
  type Network,
  type Pen,
} from "../test/network.ts";

let postgres: TestPostgres;
let network: Network;
let data: string;
let sua: Pen;
let child: { readonly process: ChildProcess; readonly url: string } | undefined;

beforeAll(async () => {
  postgres = await startPostgres();
  data = await mkdtemp(join(tmpdir(), "lientuyen-killed-"));
  network = await startNetwork({
    postgres,
    keys: await keepServerKeys(join(data, "secrets", "server-keys.json")),
  });
  sua = await network.person("sua", station, ["physicianAssistant"]);
  await network.person("thanh", province, ["physician"]);
});
afterAll(async () => {
  child?.process.kill("SIGKILL");
  await network.close();
  await postgres.close();
  await rm(data, { recursive: true, force: true });
});

const Started = v.object({ url: v.string() });

/** The shipped program as a process of its own. */
const startServer = async (): Promise<{ readonly process: ChildProcess; readonly url: string }> => {
  const started = spawn(process.execPath, [fileURLToPath(new URL("../main.ts", import.meta.url))], {
    env: {
      ...process.env,
      DATABASE_URL: network.databaseUrl,
      LIENTUYEN_DATA: data,
      LIENTUYEN_APP: data,
      PORT: "0",
      LOG_LEVEL: "silent",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    started.stdout.once("data", (bytes: Buffer) => resolve(bytes.toString()));
    started.once("exit", (code) => reject(new Error(`ended with ${code}`)));
  });
  return { process: started, url: v.parse(Started, JSON.parse(line)).url };
};

const ended = (process: ChildProcess): Promise<void> =>
  new Promise((resolve) =>
    process.exitCode === null && process.signalCode === null
      ? process.once("exit", () => resolve())
      : resolve(),
  );

test("SIGKILL in the middle of batches: nothing acknowledged is lost, nothing is doubled, the chain holds", async () => {
  const client = await network.signIn("sua");
  const cases = await Promise.all(Array.from({ length: 4 }, () => sendCase(sua, client)));
  const acknowledged = new Map<string, EntryAnswer>();
  const all: SignedEntry[] = [];
  let cutShort = 0;
  // Killed so long after the start of sending, or once so many batches were answered.
  const rounds = [
    { afterMs: 30 },
    { afterMs: 120 },
    { answered: 1 },
    { answered: 1 },
    { answered: 2 },
  ] as const;
  for (const round of rounds) {
    child = await startServer();
    const { process } = child;
    const batches = await Promise.all(
      cases.map(async ({ log }) =>
        Promise.all(
          Array.from(
            { length: 40 },
            async (_, at) =>
              (await sua.fact(log, { kind: "note", body: { text: `ghi ${at}` } })).signed,
          ),
        ),
      ),
    );
    all.push(...batches.flat());
    const session = await signIn(child.url, "sua");
    let answered = 0;
    const sending = batches.map((batch) =>
      session.append(...batch).then(
        (answers) => {
          for (const answer of answers) acknowledged.set(answer.id, answer);
          answered += 1;
          if ("answered" in round && answered === round.answered) process.kill("SIGKILL");
        },
        () => void (cutShort += 1),
      ),
    );
    if ("afterMs" in round) setTimeout(() => process.kill("SIGKILL"), round.afterMs);
    await Promise.all(sending);
    process.kill("SIGKILL");
    await ended(process);
  }
  expect(acknowledged.size).toBeGreaterThan(0);
  expect(cutShort).toBeGreaterThan(0);
  for (let at = 0; at < all.length; at += 200) {
    for (const answer of await client.append(...all.slice(at, at + 200))) {
      expect(answer.answer).toBe("received");
      const before = acknowledged.get(answer.id);
      expect(before ?? answer).toEqual(answer);
    }
  }
  for (const { log } of cases) await expectWhole(log, 3 + rounds.length * 40);
});

const Rows = v.array(
  v.object({ hash: v.string(), sig: v.string(), seq: v.number(), receipt: v.string() }),
);

const expectWhole = async (log: string, count: number): Promise<void> => {
  const rows = v.parse(
    Rows,
    await network.query(
      "select hash, sig, seq::int, receipt from entry where log = $1 order by seq",
      [log],
    ),
  );
  expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
  const primitives = makePrimitives();
  let chain = zeroChain;
  for (const row of rows) {
    const receipt = v.parse(Receipt, JSON.parse(row.receipt));
    chain = await nextChain(primitives, chain, {
      entry: row.hash,
      sig: row.sig,
      seq: row.seq,
      receivedAt: receipt.receivedAt,
      marks: receipt.marks,
    });
    expect(receipt.chain).toBe(chain);
    expect(
      await verifyReceipt(primitives, receipt, network.server.core.keys.receipt.publicKey),
    ).toBe(true);
  }
};

test("SIGTERM lets the request under way finish, ends streams and exits with 0", async () => {
  child = await startServer();
  const session = await signIn(child.url, "sua");
  const stream = await session.get("/v1/feed/wake");
  child.process.kill("SIGTERM");
  await ended(child.process);
  expect(child.process.exitCode).toBe(0);
  await stream.body?.cancel().catch(() => undefined);
});

test("PostgreSQL away: 503 and retry, the process lives; back: it recovers by itself and tells its readers", async () => {
  const client = await network.signIn("sua");
  const { log } = await sendCase(sua, client);
  const stream = await client.get("/v1/feed/wake");
  let told = "";
  const reading = (async () => {
    for await (const text of textsOf(stream)) told += text;
  })().catch(() => undefined);
  await postgres.stop();
  const note = await sua.fact(log, { kind: "note", body: { text: "lúc cơ sở dữ liệu vắng" } });
  for (let round = 0; round < 3; round += 1) {
    const response = await client.post("/v1/entries", { entries: [note.signed] });
    expect([response.status, await response.json(), response.headers.get("retry-after")]).toEqual([
      503,
      { error: "unavailable" },
      "2",
    ]);
  }
  expect((await client.get("/readyz")).status).toBe(503);
  expect((await client.get("/healthz")).status).toBe(200);
  expect(
    (await clientOf(network.url, {}).post("/v1/sign-in", { account: "sua", password })).status,
  ).toBe(503);
  await postgres.start();
  await expect
    .poll(async () => (await client.get("/readyz")).status, { timeout: 10_000 })
    .toBe(200);
  expect((await client.append(note.signed))[0]?.answer).toBe("received");
  await expect
    .poll(() => (told.match(/event: position/g) ?? []).length, { timeout: 10_000 })
    .toBeGreaterThan(1);
  await stream.body?.cancel().catch(() => undefined);
  await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, 100))]);
});
