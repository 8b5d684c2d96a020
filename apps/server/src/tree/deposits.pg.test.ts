import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  isContinued,
  parseCheckpoint,
  parseDeposit,
  verifyCheckpoint,
  type CheckpointFacts,
} from "@lientuyen/record";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendCase, startNetwork, station, type Client, type Network } from "../test/network.ts";
import { signWhenDue } from "./checkpoints.ts";
import { openDeposits } from "./deposits.ts";

let network: Network;
let client: Client;
let pen: Parameters<typeof sendCase>[0];
let folder: string;

beforeAll(async () => {
  network = await startNetwork();
  pen = await network.person("sua", station, ["physicianAssistant"]);
  client = await network.signIn("sua");
  folder = join(network.folder, "deposits");
  await mkdir(folder);
});
afterAll(() => network.close());

/** One case more, numbered, and the tree signed with it. */
const grow = async (): Promise<void> => {
  await sendCase(pen, client);
  await network.server.settleFeed();
  await signWhenDue(network.server.core, { olderThanMs: 0 });
};
const signed = async (): Promise<number> =>
  Number(
    (await network.query("select count(distinct size) as count from checkpoint"))[0]?.["count"],
  );

/** What lies there, each shown to continue the one before. */
const readAll = async (): Promise<readonly CheckpointFacts[]> => {
  const { primitives: p, keys } = network.server.core;
  const own = join(folder, keys.root.key);
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
  const deposits = openDeposits(network.server.core, folder);
  await deposits.catchUp();
  await deposits.catchUp();
  expect((await readAll()).length).toBe(await signed());
  await grow();
  await openDeposits(network.server.core, folder).catchUp();
  await grow();
  await deposits.catchUp();
  expect((await readAll()).length).toBe(await signed());
});

test("a folder that is away stops nothing, and gets everything once it is back", async () => {
  await rm(folder, { recursive: true });
  const deposits = openDeposits(network.server.core, folder);
  await grow();
  await expect(deposits.catchUp()).rejects.toMatchObject({ code: "ENOENT" });
  expect(await readdir(network.folder)).not.toContain("deposits");
  await mkdir(folder);
  await grow();
  await deposits.catchUp();
  expect((await readAll()).length).toBe(await signed());
});
