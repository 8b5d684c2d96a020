import { routes, type RouteName } from "@lientuyen/api";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendAsServer } from "../index.ts";
import {
  province,
  sendCase,
  startNetwork,
  station,
  uuid,
  type Client,
  type Network,
  type OpenedCase,
  type Pen,
} from "../test/network.ts";

let network: Network;
let sua: Pen;
let suaClient: Client;
let lanClient: Client;
let thanh: Pen;
let thanhClient: Client;
let sent: OpenedCase;

beforeAll(async () => {
  network = await startNetwork();
  sua = await network.person("sua", station, ["physicianAssistant"]);
  thanh = await network.person("thanh", province, ["physician"]);
  await network.person("lan", province, ["itAdministrator"]);
  await network.person("both", province, ["itAdministrator", "nurse"]);
  [suaClient, thanhClient, lanClient] = await Promise.all([
    network.signIn("sua"),
    network.signIn("thanh"),
    network.signIn("lan"),
  ]);
  sent = await sendCase(sua, suaClient);
});
afterAll(() => network.close());

/** From a place to the end of the feed: what came, and the place there. */
const follow = async (client: Client, from: number) => {
  await network.server.settleFeed();
  const logs: string[] = [];
  for (let after = from; ;) {
    const response = await client.get(`/v1/feed?after=${after}&limit=5`);
    const page = v.parse(routes.feed.out, await response.json());
    logs.push(...page.items.map(({ receipt }) => receipt.log));
    after = page.next;
    if (!page.more) return { logs, after };
  }
};
const isPublic = (log: string): boolean => log === "installation" || log.startsWith("directory/");

test("who is IT administrator and nothing else is told of directories, and of no case and no patient", async () => {
  const { logs } = await follow(lanClient, 0);
  expect(logs.length).toBeGreaterThan(20);
  expect(logs.filter((log) => !isPublic(log))).toEqual([]);
  const both = await follow(await network.signIn("both"), 0);
  expect(both.logs).toContain(sent.log);
});

test("every route that reads of a case is forbidden to them", async () => {
  const names = Object.keys(routes).filter((name): name is RouteName =>
    Object.hasOwn(routes, name),
  );
  const clinical = names.filter((name) => routes[name].who === "clinical");
  expect(clinical).toEqual([
    "caseEntries",
    "caseProofs",
    "openSession",
    "enterSession",
    "sessions",
    "session",
    "actInSession",
    "sessionToken",
    "reportHearing",
    "inviteGuest",
    "recordings",
    "worklist",
    "caseByNumber",
    "file",
    "filesHeld",
    "openCameraLink",
    "cameraLinkPhotos",
    "takePhoto",
    "accessLog",
  ]);
  for (const name of clinical) {
    const { method, path } = routes[name];
    const url = path
      .replace(":case", sent.id)
      .replace(":hash", sent.opened)
      .replace(":number", "T")
      .replace(":session", sent.id)
      .replace(":token", "A".repeat(43));
    const response =
      method === "GET" ? await lanClient.get(url) : await lanClient.post(url, { log: sent.log });
    expect([name, response.status, await response.json()]).toEqual([
      name,
      403,
      { error: "forbidden" },
    ]);
  }
});

test("a shared device: who takes it over from an administrator misses nothing, and reads nothing twice", async () => {
  const lan = await follow(lanClient, 0);
  const first = await follow(thanhClient, lan.after);
  expect(first.logs.filter((log) => log === sent.log)).toHaveLength(3);
  const two = await sendCase(sua, suaClient);
  await appendAsServer(network.server.core, [
    {
      log: `directory/${province}`,
      kind: "personAdded",
      body: { person: uuid(), name: "Mới", account: "moi" },
    },
  ]);
  const again = await follow(lanClient, first.after);
  expect(again.logs).toEqual([`directory/${province}`]);
  expect((await follow(lanClient, again.after)).logs).toEqual([]);
  const second = await follow(thanhClient, again.after);
  expect(second.logs.filter((log) => log === two.log)).toHaveLength(3);
  expect(second.logs).not.toContain(sent.log);
  // Another facility's bookmark, or one that never was: from the start.
  expect((await follow(suaClient, again.after)).logs).toContain(sent.log);
  expect((await follow(thanhClient, 999_999_999_999_999)).logs).toContain(sent.log);
});

test("what the administrator's own screen needs is there: who I am, the quarantine without its bodies", async () => {
  expect((await lanClient.get("/v1/me")).status).toBe(200);
  await appendAsServer(network.server.core, [
    {
      log: `directory/${province}`,
      kind: "keyDisowned",
      body: { key: thanh.key.key, reason: "mất máy" },
    },
  ]);
  const note = await thanh.fact(sent.log, { kind: "note", body: { text: "lời của người bệnh" } });
  expect((await thanhClient.append(note.signed))[0]).toMatchObject({ answer: "quarantined" });
  const text = await (await lanClient.get("/v1/quarantine")).text();
  expect(v.parse(routes.quarantine.out, JSON.parse(text)).rows).toMatchObject([
    { entry: note.hash, log: sent.log },
  ]);
  expect(text).not.toContain("người bệnh");
});
