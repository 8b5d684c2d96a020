import { routes } from "@lientuyen/api";
import {
  fromBase64url,
  isContinued,
  leafHash,
  parseCheckpoint,
  rootFromInclusion,
  toBase64url,
  verifyCheckpoint,
  type Checkpoint,
  type CheckpointFacts,
} from "@lientuyen/record";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as v from "valibot";
import {
  otherStation,
  sendCase,
  startNetwork,
  station,
  province,
  wholeFeed,
  type Client,
  type Network,
  type OpenedCase,
  type Pen,
} from "../test/network.ts";
import { noteGone } from "./checkpoints.ts";
import { takeInEarlier } from "./leaves.ts";

let network: Network;
let sua: Pen;
let suaClient: Client;
const clock = { ahead: 0 };
const lines: string[] = [];

beforeAll(async () => {
  network = await startNetwork({
    now: () => Date.now() + clock.ahead,
    log: { level: "error", stream: { write: (line) => lines.push(line) } },
  });
  sua = await network.person("sua", station, ["physicianAssistant"]);
  await network.person("thanh", province, ["physician"]);
  await network.person("phuc", otherStation, ["physician"]);
  suaClient = await network.signIn("sua");
});
afterAll(() => network.close());

const p = () => network.server.core.primitives;
/** Until a new checkpoint is due; sessions stay. */
const later = (): void => {
  clock.ahead += 6 * 60_000;
};
const factsOf = async (checkpoint: Checkpoint): Promise<CheckpointFacts> => {
  const { key, publicKey } = network.server.core.keys.checkpoint;
  expect(checkpoint.key).toBe(key);
  expect(await verifyCheckpoint(p(), checkpoint, publicKey)).toBe(true);
  const facts = parseCheckpoint(checkpoint.text);
  if (facts === undefined) throw new Error("not a checkpoint");
  return facts;
};
const ask = async (since = 0) => {
  const response = await suaClient.get(`/v1/checkpoint?since=${since}`);
  expect(response.status).toBe(200);
  const { checkpoint, path } = v.parse(routes.checkpoint.out, await response.json());
  return { facts: await factsOf(checkpoint), path };
};
const continues = async (older: CheckpointFacts): Promise<boolean> => {
  const { facts, path } = await ask(older.size);
  return path !== undefined && isContinued(p(), older, facts, path);
};

/** Entries of the case whose own receipt's chain value is where the server says it is. */
const proven = async (one: OpenedCase, client = suaClient) => {
  const response = await client.get(`/v1/cases/${one.id}/proofs`);
  expect(response.status).toBe(200);
  const { checkpoint, proofs } = v.parse(routes.caseProofs.out, await response.json());
  const { size, root } = await factsOf(checkpoint);
  const { items } = v.parse(
    routes.caseEntries.out,
    await (await client.get(`/v1/cases/${one.id}`)).json(),
  );
  const chains = new Map(items.map(({ receipt }) => [receipt.entry, receipt.chain]));
  const holding: string[] = [];
  for (const { entry, index, path } of proofs) {
    const leaf = await leafHash(p(), fromBase64url(chains.get(entry) ?? ""));
    const found = { leaf, index, size, path: path.map(fromBase64url) };
    const reached = await rootFromInclusion(p(), found);
    if (reached !== undefined && toBase64url(reached) === root) holding.push(entry);
  }
  return { entries: [...chains.keys()], holding };
};

/** As somebody with all rights over the database, past triggers and references. */
const meddle = (statement: string) =>
  network.query(
    `begin; set local session_replication_role = replica; ${statement}; set local session_replication_role = origin; commit`,
  );

test("every entry of every log is a leaf once, however many write and number at once", async () => {
  const cases = await Promise.all(Array.from({ length: 4 }, () => sendCase(sua, suaClient)));
  const first = await ask();
  await Promise.all(
    Array.from({ length: 12 }, async (_, writer) => {
      for (let round = 0; round < 4; round += 1) {
        const log = cases[(writer + round) % cases.length]?.log ?? "";
        const { signed } = await sua.fact(log, { kind: "note", body: { text: `${writer}` } });
        await suaClient.append(signed);
        await network.server.settleFeed();
      }
    }),
  );
  await network.server.settleFeed();
  const [counts] = await network.query(
    `select (select count(*)::int from entry) as entries, (select count(*)::int from tree_leaf) as leaves,
            (select max(index)::int + 1 from tree_leaf) as size,
            (select count(*)::int from tree_node where level = 0) as hashes`,
  );
  expect(counts).toEqual({
    entries: counts?.["entries"],
    leaves: counts?.["entries"],
    size: counts?.["entries"],
    hashes: counts?.["entries"],
  });
  for (const one of cases) {
    const { entries, holding } = await proven(one);
    expect([...holding].sort()).toEqual([...entries].sort());
    expect(entries.length).toBe(15);
  }
  expect(await continues(first.facts)).toBe(true);
});

test("a checkpoint is signed where something is new, and not again while it is fresh", async () => {
  later();
  const one = await ask();
  expect(one.path).toBeUndefined();
  later();
  expect((await ask()).facts).toEqual(one.facts);
  await sendCase(sua, suaClient);
  await network.server.settleFeed();
  const two = await ask(one.facts.size);
  expect(two.facts.size).toBe(one.facts.size + 3);
  expect(await isContinued(p(), one.facts, two.facts, two.path ?? [])).toBe(true);
  expect((await ask(two.facts.size + 1)).path).toBeUndefined();
});

