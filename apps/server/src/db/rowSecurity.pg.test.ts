import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "kysely";
import pg from "pg";
import { readFeed, readLog } from "../feed/feed.ts";
import { CannotStart, migrate, type Core } from "../index.ts";
import {
  otherStation,
  province,
  sendCase,
  startNetwork,
  station,
  wholeFeed,
  type Network,
  type OpenedCase,
  type Pen,
} from "../test/network.ts";

let network: Network;
let core: Core;
let sua: Pen;
let thanh: Pen;
let sent: OpenedCase;

beforeAll(async () => {
  network = await startNetwork();
  core = network.server.core;
  sua = await network.person("sua", station, ["physicianAssistant", "facilityHead"]);
  thanh = await network.person("thanh", province, ["physician", "coordinator"]);
  await network.person("phuc", otherStation, ["physician"]);
  sent = await sendCase(sua, await network.signIn("sua"));
  await network.server.settleFeed();
});
afterAll(() => network.close());

const guarded = [
  "entry",
  "body",
  "sealed_body",
  "case_access",
  "feed_pending",
  "feed",
  "feed_bookmark",
  "quarantine",
  "recording",
  "refused",
  "worklist",
  "case_number",
  "file",
  "destroyed_file",
  "earlier_receipt",
  "case_view",
  "account",
  "session",
  "transport",
  "sign_in_attempt",
  "sign_in_challenge",
  "first_link",
  "camera_link",
  "camera_photo",
  "live_session",
  "live_happening",
  "live_guest",
  "tree_leaf",
  "tree_node",
  "checkpoint",
  "deposit_mail",
];

test("row-level security is forced on every table that says something of somebody", async () => {
  const rows = await network.query(
    "select relname from pg_class where relnamespace = 'lientuyen'::regnamespace and relkind = 'r' and relrowsecurity and relforcerowsecurity order by 1",
  );
  expect(rows.map((row) => row["relname"])).toEqual([...guarded].sort());
});

test("the application's role owns nothing, is no superuser and bypasses nothing", async () => {
  const roles = await network.query(
    "select rolname, rolsuper, rolbypassrls, rolcanlogin from pg_roles where rolname like 'lientuyen_%' order by 1",
  );
  expect(
    roles.every(
      (role) =>
        role["rolsuper"] === false &&
        role["rolbypassrls"] === false &&
        role["rolcanlogin"] === false,
    ),
  ).toBe(true);
  const owned = await network.query(
    "select relname from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname like 'lientuyen_%' and relkind in ('r', 'S')",
  );
  expect(owned).toEqual([]);
});

// What follows calls no check of the application: only the database stands between.

const everything = { after: 0, limit: 500, device: undefined };

test("without the application's check a stranger reads nothing of the case, a participant all of it", async () => {
  const see = (facility: string) =>
    core.database.asFacility(facility, async (tx) => ({
      entries: (await readLog(tx, core.logbook, sent.log)).length,
      bodies: (await tx.selectFrom("body").select("entry").where("log", "=", sent.log).execute())
        .length,
      numbers: (
        await tx.selectFrom("case_number").select("log").where("log", "=", sent.log).execute()
      ).length,
      worklist: (
        await tx.selectFrom("worklist").select("request").where("log", "=", sent.log).execute()
      ).length,
      feed: (await readFeed(tx, core.logbook, facility, everything)).items.filter(
        ({ receipt }) => receipt.log === sent.log,
      ).length,
    }));
  expect(await see(otherStation)).toEqual({
    entries: 0,
    bodies: 0,
    numbers: 0,
    worklist: 0,
    feed: 0,
  });
  for (const facility of [station, province])
    expect(await see(facility)).toEqual({
      entries: 3,
      bodies: 3,
      numbers: 1,
      worklist: 1,
      feed: 3,
    });
});

test("a stranger cannot write to the case, nor give itself access, nor read for judgement", async () => {
  const asStranger = (text: string) =>
    core.database.asFacility(otherStation, (tx) => sql.raw(text).execute(tx));
  await expect(
    asStranger(`select grant_access('${sent.log}', '${otherStation}', 'x', null, 9)`),
  ).rejects.toThrow(/not a participant/);
  await expect(
    asStranger(
      `insert into case_access (log, facility, ground, from_seq) values ('${sent.log}', '${otherStation}', 'x', 1)`,
    ),
  ).rejects.toThrow(/permission denied/);
  await expect(
    asStranger(
      `insert into body (entry, log, facility, body, salt) values ('${sent.opened}', '${sent.log}', '${otherStation}', '{}', 'x')`,
    ),
  ).rejects.toThrow(/row-level security/);
  expect((await asStranger(`select * from case_since('${sent.log}', 0)`)).rows).toEqual([]);
});

test("a connection that names no facility sees directories and nothing else", async () => {
  const logs = await core.database.asFacility("", (tx) =>
    tx.selectFrom("entry").select("log").distinct().execute(),
  );
  expect(logs.every(({ log }) => log === "installation" || log.startsWith("directory/"))).toBe(
    true,
  );
});

test("entries and receipts are append-only: by grant for the application, by trigger for the owner", async () => {
  const asApp = (text: string) =>
    core.database.asFacility(station, (tx) => sql.raw(text).execute(tx));
  const asSystem = (text: string) => core.database.asSystem((tx) => sql.raw(text).execute(tx));
  for (const change of [
    "update entry set receipt = ''",
    "delete from entry",
    "truncate entry cascade",
    "update body set body = '{}'",
    "delete from body",
    "delete from case_view",
  ]) {
    await expect(asApp(change)).rejects.toThrow(/permission denied/);
    await expect(asSystem(change)).rejects.toThrow(/permission denied/);
  }
  for (const change of [
    "update entry set receipt = ''",
    "delete from entry",
    "update body set body = '{}'",
    "delete from body",
  ]) {
    await expect(network.query(change)).rejects.toThrow(/append-only|withheld entry/);
  }
});

