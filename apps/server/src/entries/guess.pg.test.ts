import type { EntryAnswer } from "@lientuyen/api";
import { Receipt, type SignedEntry } from "@lientuyen/record";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createServer, makeServerKeys, append, type Core, type LientuyenServer } from "../index.ts";
import {
  province,
  random,
  sendCase,
  startNetwork,
  station,
  type Client,
  type Network,
  type OpenedCase,
  type Pen,
} from "../test/network.ts";

const keys = makeServerKeys();
let network: Network;
let second: LientuyenServer;
let sua: Pen;
let thanh: Pen;
let client: Client;

beforeAll(async () => {
  network = await startNetwork({ keys });
  sua = await network.person("sua", station, ["physicianAssistant"]);
  thanh = await network.person("thanh", province, ["physician", "coordinator"]);
  client = await network.signIn("sua");
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

interface Appended {
  readonly answers: readonly EntryAnswer[];
  /** Names of the statements that it took. */
  readonly asked: readonly string[];
}

/** By the first server, which keeps the cases that it appended to. */
const appendHere = async (facility: string, ...entries: SignedEntry[]): Promise<Appended> => {
  const { core } = network.server;
  const asked: string[] = [];
  const watched: Core = {
    ...core,
    database: {
      ...core.database,
      ask: (role, statement) => {
        asked.push(statement.name);
        return core.database.ask(role, statement);
      },
    },
  };
  return { answers: await append(watched, { facility }, entries), asked };
};
const guessed = ["write-appended"];
const guessedWrongly = ["write-appended", "read-for-append", "write-appended"];

const note = async (pen: Pen, at: OpenedCase, more: { n?: number; after?: string[] } = {}) =>
  pen.fact(at.log, { kind: "note", body: { text: "ghi thêm" } }, { after: [at.opened], ...more });

const receiptOf = (answer: EntryAnswer | undefined): Receipt => {
  if (answer?.answer !== "received") throw new Error(JSON.stringify(answer));
  return answer.receipt;
};

test("a case that is kept, and one that begins, are written by one statement", async () => {
  const at = await sendCase(sua, client);
  const first = await appendHere(station, (await note(sua, at)).signed);
  // Sending the case changed who has part in it: this is read once more.
  expect(first.asked).toEqual(["read-for-append", "write-appended"]);
  const next = await appendHere(
    station,
    (await note(sua, at)).signed,
    (await note(sua, at)).signed,
  );
  expect(next.asked).toEqual(guessed);
  expect(next.answers.map((answer) => receiptOf(answer).seq)).toEqual([5, 6]);
  const log = `case/${crypto.randomUUID()}`;
  const body = { number: "T-moi", facility: station, mode: "support" } as const;
  const opened = await sua.fact(log, { kind: "opened", body });
  expect((await appendHere(station, opened.signed)).asked).toEqual(guessed);
  const other = await note(thanh, at);
  const theirs = await appendHere(province, other.signed);
  expect(theirs.asked).toEqual(["read-for-append", "write-appended"]);
  expect((await appendHere(province, (await note(thanh, at)).signed)).asked).toEqual(guessed);
});

/** A case that the first server keeps, with the station's part in it. */
const keptCase = async (): Promise<OpenedCase> => {
  const at = await sendCase(sua, client);
  await appendHere(station, (await note(sua, at)).signed);
  return at;
};

test("an entry that is there already has the receipt that it had", async () => {
  const at = await keptCase();
  const { signed } = await note(sua, at);
  const first = await appendHere(station, signed);
  const again = await appendHere(station, signed);
  expect(first.asked).toEqual(guessed);
  expect(again.asked).toEqual(["read-for-append"]);
  expect(again.answers).toEqual(first.answers);
});

test("what another server wrote meanwhile comes before it, and is seen by its judgement", async () => {
  const at = await keptCase();
  const there = await note(sua, at);
  await second.append(station, [there.signed]);
  const here = await appendHere(station, (await note(sua, at, { after: [there.hash] })).signed);
  expect(here.asked).toEqual(guessedWrongly);
  expect(receiptOf(here.answers[0])).toMatchObject({ seq: 6, marks: [] });
});

test("who lost the case at another server is told so", async () => {
  const at = await sendCase(sua, client);
  await appendHere(province, (await note(thanh, at)).signed);
  const declined = await thanh.fact(
    at.log,
    { kind: "declined", body: { request: at.request, expects: at.request, reason: "hết giường" } },
    { after: [at.request] },
  );
  expect((await second.append(province, [declined.signed]))[0]?.answer).toBe("received");
  const late = await appendHere(province, (await note(thanh, at)).signed);
  expect(late.asked).toEqual(guessedWrongly);
  expect(receiptOf(late.answers[0]).marks).toContain("accessEnded");
});

test("an id, a counter and a refusal that are somewhere else are found", async () => {
  const [at, other] = [await keptCase(), await keptCase()];
  const elsewhere = await note(sua, other);
  await appendHere(station, elsewhere.signed);
  const sameId = await sua.fact(
    at.log,
    { kind: "note", body: { text: "trùng" } },
    { id: elsewhere.id },
  );
  const twice = await appendHere(station, sameId.signed);
  expect(twice.asked).toEqual(guessedWrongly.slice(0, 2));
  expect(twice.answers).toMatchObject([{ answer: "refused", code: "id_conflict" }]);

  const counted = JSON.parse(elsewhere.signed.header) as { readonly n: number };
  const cloned = await appendHere(station, (await note(sua, at, { n: counted.n })).signed);
  expect(cloned.asked).toEqual(guessedWrongly);
  expect(receiptOf(cloned.answers[0]).marks).toContain("keyCloned");

  await appendHere(province, (await note(thanh, at)).signed);
  const expects = "x".repeat(43);
  const refused = await thanh.fact(at.log, {
    kind: "accepted",
    body: { request: at.request, expects },
  });
  const [answer] = await second.append(province, [refused.signed]);
  expect(answer?.answer).toBe("refused");
  const onIt = await appendHere(
    province,
    (
      await thanh.fact(
        at.log,
        { kind: "correction", body: { target: refused.hash, reason: "nhầm", body: { text: "x" } } },
        { after: [refused.hash] },
      )
    ).signed,
  );
  // Nothing is guessed of what would not be received.
  expect(onIt.asked).toEqual(["read-for-append", "write-appended"]);
  expect(onIt.answers).toMatchObject([{ answer: "refused", code: "target_refused" }]);
});
