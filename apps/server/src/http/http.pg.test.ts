import { mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { errors, routes } from "@lientuyen/api";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  clientOf,
  makeKey,
  password,
  province,
  sendCase,
  startNetwork,
  station,
  type Client,
  type Network,
  type Pen,
} from "../test/network.ts";

let network: Network;
let sua: Pen;
let client: Client;
const lines: string[] = [];
let nowMs = Date.now();

beforeAll(async () => {
  network = await startNetwork({
    now: () => (nowMs += 1),
    log: { level: "info", stream: { write: (line) => void lines.push(line) } },
  });
  await mkdir(join(network.folder, "static", "assets"), { recursive: true });
  await writeFile(
    join(network.folder, "static", "index.html"),
    "<!doctype html><title>app</title>",
  );
  await writeFile(join(network.folder, "static", "assets", "app-1a2b.js"), "plain");
  await writeFile(join(network.folder, "static", "assets", "app-1a2b.js.br"), "packed");
  sua = await network.person("sua", station, ["physicianAssistant"]);
  await network.person("lan", station, ["itAdministrator"]);
  await network.person("thanh", province, ["physician"]);
  client = await network.signIn("sua");
});
afterAll(() => network.close());

const told = async (response: Response) => [
  response.status,
  v.parse(v.object({ error: v.string() }), await response.json()).error,
];
const json = { "content-type": "application/json" };

test("a JSON bomb, broken JSON, wrong UTF-8 and a body that is no object are refused before anything reads them", async () => {
  const send = (body: string | Buffer) =>
    client.send("/v1/entries", {
      method: "POST",
      headers: json,
      body: typeof body === "string" ? body : new Uint8Array(body),
    });
  expect(await told(await send("[".repeat(1_000_000)))).toEqual([400, "too_deep"]);
  expect(await told(await send('{"entries":['))).toEqual([400, "not_json"]);
  expect(await told(await send(Buffer.from([0x7b, 0xff, 0x7d])))).toEqual([400, "not_json"]);
  expect(await told(await send("null"))).toEqual([400, "bad_request"]);
  expect(await told(await send(""))).toEqual([400, "bad_request"]);
});

test("a decompression bomb is stopped; honest gzip passes", async () => {
  const send = (text: Buffer | string, encoding = "gzip") =>
    client.send("/v1/entries", {
      method: "POST",
      headers: { ...json, "content-encoding": encoding },
      body: new Uint8Array(gzipSync(text)),
    });
  expect(await told(await send(Buffer.alloc(100_000_000, 0x20)))).toEqual([413, "too_large"]);
  expect(await told(await send("{}", "br"))).toEqual([400, "bad_request"]);
  const honest = await send('{"entries":[]}');
  expect([honest.status, await honest.json()]).toEqual([200, { answers: [] }]);
  const broken = await client.send("/v1/entries", {
    method: "POST",
    headers: { ...json, "content-encoding": "gzip" },
    body: "not gzip",
  });
  expect(await told(broken)).toEqual([400, "not_json"]);
});

test("too large a body is refused by its length", async () => {
  const response = await client.send("/v1/entries", {
    method: "POST",
    headers: json,
    body: " ".repeat(10_000_001),
  });
  expect(await told(response)).toEqual([413, "too_large"]);
});