test("a body goes only where a withheld entry of the same case names it", async () => {
  const call = () =>
    core.database.asFacility(station, (tx) => sql`select withhold(${sent.log})`.execute(tx));
  const bodies = "select count(*)::int as n from body where log = $1";
  const before = await network.query(bodies, [sent.log]);
  await call();
  expect(await network.query(bodies, [sent.log])).toEqual(before);
  const client = await network.signIn("sua");
  const wrong = await sua.fact(sent.log, { kind: "note", body: { text: "người khác" } });
  const other = await sua.fact(sent.log, { kind: "note", body: { text: "cũng người khác" } });
  const hide = await sua.fact(sent.log, {
    kind: "withheld",
    body: { target: wrong.hash, ground: "wrongPatient", effect: "hide" },
  });
  const destroy = await sua.fact(sent.log, {
    kind: "withheld",
    body: { target: other.hash, ground: "personsRight", effect: "destroy" },
  });
  const answers = await client.append(wrong.signed, other.signed, hide.signed, destroy.signed);
  expect(answers.map(({ answer }) => answer)).toEqual([
    "received",
    "received",
    "received",
    "received",
  ]);
  await call();
  expect(
    await network.query("select entry from body where entry = any($1)", [[wrong.hash, other.hash]]),
  ).toEqual([]);
  expect(await network.query("select entry from sealed_body")).toEqual([{ entry: wrong.hash }]);
  const feed = await wholeFeed(network, await network.signIn("thanh"));
  const seen = feed.filter(
    ({ receipt }) => receipt.entry === wrong.hash || receipt.entry === other.hash,
  );
  expect(seen.map(({ entry }) => [entry.body, entry.salt, entry.header.includes("note")])).toEqual([
    [undefined, undefined, true],
    [undefined, undefined, true],
  ]);
});

test("declining ends access: feed, case, files and rows alike; one's own words stay", async () => {
  const suaClient = await network.signIn("sua");
  const thanhClient = await network.signIn("thanh");
  const one = await sendCase(sua, suaClient);
  expect((await thanhClient.get(`/v1/cases/${one.id}`)).status).toBe(200);
  const declined = await thanh.fact(one.log, {
    kind: "declined",
    body: { request: one.request, reason: "không có chuyên khoa", expects: one.request },
  });
  expect((await thanhClient.append(declined.signed))[0]).toMatchObject({ answer: "received" });
  const after = await sua.fact(one.log, { kind: "note", body: { text: "sau đó" } });
  await suaClient.append(after.signed);
  expect((await thanhClient.get(`/v1/cases/${one.id}`)).status).toBe(404);
  expect((await thanhClient.get(`/v1/cases/${one.id}/files`)).status).toBe(404);
  const left = (await wholeFeed(network, thanhClient)).filter(
    ({ receipt }) => receipt.log === one.log,
  );
  expect(left.map(({ receipt }) => receipt.entry)).toEqual([declined.hash]);
  // Care that was given before they knew is still taken in.
  const message = await thanh.fact(one.log, { kind: "messageSent", body: { text: "xin lỗi" } });
  expect((await thanhClient.append(message.signed))[0]).toMatchObject({
    answer: "received",
    receipt: { marks: ["accessEnded"] },
  });
});

test("a case that is granted brings its whole history into the new facility's feed, in order", async () => {
  const thanhClient = await network.signIn("thanh");
  const feed = (await wholeFeed(network, thanhClient)).filter(
    ({ receipt }) => receipt.log === sent.log,
  );
  const seqs = feed.map(({ receipt }) => receipt.seq);
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1));
});

test("a database of a newer program is refused with one sentence; migrating twice is nothing", async () => {
  const url = await network.postgres.freshDatabase();
  await migrate(url);
  await migrate(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("insert into lientuyen.migration (number, name) values (999, 'later')");
  await client.end();
  await expect(migrate(url)).rejects.toThrow(CannotStart);
  await expect(migrate(url)).rejects.toThrow(/newer version/);
});

test("an owner without superuser rights migrates, and a login of its own serves", async () => {
  const url = new URL(await network.postgres.freshDatabase());
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const suffix = url.pathname.slice(1);
  await client.query(`create role owner_${suffix} login createrole password 'x'`);
  await client.query(`create role login_${suffix} login password 'x'`);
  await client.query(`alter database ${suffix} owner to owner_${suffix}`);
  // The cluster's roles were made by another; whoever migrates must be allowed to hand them out.
  for (const role of ["app", "system", "withholder"])
    await client.query(`grant lientuyen_${role} to owner_${suffix} with admin option`);
  await client.end();
  const as = (role: string): string => {
    const other = new URL(url);
    other.username = role;
    other.password = "x";
    return other.href;
  };
  await migrate(as(`owner_${suffix}`), `login_${suffix}`);
  const login = new pg.Client({
    connectionString: as(`login_${suffix}`),
    options: "-c role=lientuyen_app -c search_path=lientuyen",
  });
  await login.connect();
  expect((await login.query("select count(*)::int as n from entry")).rows).toEqual([{ n: 0 }]);
  await expect(login.query("delete from entry")).rejects.toThrow(/permission denied/);
  await login.end();
});
