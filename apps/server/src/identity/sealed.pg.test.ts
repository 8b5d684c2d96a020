import { createCipheriv, createECDH, hkdfSync } from "node:crypto";
import { gzipSync } from "node:zlib";
import { routes, sealedInfo, sealedVersion } from "@lientuyen/api";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  appendAsServer,
  CannotStart,
  createServer,
  makeFirstLink,
  makeServerKeys,
} from "../index.ts";
import {
  clientOf,
  password,
  province,
  random,
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
let locked: Client;

beforeAll(async () => {
  network = await startNetwork();
  sua = await network.person("sua", station, ["physicianAssistant"]);
  await network.person("thanh", province, ["physician"]);
  client = await network.signIn("sua");
  const proof = Buffer.from(
    await sua.key.sign(new TextEncoder().encode(`lientuyen-enrol|${sua.key.device}|${sua.person}`)),
  ).toString("base64url");
  const enrolled = v.parse(
    routes.enrolKey.out,
    await (
      await client.post("/v1/keys", {
        publicKey: sua.key.publicKey,
        device: sua.key.device,
        deviceName: "PC",
        proof,
      })
    ).json(),
  );
  locked = clientOf(network.url, { authorization: `Bearer ${enrolled.transport}` });
});
afterAll(() => network.close());

const seal = (content: unknown, publicKey = network.server.core.keys.sealing.publicKey) => {
  const ephemeral = createECDH("prime256v1");
  const point = ephemeral.generateKeys();
  const recipient = Buffer.from(publicKey, "base64url");
  const key = Buffer.from(
    hkdfSync(
      "sha256",
      ephemeral.computeSecret(recipient),
      Buffer.concat([point, recipient]),
      sealedInfo,
      32,
    ),
  );
  const iv = Buffer.from(random(12));
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  const plain = Buffer.concat([Buffer.from([sealedVersion]), gzipSync(JSON.stringify(content))]);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return {
    ephemeral: point.toString("base64url"),
    iv: iv.toString("base64url"),
    sealed: sealed.toString("base64url"),
  };
};

test("a sealed batch is opened, appended and answered like any other", async () => {
  const { log } = await sendCase(sua, client);
  const note = await sua.fact(log, { kind: "note", body: { text: "viết lúc màn hình khóa" } });
  const { answers } = v.parse(
    routes.sealed.out,
    await (await locked.post("/v1/sealed", seal({ entries: [note.signed] }))).json(),
  );
  expect(answers).toMatchObject([{ answer: "received", id: note.id }]);
  expect((await client.append(note.signed))[0]).toEqual(answers[0]);
});

test("sealed to another key, altered, of another shape, a bomb, without its token: refused", async () => {
  const good = seal({ entries: [] });
  const stranger = makeServerKeys();
  expect(stranger.v).toBe(1);
  const ecdh = createECDH("prime256v1");
  for (const bad of [
    seal({ entries: [] }, ecdh.generateKeys().toString("base64url")),
    { ...good, sealed: `A${good.sealed.slice(1)}` },
    seal({ hello: 1 }),
    { ...good, ephemeral: "AAAA" },
  ]) {
    expect((await locked.post("/v1/sealed", bad)).status).toBe(400);
  }
  expect(
    (await locked.post("/v1/sealed", seal({ entries: [], fill: " ".repeat(40_000_000) }))).status,
  ).toBe(413);
  expect((await client.post("/v1/sealed", good)).status).toBe(401);
  expect(
    (
      await clientOf(network.url, { authorization: `Bearer ${"A".repeat(43)}` }).post(
        "/v1/sealed",
        good,
      )
    ).status,
  ).toBe(401);
});

test("a store secret is given back to the own facility alone", async () => {
  const secret = Buffer.from(random(32)).toString("base64url");
  const of = (facility: string) => seal({ v: 1, facility, device: sua.key.device, secret });
  expect(await (await client.post("/v1/store-secret", of(station))).json()).toEqual({ secret });
  expect((await client.post("/v1/store-secret", of(province))).status).toBe(403);
  expect((await locked.post("/v1/store-secret", of(station))).status).toBe(401);
  // A batch is no secret, and a secret no batch: what was sealed for one door opens no other.
  expect((await client.post("/v1/store-secret", seal({ entries: [] }))).status).toBe(400);
  expect((await locked.post("/v1/sealed", of(station))).status).toBe(400);
});

test("the store of a disowned device is opened for nobody, the device's own people included", async () => {
  const nurse = await network.person("thu", station, ["nurse"]);
  const session = await network.signIn("thu");
  const secret = Buffer.from(random(32)).toString("base64url");
  const store = seal({ v: 1, facility: station, device: nurse.key.device, secret });
  expect((await session.post("/v1/store-secret", store)).status).toBe(200);
  await appendAsServer(network.server.core, [
    {
      log: `directory/${station}`,
      kind: "deviceDisowned",
      body: { device: nurse.key.device, reason: "mất" },
    },
  ]);
  for (const each of [session, client])
    expect((await each.post("/v1/store-secret", store)).status).toBe(403);
});

test("a sealed batch that is sent again is received once; one's transport carries no other facility's rights", async () => {
  const { log } = await sendCase(sua, client);
  const note = await sua.fact(log, { kind: "note", body: { text: "một lần" } });
  const sealed = seal({ entries: [note.signed] });
  const first = await (await locked.post("/v1/sealed", sealed)).json();
  expect(await (await locked.post("/v1/sealed", sealed)).json()).toEqual(first);
  const stranger = await network.person("la", province, ["nurse"]);
  const foreign = await stranger.fact(`case/${log.slice(5, -4)}0000`, {
    kind: "note",
    body: { text: "x" },
  });
  const answer = await (
    await locked.post("/v1/sealed", seal({ entries: [foreign.signed] }))
  ).json();
  expect(v.parse(routes.sealed.out, answer).answers[0]?.answer).not.toBe("received");
});

test("disowning a device ends its sessions and its transport", async () => {
  const other = await network.person("nhu", station, ["nurse"]);
  const session = await network.signIn("nhu");
  const proof = Buffer.from(
    await other.key.sign(
      new TextEncoder().encode(`lientuyen-enrol|${other.key.device}|${other.person}`),
    ),
  ).toString("base64url");
  const { transport } = v.parse(
    routes.enrolKey.out,
    await (
      await session.post("/v1/keys", {
        publicKey: other.key.publicKey,
        device: other.key.device,
        deviceName: "PC",
        proof,
      })
    ).json(),
  );
  const sending = clientOf(network.url, { authorization: `Bearer ${transport}` });
  expect((await sending.post("/v1/sealed", seal({ entries: [] }))).status).toBe(200);
  await appendAsServer(network.server.core, [
    {
      log: `directory/${station}`,
      kind: "deviceDisowned",
      body: { device: other.key.device, reason: "mất" },
    },
  ]);
  expect((await session.get("/v1/me")).status).toBe(401);
  expect((await sending.post("/v1/sealed", seal({ entries: [] }))).status).toBe(401);
});

test("whose last role ended is signed out", async () => {
  const gone = await network.person("gone", station, ["nurse"]);
  const session = await network.signIn("gone");
  await appendAsServer(network.server.core, [
    {
      log: `directory/${station}`,
      kind: "roleEnded",
      body: { person: gone.person, role: "nurse" },
    },
  ]);
  expect((await session.get("/v1/me")).status).toBe(401);
});

test("an empty installation is founded by its one-time link, once; keys of another installation are refused", async () => {
  const databaseUrl = await network.postgres.freshDatabase();
  const keys = makeServerKeys();
  const options = {
    databaseUrl,
    filesDir: `${network.folder}/first`,
    staticDir: network.folder,
    host: "127.0.0.1",
    port: 0,
    now: Date.now,
    random,
  };
  const server = await createServer({ ...options, keys });
  const { url } = await server.listen();
  const token = await makeFirstLink(server.core);
  const body = {
    facility: { code: "12999", name: "Trạm mới", level: "commune" },
    name: "KS. Đầu",
    account: "dau",
    password,
  };
  const post = (given: unknown) => clientOf(url, {}).post("/v1/first-administrator", given);
  expect((await post({ ...body, token: "x".repeat(43) })).status).toBe(410);
  expect((await post({ ...body, token, password: "ngan" })).status).toBe(400);
  // What cannot be founded does not use the link up.
  expect((await post({ ...body, token, name: "KS. \ud800" })).status).toBe(400);
  expect((await post({ ...body, token })).status).toBe(204);
  expect((await post({ ...body, token })).status).toBe(410);
  expect(await makeFirstLink(server.core)).toBeUndefined();
  const signedIn = v.parse(
    routes.signIn.out,
    await (await clientOf(url, {}).post("/v1/sign-in", { account: "dau", password })).json(),
  );
  expect(signedIn.me.roles).toEqual([{ role: "itAdministrator" }]);
  await server.close();
  await server.close();
  await expect(createServer({ ...options, keys: makeServerKeys() })).rejects.toThrow(CannotStart);
});