test("a key named __proto__ changes nothing", async () => {
  const response = await client.send("/v1/entries", {
    method: "POST",
    headers: json,
    body: '{"entries":[],"__proto__":{"polluted":true}}',
  });
  expect(response.status).toBe(400);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test("an address that nobody can decode, one too long, and what is no HTTP at all are answered in the catalogue's words", async () => {
  for (const [method, path] of [
    ["GET", "/%zz"],
    ["GET", "/v1/cases/%zz"],
    ["POST", `/v1/camera/${"x".repeat(400)}`],
  ] as const) {
    const response = await client.send(path, { method });
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect([response.status, await response.json()]).toEqual([400, { error: "bad_request" }]);
  }
  const socket = connect(Number(new URL(network.url).port), "127.0.0.1");
  socket.end("KHÔNG PHẢI HTTP\r\n\r\n");
  let answer = "";
  for await (const piece of socket) answer += String(piece);
  expect(answer).toMatch(/^HTTP\/1\.1 400 [^{]*\r\n\r\n\{"error":"bad_request"\}$/);
});

test("a text with a NUL or half a surrogate pair is refused at the door, before anything is signed or kept", async () => {
  const key = makeKey();
  const proof = Buffer.from(
    await key.sign(new TextEncoder().encode(`lientuyen-enrol|${key.device}|${sua.person}`)),
  ).toString("base64url");
  for (const deviceName of ["PC \ud800", "PC \0"]) {
    const body = { publicKey: key.publicKey, device: key.device, deviceName, proof };
    expect(await told(await client.post("/v1/keys", body))).toEqual([400, "bad_request"]);
  }
  const account = { account: "sua\0", password };
  expect(await told(await client.post("/v1/sign-in", account))).toEqual([400, "bad_request"]);
});

test("without a session, without the CSRF token, from another page: refused", async () => {
  const bare = clientOf(network.url, {});
  expect(await told(await bare.get("/v1/feed"))).toEqual([401, "not_signed_in"]);
  expect(
    await told(
      await clientOf(network.url, { cookie: client.headers["cookie"] ?? "" }).post("/v1/entries", {
        entries: [],
      }),
    ),
  ).toEqual([403, "csrf"]);
  expect(
    await told(
      await client.post("/v1/entries", { entries: [] }, { origin: "https://evil.example" }),
    ),
  ).toEqual([403, "csrf"]);
  expect(
    await told(
      await client.post("/v1/entries", { entries: [] }, { "sec-fetch-site": "cross-site" }),
    ),
  ).toEqual([403, "csrf"]);
  expect(
    await told(
      await bare.post(
        "/v1/sign-in",
        { account: "sua", password },
        { origin: "https://evil.example" },
      ),
    ),
  ).toEqual([403, "csrf"]);
  expect((await client.post("/v1/entries", { entries: [] }, { origin: network.url })).status).toBe(
    200,
  );
});

test("what only an administrator may do, nobody else may", async () => {
  expect(await told(await client.get("/v1/quarantine"))).toEqual([403, "forbidden"]);
  expect((await (await network.signIn("lan")).get("/v1/quarantine")).status).toBe(200);
});

test("an old protocol and a broken one", async () => {
  expect(
    await told(await client.post("/v1/entries", { entries: [] }, { "x-lientuyen-protocol": "0" })),
  ).toEqual([426, "old_protocol"]);
  expect(
    await told(await client.post("/v1/entries", { entries: [] }, { "x-lientuyen-protocol": "x" })),
  ).toEqual([400, "bad_request"]);
});

test("the cookie is HttpOnly and SameSite=Strict; the database holds no token", async () => {
  const response = await clientOf(network.url, {}).post("/v1/sign-in", {
    account: " SUA ",
    password,
  });
  const cookie = response.headers.getSetCookie()[0] ?? "";
  expect(cookie).toMatch(/^lientuyen=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  const token = cookie.split(";")[0]?.split("=")[1] ?? "";
  const rows = await network.query("select token_hash from session where token_hash = $1", [token]);
  expect(rows).toEqual([]);
});

test("wrong passwords are counted by account, whether it exists or not, and the right one waits too", async () => {
  const bare = clientOf(network.url, {});
  for (const account of ["thanh", "nobody"]) {
    nowMs += 120_000;
    const tries: unknown[] = [];
    for (let round = 0; round < 6; round += 1)
      tries.push(
        await told(await bare.post("/v1/sign-in", { account, password: "sai mat khau roi" })),
      );
    expect(tries).toEqual([
      ...Array.from({ length: 5 }, () => [401, "wrong_sign_in"]),
      [429, "too_many"],
    ]);
  }
  nowMs += 120_000;
  expect((await bare.post("/v1/sign-in", { account: "thanh", password })).status).toBe(200);
});

test("a certified key opens a session once for each challenge; a disowned one does not", async () => {
  const bare = clientOf(network.url, {});
  const { challenge } = v.parse(
    routes.keyChallenge.out,
    await (await bare.post("/v1/sign-in/challenge", undefined)).json(),
  );
  const proof = Buffer.from(
    await sua.key.sign(new TextEncoder().encode(`lientuyen-session|${challenge}`)),
  ).toString("base64url");
  const response = await bare.post("/v1/sign-in/key", { key: sua.key.key, challenge, proof });
  expect(v.parse(routes.keySignIn.out, await response.json()).me.account).toBe("sua");
  expect(
    await told(await bare.post("/v1/sign-in/key", { key: sua.key.key, challenge, proof })),
  ).toEqual([401, "wrong_sign_in"]);
});

test("enrolling a key: certified for the session's person, unconfirmed; without proof not at all", async () => {
  const key = makeKey();
  const body = { publicKey: key.publicKey, device: key.device, deviceName: "PC trạm" };
  const proof = Buffer.from(
    await key.sign(new TextEncoder().encode(`lientuyen-enrol|${key.device}|${sua.person}`)),
  ).toString("base64url");
  const wrong = Buffer.from(
    await key.sign(new TextEncoder().encode("lientuyen-enrol|x|y")),
  ).toString("base64url");
  expect((await client.post("/v1/keys", { ...body, proof: wrong })).status).toBe(
    errors.bad_request.status,
  );
  const enrolled = v.parse(
    routes.enrolKey.out,
    await (await client.post("/v1/keys", { ...body, proof })).json(),
  );
  expect(enrolled.key).toBe(key.key);
  expect(
    enrolled.entries.map(({ entry }) => /"kind":"([A-Za-z]+)"/.exec(entry.header)?.[1]),
  ).toEqual(["deviceEnrolled", "keyCertified"]);
  const again = v.parse(
    routes.enrolKey.out,
    await (await client.post("/v1/keys", { ...body, proof })).json(),
  );
  expect(again.entries).toEqual([]);
});

test("a session that was idle too long, and one whose person's last role ended, are over", async () => {
  const idle = await network.signIn("sua");
  expect((await idle.get("/v1/me")).status).toBe(200);
  nowMs += 12 * 3_600_000 + 60_000;
  expect(await told(await idle.get("/v1/me"))).toEqual([401, "not_signed_in"]);
  client = await network.signIn("sua");
});

test("changing one's password ends the other sessions; a short one is refused", async () => {
  await network.person("nga", station, ["nurse"]);
  const one = await network.signIn("nga");
  const other = await network.signIn("nga");
  expect(await told(await one.post("/v1/password", { old: password, new: "ngan" }))).toEqual([
    400,
    "bad_request",
  ]);
  expect(
    await told(await one.post("/v1/password", { old: "khong phai", new: "mot mat khau moi" })),
  ).toEqual([401, "wrong_sign_in"]);
  expect((await one.post("/v1/password", { old: password, new: "mot mat khau moi" })).status).toBe(
    204,
  );
  expect((await one.get("/v1/me")).status).toBe(200);
  expect((await other.get("/v1/me")).status).toBe(401);
});

test("an administrator gives accounts and new passwords, at the own facility only", async () => {
  const admin = await network.signIn("lan");
  const elsewhere = await network.query("select person from account where account = 'thanh'");
  expect(
    await told(
      await admin.post(`/v1/people/${String(elsewhere[0]?.["person"])}/password`, undefined),
    ),
  ).toEqual([404, "not_found"]);
  const { password: fresh } = v.parse(
    routes.resetPassword.out,
    await (await admin.post(`/v1/people/${sua.person}/password`, undefined)).json(),
  );
  expect(
    (await clientOf(network.url, {}).post("/v1/sign-in", { account: "sua", password: fresh }))
      .status,
  ).toBe(200);
  const person = await network.query("select $1::text as person", [sua.person]);
  expect(
    await told(
      await admin.post("/v1/people", {
        person: String(person[0]?.["person"]),
        account: "sua",
        password,
      }),
    ),
  ).toEqual([400, "bad_request"]);
  await network.query(
    "update account set password_hash = (select password_hash from account where account = 'lan') where account = 'sua'",
  );
  client = await network.signIn("sua");
});

test("views are logged: by reading a case and as devices tell them, once each", async () => {
  const { id, log } = await sendCase(sua, client);
  await client.get(`/v1/cases/${id}`);
  const view = {
    id: crypto.randomUUID(),
    log,
    at: "2026-11-22T15:40:00.000Z",
    device: sua.key.device,
  };
  expect((await client.post("/v1/views", { views: [view] })).status).toBe(204);
  expect((await client.post("/v1/views", { views: [view] })).status).toBe(204);
  const { views } = v.parse(
    routes.accessLog.out,
    await (await client.get(`/v1/cases/${id}/views`)).json(),
  );
  expect(views.map(({ person }) => person)).toEqual([sua.person, sua.person]);
  expect(views.filter(({ device }) => device === sua.key.device)).toHaveLength(1);
});

test("a view made without a line stands under who looked, also when a colleague on the same PC tells it", async () => {
  const { id, log } = await sendCase(sua, client);
  const [lan] = await network.query("select person from account where account = 'lan'");
  const colleague = String(lan?.["person"]);
  const stranger = crypto.randomUUID();
  const told = [colleague, stranger, sua.person].map((person) => ({
    id: crypto.randomUUID(),
    log,
    at: "2026-11-22T15:40:00.000Z",
    device: sua.key.device,
    person,
  }));
  expect((await client.post("/v1/views", { views: told })).status).toBe(204);
  const { views } = v.parse(
    routes.accessLog.out,
    await (await client.get(`/v1/cases/${id}/views`)).json(),
  );
  expect(views.map(({ person, toldBy }) => [person, toldBy])).toEqual(
    expect.arrayContaining([
      [colleague, sua.person],
      [sua.person, undefined],
      [sua.person, undefined],
    ]),
  );
  expect(views).toHaveLength(3);
});

test("the worklist is sorted by urgency and due time; a case is found by its number", async () => {
  const routine = await sendCase(sua, client, province, "routine");
  const urgent = await sendCase(sua, client, province, "emergency");
  const thanh = await network.signIn("thanh");
  const { rows } = v.parse(routes.worklist.out, await (await thanh.get("/v1/worklist")).json());
  const places = [urgent, routine].map(({ request }) =>
    rows.findIndex((row) => row.request === request),
  );
  expect(places[0]).toBeLessThan(places[1] ?? 0);
  const row = rows.find(({ request }) => request === urgent.request);
  expect(Date.parse(row?.dueAt ?? "") - Date.parse(row?.receivedAt ?? "")).toBe(10 * 60_000);
  expect(await (await thanh.get(`/v1/case-numbers/${row?.number}`)).json()).toEqual({
    log: urgent.log,
  });
  expect(await told(await thanh.get("/v1/case-numbers/T0"))).toEqual([404, "not_found"]);
});

test("the app's pages: strict headers, compressed copies, long cache for hashed names, no page in place of a script", async () => {
  const page = await fetch(`${network.url}/cases/anything`);
  expect([page.status, page.headers.get("cache-control"), await page.text()]).toEqual([
    200,
    "no-cache",
    "<!doctype html><title>app</title>",
  ]);
  const policy = page.headers.get("content-security-policy") ?? "";
  for (const part of [
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "worker-src 'self'",
    "frame-ancestors 'none'",
  ])
    expect(policy.split("; ")).toContain(part);
  expect(policy).not.toContain("unsafe-inline");
  const script = await fetch(`${network.url}/assets/app-1a2b.js`, {
    headers: { "accept-encoding": "br" },
  });
  expect([script.headers.get("content-encoding"), script.headers.get("cache-control")]).toEqual([
    "br",
    "public, max-age=31536000, immutable",
  ]);
  // A page's parts keep what guards them and leave out what only a page can mean.
  expect(
    [
      "x-content-type-options",
      "cross-origin-resource-policy",
      "content-security-policy",
      "permissions-policy",
    ].map((name) => script.headers.get(name)),
  ).toEqual(["nosniff", "same-origin", null, null]);
  await script.body?.cancel();
  for (const path of ["/assets/gone.js", "/v1/none", "/..%2f..%2fetc/passwd", "/%00", "/gone.txt"])
    expect([path, (await fetch(network.url + path)).status]).toEqual([path, 404]);
});

test("health, readiness and the contract", async () => {
  for (const [path, answer] of [
    ["/healthz", { ok: true }],
    ["/readyz", { ok: true, live: "off", deposits: "off" }],
  ] as const)
    expect(await (await fetch(network.url + path)).json()).toEqual(answer);
  const document = v.parse(
    v.object({ openapi: v.string(), paths: v.record(v.string(), v.unknown()) }),
    await (await fetch(`${network.url}/openapi.json`)).json(),
  );
  expect([document.openapi, Object.keys(document.paths).includes("/v1/entries")]).toEqual([
    "3.1.0",
    true,
  ]);
  expect(await (await fetch(`${network.url}/openapi`)).text()).not.toMatch(/<script|style=/);
});

test("the unforeseen is a 500 with a reference and nothing of itself; the log holds no patient's word", async () => {
  await network.query("alter table case_view rename to case_view_away");
  const { id } = await sendCase(sua, client);
  const response = await client.get(`/v1/cases/${id}`);
  await network.query("alter table case_view_away rename to case_view");
  const answer = v.parse(
    v.strictObject({ error: v.literal("internal"), reference: v.string() }),
    await response.json(),
  );
  expect(response.status).toBe(500);
  const failed = lines.find((line) => line.includes(answer.reference)) ?? "";
  expect(failed).toContain('"route":"/v1/cases/:case"');
  expect(lines.join("")).not.toMatch(/Có chuyển ngay|sưng đến/);
  expect(lines.join("")).not.toContain(id);
});

test("receipts and the feed come compressed to whoever can read it, and plain to others", async () => {
  const ask = (encoding: string) =>
    client.send("/v1/feed?limit=100", { headers: { "accept-encoding": encoding } });
  // What the tests before wrote may still be on its way into the feed.
  await network.server.settleFeed();
  const small = await ask("gzip");
  const plain = await ask("identity");
  expect([small, plain].map((answer) => answer.headers.get("content-encoding"))).toEqual([
    "gzip",
    null,
  ]);
  const wide = await plain.text();
  expect(await small.text()).toBe(wide);
  expect(Number(small.headers.get("content-length"))).toBeLessThan(wide.length / 2);
});
