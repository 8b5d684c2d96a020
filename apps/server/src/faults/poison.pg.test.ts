import { routes } from "@lientuyen/api";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendAsServer, createServer, makeServerKeys, type LientuyenServer } from "../index.ts";
import {
  central,
  clientOf,
  otherStation,
  province,
  random,
  sendCase,
  startNetwork,
  station,
  uuid,
  wholeFeed,
  type Client,
  type Network,
  type OpenedCase,
  type Pen,
} from "../test/network.ts";

const keys = makeServerKeys();
let network: Network;
/** A server that has read none of the cases yet. */
let second: LientuyenServer;
let sua: Pen;
let suaClient: Client;
let thanhClient: Client;
let spoilt: OpenedCase;
let sound: OpenedCase;
const lines: string[] = [];

beforeAll(async () => {
  network = await startNetwork({
    keys,
    log: { level: "info", stream: { write: (line) => void lines.push(line) } },
  });
  sua = await network.person("sua", station, ["physicianAssistant"]);
  await network.person("thanh", province, ["physician"]);
  await network.person("lan", province, ["itAdministrator"]);
  [suaClient, thanhClient] = await Promise.all([network.signIn("sua"), network.signIn("thanh")]);
  spoilt = await sendCase(sua, suaClient);
  sound = await sendCase(sua, suaClient);
  second = await createServer({
    databaseUrl: network.databaseUrl,
    filesDir: `${network.folder}/files`,
    staticDir: network.folder,
    host: "127.0.0.1",
    port: 0,
    keys,
    now: Date.now,
    random,
    log: { level: "info", stream: { write: (line) => void lines.push(line) } },
  });
});
afterAll(async () => {
  await second.close();
  await network.close();
});

/** As a superuser does who means it. */
const spoilEntry = async (hash: string, column: "header" | "receipt" | "sig", value: string) => {
  await network.query("alter table entry disable trigger entry_stays");
  await network.query(`update entry set ${column} = $2 where hash = $1`, [hash, value]);
  await network.query("alter table entry enable trigger entry_stays");
};

const note = (log: string, text: string) => sua.fact(log, { kind: "note", body: { text } });

test("a row that cannot be read any more stops neither the feed nor its case nor other cases", async () => {
  await spoilEntry(spoilt.question, "receipt", "{");
  await spoilEntry(spoilt.opened, "header", "không còn là JSON");
  const feed = await wholeFeed(network, thanhClient);
  const logs = feed.map(({ receipt }) => receipt.log);
  expect(logs.filter((log) => log === sound.log)).toHaveLength(3);
  expect((await thanhClient.get(`/v1/cases/${spoilt.id}`)).status).toBe(200);
  expect(lines.some((line) => line.includes("rowUnreadable"))).toBe(true);
  const atSecond = clientOf((await second.listen()).url, suaClient.headers);
  const [broken, good] = await atSecond.append(
    (await note(spoilt.log, "vào ca hỏng")).signed,
    (await note(sound.log, "vào ca lành")).signed,
  );
  expect(good?.answer).toBe("received");
  expect(broken).toMatchObject({ answer: "later", code: "retry_later" });
});

test("an unreadable row of a directory takes nobody's sign-in away", async () => {
  const [row] = await network.query(
    "select hash from entry where log = $1 and kind = 'contractAgreed' limit 1",
    [`directory/${province}`],
  );
  await spoilEntry(String(row?.["hash"]), "header", "{");
  await network.query("update directory_state set version = version + 1");
  const server = await network.signIn("thanh");
  expect((await server.get("/v1/me")).status).toBe(200);
});

test("an entry that no column can hold is refused for itself; what stands beside it is taken in", async () => {
  const log = `case/${uuid()}`;
  const opened = await sua.fact(log, {
    kind: "opened",
    body: { number: "A\u0000B", facility: station, mode: "support" },
  });
  const dependent = await note(log, "x");
  const words = await note(sound.log, "có \u0000 ở giữa");
  const answers = await suaClient.append(opened.signed, dependent.signed, words.signed);
  expect(answers).toMatchObject([
    { answer: "refused", code: "bad_body", detail: "number" },
    { answer: "refused", code: "target_refused" },
    { answer: "received" },
  ]);
});

test("a NUL in a name is a bad request, not a fault of the server", async () => {
  const response = await suaClient.get("/v1/case-numbers/%00");
  expect([
    response.status,
    v.parse(v.object({ error: v.string() }), await response.json()),
  ]).toEqual([400, { error: "bad_request" }]);
});

test("what nobody foresaw in one log costs that log its answer for now, and the rest nothing", async () => {
  await network.query(
    "create function boom() returns trigger language plpgsql as $$ begin if new.log = tg_argv[0] then raise exception 'boom'; end if; return new; end $$",
  );
  await network.query(
    `create trigger boom before insert on entry for each row execute function boom('${sound.log}')`,
  );
  const other = await sendCase(sua, suaClient);
  const answers = await suaClient.append(
    (await note(sound.log, "một")).signed,
    (await note(other.log, "hai")).signed,
    (await note(sound.log, "ba")).signed,
  );
  await network.query("drop trigger boom on entry");
  expect(answers).toMatchObject([
    { answer: "later", code: "retry_later" },
    { answer: "received" },
    { answer: "later", code: "retry_later" },
  ]);
  expect(lines.some((line) => line.includes("appendFailed"))).toBe(true);
  expect(v.parse(routes.healthz.out, await (await fetch(`${network.url}/healthz`)).json())).toEqual(
    {
      ok: true,
    },
  );
});

test("a contract that promises an answer beyond the calendar stops no request", async () => {
  const contract = {
    contract: "HĐ vô hạn",
    from: "2026-01-01T00:00:00.000Z",
    answerWithinMinutes: { urgent: 1e300, routine: -1e300 },
  };
  const agreed = (at: string, other: string) => ({
    log: `directory/${at}`,
    kind: "contractAgreed",
    body: { ...contract, with: other },
  });
  await appendAsServer(network.server.core, [
    agreed(otherStation, central),
    agreed(central, otherStation),
  ]);
  const phuc = await network.person("phuc", otherStation, ["physician"]);
  const client = await network.signIn("phuc");
  for (const urgency of ["urgent", "routine"] as const)
    expect(await sendCase(phuc, client, central, urgency)).toHaveProperty("request");
});