test("what was received before there was a tree is taken in at the start, and only once", async () => {
  const size = "select count(*)::int as n from tree_leaf";
  const [before] = await network.query(size);
  await takeInEarlier(network.server.core.database);
  expect(await network.query(size)).toEqual([before]);
  const one = await sendCase(sua, suaClient);
  await network.server.settleFeed();
  await meddle("delete from tree_leaf; delete from tree_node; delete from checkpoint");
  await takeInEarlier(network.server.core.database);
  expect(await network.query(size)).toEqual([{ n: Number(before?.["n"]) + 3 }]);
  expect((await proven(one)).holding.length).toBe(3);
});

test("proofs are for who reads the case; tree and checkpoints are append-only, for the owner too", async () => {
  const one = await sendCase(sua, suaClient);
  await network.server.settleFeed();
  const stranger = await network.signIn("phuc");
  expect((await stranger.get(`/v1/cases/${one.id}/proofs`)).status).toBe(404);
  const { database } = network.server.core;
  const seen = await database.asFacility(otherStation, (tx) =>
    tx
      .selectFrom("tree_leaf")
      .select("index")
      .where("entry", "in", [one.opened, one.question, one.request])
      .execute(),
  );
  expect(seen).toEqual([]);
  for (const table of ["tree_leaf", "tree_node", "checkpoint"]) {
    await expect(network.query(`delete from ${table}`)).rejects.toThrow(/append-only/);
    await expect(network.query(`truncate ${table} cascade`)).rejects.toThrow(/append-only/);
  }
  const asApp = database.asFacility(station, (tx) =>
    tx.insertInto("tree_leaf").values({ index: 1_000_000, entry: one.opened }).execute(),
  );
  await expect(asApp).rejects.toThrow(/permission denied/);
});

test("an entry that is gone while its place in the tree is there is noted by the server itself", async () => {
  const one = await sendCase(sua, suaClient);
  await network.server.settleFeed();
  const noted = () => lines.filter((line) => line.includes("historyChanged"));
  await noteGone(network.server.core);
  expect(noted()).toEqual([]);
  await meddle(`delete from feed where entry = '${one.request}'; delete from body where entry = '${one.request}';
    delete from entry where hash = '${one.request}'`);
  await noteGone(network.server.core);
  expect(noted().map((line) => line.includes('"count":1'))).toEqual([true]);
});

test("a superuser who alters a leaf is found out: by the entry's proof, and by every kept checkpoint", async () => {
  const one = await sendCase(sua, suaClient);
  await network.server.settleFeed();
  later();
  const kept = (await ask()).facts;
  const all = await proven(one);
  expect(all.holding.length).toBe(3);
  const [leaf] = await network.query("select index from tree_leaf where entry = $1", [
    one.question,
  ]);
  const index = Number(leaf?.["index"]);
  const forged = toBase64url(await leafHash(p(), new Uint8Array(32)));
  await meddle(`update tree_node set hash = '${forged}' where level = 0 and index = ${index}`);
  // Its neighbour is the case's entry before or after it: that one's path now leads elsewhere.
  expect((await proven(one)).holding.length).toBeLessThan(3);
  // Who rebuilds the whole tree with another leaf leaves every path whole, and contradicts what was signed.
  await meddle(
    `update entry set chain = '${"A".repeat(43)}' where hash = '${one.opened}'; delete from tree_leaf; delete from tree_node`,
  );
  await takeInEarlier(network.server.core.database);
  later();
  expect(await continues(kept)).toBe(false);
  expect((await proven(one)).holding).not.toContain(one.opened);
});

test("a superuser who takes away the newest entry is found out by every kept checkpoint", async () => {
  const one = await sendCase(sua, suaClient);
  await network.server.settleFeed();
  later();
  const kept = (await ask()).facts;
  await meddle(`delete from feed where entry = '${one.request}'; delete from body where entry = '${one.request}';
    delete from entry where hash = '${one.request}'; delete from tree_leaf where entry = '${one.request}';
    delete from tree_node where (index + 1) * (2 ^ level)::bigint > ${kept.size - 1}`);
  later();
  const shrunk = await ask(kept.size);
  expect(shrunk.facts.size).toBe(kept.size - 1);
  expect(await isContinued(p(), kept, shrunk.facts, shrunk.path ?? [])).toBe(false);
  // And when others have taken its place.
  await sendCase(sua, suaClient);
  await network.server.settleFeed();
  later();
  expect(await continues(kept)).toBe(false);
});

test("a tree that somebody cut to pieces stops nobody's work", async () => {
  later();
  const kept = (await ask()).facts;
  await meddle("delete from tree_node where level < 3");
  const one = await sendCase(sua, suaClient);
  const feed = await wholeFeed(network, suaClient);
  expect(feed.filter(({ receipt }) => receipt.log === one.log).length).toBe(3);
  later();
  const { facts, path } = await ask(kept.size);
  expect(facts).toEqual(kept);
  expect((await proven(one)).holding).toEqual([]);
  expect(path).toEqual([]);
});
