import { foldCase, type CaseFact, type FoldInput } from "@lientuyen/record";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createServer, makeServerKeys, type LientuyenServer } from "../index.ts";
import {
  province,
  random,
  sendCase,
  startNetwork,
  station,
  type Network,
  type OpenedCase,
  type Pen,
} from "../test/network.ts";
import { foldInputsOf, type StoredRow } from "./stored.ts";

const keys = makeServerKeys();
let network: Network;
let second: LientuyenServer;
let sua: Pen;
let thanh: Pen;

beforeAll(async () => {
  network = await startNetwork({ keys });
  sua = await network.person("sua", station, ["physicianAssistant", "facilityHead"]);
  thanh = await network.person("thanh", province, ["physician", "coordinator"]);
  second = await createServer({
    databaseUrl: network.databaseUrl,
    filesDir: `${network.folder}/files`,
    staticDir: network.folder,
    host: "127.0.0.1",
    port: 0,
    keys,
    now: Date.now,
    random,
  });
});
afterAll(async () => {
  await second.close();
  await network.close();
});

/** Everything that is stored of a case now. */
const storedInputs = async (log: string): Promise<readonly FoldInput[]> => {
  const { core } = network.server;
  const rows = await core.database.asFacility(station, async (tx) => {
    const found = await sql<StoredRow>`select * from case_since(${log}, 0)`.execute(tx);
    return found.rows;
  });
  return foldInputsOf(rows, core.logbook).map(({ input }) => input);
};

/** What a server has kept of a case that it has just appended to, if anything, is what a fresh reading gives. */
const expectFresh = async (server: LientuyenServer, log: string): Promise<void> => {
  const inputs = await storedInputs(log);
  const kept = server.core.cases.find(log);
  const holdsWithheld = inputs.some(({ entry }) => entry.header.kind === "withheld");
  expect(kept === undefined).toBe(holdsWithheld);
  if (kept === undefined) return;
  expect(kept.inputs).toEqual(inputs);
  expect(kept.view).toEqual(foldCase(log, inputs));
};

/** Small, seeded and good enough to choose by. */
const choices = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
};

const seed = Number(process.env["CACHE_SEED"] ?? Date.now() % 1_000_000);

test(`whichever of two servers takes the next entry, what it keeps is what is stored (CACHE_SEED=${seed})`, async () => {
  const choose = choices(seed);
  const client = await network.signIn("sua");
  const cases = [await sendCase(sua, client), await sendCase(sua, client)];
  const written = new Map(cases.map(({ log, opened }) => [log, [opened]]));
  let received = 0;
  for (let turn = 0; turn < 120; turn += 1) {
    const at = cases[choose(cases.length)];
    if (at === undefined) throw new Error("no case");
    const made = written.get(at.log) ?? [];
    const target = made[choose(made.length)] ?? at.opened;
    const server = choose(2) === 0 ? network.server : second;
    const [pen, fact] = nextFact(choose, at, target);
    const { signed, hash } = await pen.fact(at.log, fact, { after: [target] });
    const [answer] = await server.append(pen.facility, [signed]);
    if (answer?.answer !== "received") continue;
    made.push(hash);
    received += 1;
    await expectFresh(server, at.log);
    // Once words were withheld the case is no longer kept: go on with a new one.
    if (fact.kind === "withheld" && choose(3) === 0) {
      const fresh = await sendCase(sua, client);
      cases[cases.indexOf(at)] = fresh;
      written.set(fresh.log, [fresh.opened]);
    }
  }
  expect(received).toBeGreaterThan(40);
});

const nextFact = (
  choose: (below: number) => number,
  at: OpenedCase,
  target: string,
): readonly [Pen, CaseFact] => {
  const pen = choose(3) === 0 ? thanh : sua;
  const facts: readonly CaseFact[] = [
    { kind: "note", body: { text: `ghi ${choose(1_000)}` } },
    { kind: "summary", body: { text: "tóm tắt", replaces: [] } },
    { kind: "seen", body: {} },
    { kind: "accepted", body: { request: at.request, expects: at.request } },
    {
      kind: "opinionGiven",
      body: {
        request: at.request,
        question: at.question,
        text: "giữ lại",
        confidence: "high",
        replaces: [],
      },
    },
    { kind: "correction", body: { target, reason: "nhầm", body: { text: "đã sửa" } } },
    { kind: "messageSent", body: { text: "chào" } },
  ];
  if (choose(25) === 0)
    return [pen, { kind: "withheld", body: { target, ground: "wrongPicture", effect: "hide" } }];
  return [pen, facts[choose(facts.length)] ?? { kind: "seen", body: {} }];
};

test("a log that was set back and went another way is read anew", async () => {
  const client = await network.signIn("sua");
  const { log } = await sendCase(sua, client);
  const write = async (server: LientuyenServer, text: string): Promise<void> => {
    const { signed } = await sua.fact(log, { kind: "note", body: { text } });
    expect((await server.append(station, [signed]))[0]?.answer).toBe("received");
  };
  await write(network.server, "sẽ mất");
  await network.server.settleFeed();
  for (const table of ["feed", "body", "tree_leaf"]) {
    await network.query(`alter table ${table} disable trigger user`);
    await network.query(
      `delete from ${table} t using entry e where e.hash = t.entry and e.log = $1 and e.seq = 4`,
      [log],
    );
    await network.query(`alter table ${table} enable trigger user`);
  }
  await network.query("alter table entry disable trigger user");
  await network.query("delete from entry where log = $1 and seq = 4", [log]);
  await network.query("alter table entry enable trigger user");
  await network.query(
    "update log set seq = 3, chain = (select chain from entry where log = $1 and seq = 3) where name = $1",
    [log],
  );
  await write(second, "khác");
  await write(network.server, "tiếp");
  await expectFresh(network.server, log);
});
