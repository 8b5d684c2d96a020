import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { routes } from "@lientuyen/api";
import {
  depositText,
  isContinued,
  makeCheckpoint,
  parseCheckpoint,
  parseDeposit,
  verifyCheckpoint,
  type Checkpoint,
  type CheckpointFacts,
  type SignedEntry,
} from "@lientuyen/record";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  makeKey,
  random,
  sendCase,
  startNetwork,
  station,
  type Client,
  type Network,
} from "../test/network.ts";
import { signWhenDue, startCheckpoints } from "./checkpoints.ts";
import { openDeposits } from "./deposits.ts";
import type { DepositPlace } from "./places.ts";

let network: Network;
let client: Client;
let pen: Parameters<typeof sendCase>[0];
let folder: string;
let kept: DepositPlace;

beforeAll(async () => {
  network = await startNetwork();
  pen = await network.person("sua", station, ["physicianAssistant"]);
  client = await network.signIn("sua");
  folder = join(network.folder, "deposits");
  await mkdir(folder);
  kept = { kind: "folder", folder };
});
afterAll(() => network.close());

/** One case more, numbered, and the tree signed with it. */
const grow = async (): Promise<void> => {
  await sendCase(pen, client);
  await network.server.settleFeed();
  await signWhenDue(network.server.core, { olderThanMs: 0 });
};
const serverAt = (url: string): DepositPlace => ({ kind: "server", url });
const signed = async (): Promise<number> =>
  Number(
    (await network.query("select count(distinct size) as count from checkpoint"))[0]?.["count"],
  );

/** What lies there, each shown to continue the one before. */
const readAll = async (from = folder): Promise<readonly CheckpointFacts[]> => {
  const { primitives: p, keys } = network.server.core;
  const own = join(from, keys.root.key);
  const all: CheckpointFacts[] = [];
  for (const name of (await readdir(own)).sort()) {
    const deposit = parseDeposit(await readFile(join(own, name), "utf8"));
    const facts = parseCheckpoint(deposit?.checkpoint.text ?? "");
    if (deposit === undefined || facts === undefined) throw new Error(name);
    expect(await verifyCheckpoint(p, deposit.checkpoint, keys.checkpoint.publicKey)).toBe(true);
    const before = all.at(-1);
    expect(deposit.since).toBe(before?.size ?? 0);
    if (before !== undefined) expect(await isContinued(p, before, facts, deposit.path)).toBe(true);
    all.push(facts);
  }
  return all;
};

test("every checkpoint that was signed is laid down once, each tied to the one before, after a restart too", async () => {
  await grow();
  await grow();
  const deposits = openDeposits(network.server.core, kept);
  await deposits.catchUp();
  await deposits.catchUp();
  expect((await readAll()).length).toBe(await signed());
  await grow();
  await openDeposits(network.server.core, kept).catchUp();
  await grow();
  await deposits.catchUp();
  expect((await readAll()).length).toBe(await signed());
});

test("a folder that is away stops nothing, and gets everything once it is back", async () => {
  await rm(folder, { recursive: true });
  const deposits = openDeposits(network.server.core, kept);
  await grow();
  await expect(deposits.catchUp()).rejects.toMatchObject({ code: "ENOENT" });
  expect(await readdir(network.folder)).not.toContain("deposits");
  await mkdir(folder);
  await grow();
  await deposits.catchUp();
  expect((await readAll()).length).toBe(await signed());
});

test("where a place is away, readiness and the log say so; the others get theirs", async () => {
  const lines: string[] = [];
  const away = join(network.folder, "away");
  const here = join(network.folder, "here");
  await mkdir(here);
  const places = [away, here].map((each): DepositPlace => ({ kind: "folder", folder: each }));
  const other = await startNetwork({
    postgres: network.postgres,
    depositAt: places,
    log: { level: "error", stream: { write: (line) => lines.push(line) } },
  });
  const { core } = other.server;
  const round = () =>
    startCheckpoints(
      core,
      places.map((each) => openDeposits(core, each)),
    ).close();
  const state = async () =>
    v.parse(routes.readyz.out, await (await fetch(`${other.url}/readyz`)).json()).deposits;
  try {
    await other.server.settleFeed();
    await round();
    expect(await state()).toBe("failing");
    expect(lines.join("")).toMatch(/"event":"depositFailed".*"place":"folder"/);
    expect((await readdir(join(here, core.keys.root.key))).length).toBeGreaterThan(0);
    await mkdir(away);
    await round();
    expect(await state()).toBe("well");
    expect(await readdir(join(away, core.keys.root.key))).toEqual(
      await readdir(join(here, core.keys.root.key)),
    );
  } finally {
    await other.close();
  }
});

test("another installation's server keeps those that it was told to keep, and says where a history is not the one it has", async () => {
  const { core } = network.server;
  const lines: string[] = [];
  const dir = join(network.folder, "kept");
  const other = await startNetwork({
    postgres: network.postgres,
    witness: { roots: [core.keys.root.key], dir },
    log: { level: "error", stream: { write: (line) => lines.push(line) } },
  });
  try {
    const deposits = openDeposits(core, serverAt(other.url));
    await deposits.catchUp();
    await grow();
    await deposits.catchUp();
    const kept = await readAll(dir);
    expect(kept.length).toBe(await signed());
    expect(lines).toEqual([]);
    // Nobody asked it to keep its own, and the first one keeps nobody's.
    await expect(openDeposits(other.server.core, serverAt(other.url)).catchUp()).rejects.toThrow(
      "404",
    );
    await expect(openDeposits(core, serverAt(network.url)).catchUp()).rejects.toThrow("404");

    const last = there(kept.at(-1));
    const rewritten = { ...last, root: random(32) };
    const post = (checkpoint: Checkpoint, change = (certificate: SignedEntry) => certificate) =>
      lay(other.url, checkpoint, change);
    const checkpoint = await makeCheckpoint(core.primitives, core.keys.checkpoint, rewritten);
    const stranger = await makeCheckpoint(core.primitives, makeKey(), rewritten);
    expect((await post(stranger)).status).toBe(403);
    const unnamed = await post(checkpoint, ({ sig, ...rest }) => ({
      ...rest,
      sig: `${sig.slice(0, 20)}${sig[20] === "A" ? "B" : "A"}${sig.slice(21)}`,
    }));
    expect(unnamed.status).toBe(403);
    expect((await readdir(join(dir, core.keys.root.key))).length).toBe(kept.length);
    expect(await (await post(checkpoint)).json()).toEqual({ continued: false });
    expect((await readdir(join(dir, core.keys.root.key))).length).toBe(kept.length + 1);
    expect(lines.join("")).toContain("depositContradicts");
  } finally {
    await other.close();
  }
});

const there = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("the test misses what it works on");
  return value;
};

/** As the server itself would, with another checkpoint. */
const lay = async (
  url: string,
  checkpoint: Checkpoint,
  change: (certificate: SignedEntry) => SignedEntry,
): Promise<Response> => {
  const { keys } = network.server.core;
  const answer = await (await fetch(`${network.url}/v1/server-keys`)).json();
  const { entries } = v.parse(routes.serverKeys.out, answer);
  const naming = entries.find(({ entry }) => entry.body?.includes(keys.checkpoint.key));
  const text = depositText({ checkpoint, root: keys.root.key, since: 0, path: [] });
  return fetch(`${url}/v1/deposits`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      deposit: JSON.parse(text) as unknown,
      certificate: change(there(naming).entry),
      publicKey: keys.root.publicKey,
    }),
  });
};
