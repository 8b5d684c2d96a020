import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seeded } from "@lientuyen/sync/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../../../../tests/postgres.ts";
import { keepServerKeys } from "../index.ts";
import { ended, killAtRandom, startProgram, type Running } from "../test/killing.ts";
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
let child: Running | undefined;
/** Repeats when who is killed, the machine's own timing apart. */
const seed = Number(process.env["KILL_SEED"] ?? Date.now() % 1_000_000);

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

test(`SIGKILL of the server and of PostgreSQL in the middle of batches: nothing acknowledged is lost, nothing is doubled, the chains hold (KILL_SEED=${seed})`, async () => {
  const killed = await killAtRandom({
    network,
    data,
    pen: sua,
    client: await network.signIn("sua"),
    next: seeded(seed),
    kills: 5,
    mostMs: 40_000,
  });
  process.stdout.write(`KILL_SEED=${seed} ${JSON.stringify(killed)}\n`);
  expect(killed).toMatchObject({ lost: [], doubled: [], broken: [] });
  expect(killed.acknowledged).toBeGreaterThan(0);
}, 120_000);

test("SIGTERM lets the request under way finish, ends streams and exits with 0", async () => {
  child = await startProgram(network, data);
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
  await expect.poll(async () => (await client.get("/readyz")).status).toBe(200);
  expect((await client.append(note.signed))[0]?.answer).toBe("received");
  await expect.poll(() => (told.match(/event: position/g) ?? []).length).toBeGreaterThan(1);
  await stream.body?.cancel().catch(() => undefined);
  await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, 100))]);
});
