import { routes } from "@lientuyen/api";
import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { appendAsServer } from "../index.ts";
import {
  clientOf,
  makeKey,
  otherStation,
  password,
  province,
  startNetwork,
  station,
  uuid,
  type Client,
  type Key,
  type Network,
  type Pen,
} from "../test/network.ts";

let network: Network;
let sua: Pen;
let bare: Client;
let nowMs = Date.now();

beforeAll(async () => {
  network = await startNetwork({ now: () => (nowMs += 1) });
  sua = await network.person("sua", station, ["physicianAssistant"]);
  bare = clientOf(network.url, {});
});
afterAll(() => network.close());
// Every test in its own minute, so that none is counted against the next.
beforeEach(() => void (nowMs += 61_000));

const told = async (response: Response) => [
  response.status,
  v.parse(v.object({ error: v.string() }), await response.json()).error,
];
const wrong = [401, "wrong_sign_in"];
const challenge = async (): Promise<string> =>
  v.parse(
    routes.keyChallenge.out,
    await (await bare.post("/v1/sign-in/challenge", undefined)).json(),
  ).challenge;
const signed = async (key: Key, text: string): Promise<string> =>
  Buffer.from(await key.sign(new TextEncoder().encode(text))).toString("base64url");
const answerTo = async (key: Key, given: string, named = key.key) => ({
  key: named,
  challenge: given,
  proof: await signed(key, `lientuyen-session|${given}`),
});
const signInBy = async (key: Key): Promise<Response> =>
  bare.post("/v1/sign-in/key", await answerTo(key, await challenge()));
const write = (facility: string, kind: string, body: unknown) =>
  appendAsServer(network.server.core, [{ log: `directory/${facility}`, kind, body }]);
const sessionOf = async (response: Response): Promise<Client> => {
  const { csrf } = v.parse(routes.keySignIn.out, await response.json());
  return clientOf(network.url, {
    cookie: response.headers.getSetCookie()[0]?.split(";")[0] ?? "",
    "x-lientuyen-csrf": csrf,
  });
};
const enrol = async (client: Client, pen: Pen, key: Key, device = key.device) =>
  client.post("/v1/keys", {
    publicKey: key.publicKey,
    device,
    deviceName: "PC",
    proof: await signed(key, `lientuyen-enrol|${device}|${pen.person}`),
  });

test("a challenge is worth one try: replayed, made up, too old, or taken by a wrong proof it is nothing", async () => {
  const once = await answerTo(sua.key, await challenge());
  expect((await bare.post("/v1/sign-in/key", once)).status).toBe(200);
  expect(await told(await bare.post("/v1/sign-in/key", once))).toEqual(wrong);
  const madeUp = await answerTo(sua.key, "A".repeat(43));
  expect(await told(await bare.post("/v1/sign-in/key", madeUp))).toEqual(wrong);
  const old = await answerTo(sua.key, await challenge());
  nowMs += 2 * 60_000 + 1_000;
  expect(await told(await bare.post("/v1/sign-in/key", old))).toEqual(wrong);
  const spent = await challenge();
  const stolen = await answerTo(makeKey(), spent, sua.key.key);
  expect(await told(await bare.post("/v1/sign-in/key", stolen))).toEqual(wrong);
  const late = await answerTo(sua.key, spent);
  expect(await told(await bare.post("/v1/sign-in/key", late))).toEqual(wrong);
});

test("two at once with one challenge: one session", async () => {
  const both = await answerTo(sua.key, await challenge());
  const answers = await Promise.all([1, 2, 3].map(() => bare.post("/v1/sign-in/key", both)));
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 401, 401]);
});

test("a signature for another purpose opens no session", async () => {
  const given = await challenge();
  const proof = await signed(sua.key, `lientuyen-enrol|${given}|${sua.person}`);
  const answer = await bare.post("/v1/sign-in/key", { key: sua.key.key, challenge: given, proof });
  expect(await told(answer)).toEqual(wrong);
});

test("an unknown key, a disowned one, one on a disowned device, an ended role: the same answer", async () => {
  expect(await told(await signInBy(makeKey()))).toEqual(wrong);
  const byKey = await network.person("k1", station, ["nurse"]);
  const keySession = await sessionOf(await signInBy(byKey.key));
  await write(station, "keyDisowned", { key: byKey.key.key, reason: "mất" });
  expect(await told(await signInBy(byKey.key))).toEqual(wrong);
  // No transport names this key; its session is over all the same.
  expect((await keySession.get("/v1/me")).status).toBe(401);
  const byDevice = await network.person("k2", station, ["nurse"]);
  await write(station, "deviceDisowned", { device: byDevice.key.device, reason: "mất" });
  expect(await told(await signInBy(byDevice.key))).toEqual(wrong);
  const byRole = await network.person("k3", station, ["nurse"]);
  await write(station, "roleEnded", { person: byRole.person, role: "nurse" });
  expect(await told(await signInBy(byRole.key))).toEqual(wrong);
});

test("a facility that disowns a device of the same name ends nothing at another facility", async () => {
  const here = await network.person("d1", station, ["nurse"]);
  const there = await network.person("d2", otherStation, ["nurse"]);
  const hereSession = await sessionOf(await signInBy(here.key));
  const thereSession = await network.signIn("d2");
  const twin = makeKey(here.key.device);
  expect((await enrol(thereSession, there, twin)).status).toBe(200);
  await write(otherStation, "deviceDisowned", { device: here.key.device, reason: "ác ý" });
  expect((await thereSession.get("/v1/me")).status).toBe(401);
  expect((await hereSession.get("/v1/me")).status).toBe(200);
  expect((await signInBy(here.key)).status).toBe(200);
});

test("a key of one person, device or facility is enrolled for no other", async () => {
  const one = await network.person("e1", station, ["nurse"]);
  const client = await network.signIn("e1");
  const far = await network.person("e2", province, ["nurse"]);
  const farClient = await network.signIn("e2");
  expect(await told(await enrol(farClient, far, one.key))).toEqual([400, "bad_request"]);
  expect(await told(await enrol(client, one, one.key, uuid()))).toEqual([400, "bad_request"]);
  // The proof of another person is none.
  expect(await told(await enrol(farClient, one, makeKey()))).toEqual([400, "bad_request"]);
  await write(station, "deviceDisowned", { device: one.key.device, reason: "mất" });
  expect(await told(await enrol(client, one, makeKey(one.key.device)))).toEqual([403, "forbidden"]);
});

test("tries are counted: challenges by address, passwords of an open session, keys by person", async () => {
  const session = await network.signIn("sua");
  const change = (old: string) =>
    session.post("/v1/password", { old, new: "mot mat khau khac dai" });
  const changes: number[] = [];
  for (let round = 0; round < 7; round += 1) changes.push((await change(`sai ${round}`)).status);
  expect(changes).toEqual([401, 401, 401, 401, 401, 429, 429]);
  expect((await change(password)).status).toBe(429);
  const enrolments: number[] = [];
  for (let round = 0; round < 21; round += 1)
    enrolments.push((await enrol(session, sua, { ...makeKey(), key: "x" })).status);
  expect(enrolments.filter((status) => status === 429)).toHaveLength(1);
  const challenges: number[] = [];
  for (let round = 0; round < 125; round += 1)
    challenges.push((await bare.post("/v1/sign-in/challenge", undefined)).status);
  expect(challenges.slice(0, 110).every((status) => status === 200)).toBe(true);
  expect(challenges.at(-1)).toBe(429);
});
