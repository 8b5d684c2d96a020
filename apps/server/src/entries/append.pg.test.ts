import { beforeAll, afterAll, expect, test } from "vitest";
import { routes } from "@lientuyen/api";
import { verifyReceipt } from "@lientuyen/record";
import * as v from "valibot";
import { appendAsServer, makePrimitives } from "../index.ts";
import {
  central,
  makeKey,
  otherStation,
  Pen,
  province,
  sendCase,
  startNetwork,
  station,
  uuid,
  wholeFeed,
  type Client,
  type Network,
} from "../test/network.ts";

let network: Network;
let sua: Pen;
let thanh: Pen;
let stranger: Pen;
let suaClient: Client;
let thanhClient: Client;
let strangerClient: Client;

beforeAll(async () => {
  network = await startNetwork();
  sua = await network.person("sua", station, ["physicianAssistant"]);
  thanh = await network.person("thanh", province, ["physician", "coordinator"]);
  stranger = await network.person("phuc", otherStation, ["physician"]);
  [suaClient, thanhClient, strangerClient] = await Promise.all([
    network.signIn("sua"),
    network.signIn("thanh"),
    network.signIn("phuc"),
  ]);
});
afterAll(() => network.close());

const note = (pen: Pen, log: string, more = {}) =>
  pen.fact(log, { kind: "note", body: { text: "sưng đến trên mắt cá 6 cm" } }, more);
const codeOf = (answer: { answer: string; code?: string | undefined } | undefined): string =>
  `${answer?.answer} ${answer?.code ?? ""}`.trim();

test("a batch is received in order, with one signature for all and a chain without holes", async () => {
  const { log } = await sendCase(sua, suaClient);
  const { items } = v.parse(
    routes.caseEntries.out,
    await (await suaClient.get(`/v1/cases/${log.slice(5)}`)).json(),
  );
  expect(items.map(({ receipt }) => receipt.seq)).toEqual([1, 2, 3]);
  const publicKey = network.server.core.keys.receipt.publicKey;
  for (const { receipt } of items)
    expect(await verifyReceipt(makePrimitives(), receipt, publicKey)).toBe(true);
  expect(new Set(items.map(({ receipt }) => receipt.batch.sig)).size).toBe(1);
});

test("a repeat gets the same receipt, a hundred times, and twice in one batch", async () => {
  const { log, opened } = await sendCase(sua, suaClient);
  const { signed } = await note(sua, log, { after: [opened] });
  const [first, twin] = await suaClient.append(signed, signed);
  expect(first).toEqual(twin);
  for (let round = 0; round < 5; round += 1)
    expect((await suaClient.append(signed))[0]).toEqual(first);
  expect(
    await network.query("select count(*)::int as n from entry where id = $1", [first?.id]),
  ).toEqual([{ n: 1 }]);
});

test("wrong signature, unknown key, tampered body, broken canonical form: each its own code", async () => {
  const { log } = await sendCase(sua, suaClient);
  const { signed } = await note(sua, log);
  const other = await note(sua, log);
  const unknown = new Pen(sua.person, station, "sua", makeKey());
  const answers = await suaClient.append(
    { ...signed, sig: other.signed.sig },
    (await note(unknown, log)).signed,
    { ...other.signed, body: signed.body?.replace("6 cm", "9 cm") },
    { ...signed, header: `${signed.header} ` },
    { ...signed, header: signed.header.replace('"kind":"note"', '"kind":"Note"') },
    { header: signed.header, sig: signed.sig, body: signed.body },
  );
  expect(answers.map(codeOf)).toEqual([
    "refused bad_signature",
    "refused unknown_key",
    "refused body_hash_mismatch",
    "refused not_canonical",
    "refused bad_header",
    "refused bad_body",
  ]);
});

test("a body that nests too deeply is refused before any parser recurses", async () => {
  const { log } = await sendCase(sua, suaClient);
  const { signed } = await note(sua, log);
  const bomb = `{"text":${"[".repeat(90_000)}${"]".repeat(90_000)}}`;
  expect((await suaClient.append({ ...signed, body: bomb })).map(codeOf)).toEqual([
    "refused bad_body",
  ]);
});

test("unknown kind, impossible body, one refused entry blocks no other", async () => {
  const { log } = await sendCase(sua, suaClient);
  const odd = await sua.make({ log, kind: "horoscopeRead", body: {} });
  const empty = await sua.make({ log, kind: "note", body: { text: "" } });
  const good = await note(sua, log);
  const answers = await suaClient.append(odd.signed, empty.signed, good.signed);
  expect(answers.map(codeOf)).toEqual(["refused unknown_kind", "refused bad_body", "received"]);
});

test("the same id with other content is id_conflict, in this log and in another", async () => {
  const first = await sendCase(sua, suaClient);
  const second = await sendCase(sua, suaClient);
  const { signed, id } = await note(sua, first.log);
  await suaClient.append(signed);
  const again = await note(sua, first.log, { id, at: "2026-02-02T00:00:00.000Z" });
  const elsewhere = await note(sua, second.log, { id });
  expect((await suaClient.append(again.signed, elsewhere.signed)).map(codeOf)).toEqual([
    "refused id_conflict",
    "refused id_conflict",
  ]);
});

test("a counter used twice marks care as keyCloned and refuses an act", async () => {
  const { log, request } = await sendCase(sua, suaClient);
  const one = await note(sua, log, { n: 900 });
  const two = await note(sua, log, { n: 900 });
  const answers = await suaClient.append(one.signed, two.signed);
  expect(answers[1]).toMatchObject({ answer: "received", receipt: { marks: ["keyCloned"] } });
  const accept = await thanh.fact(
    log,
    { kind: "accepted", body: { request, expects: request } },
    { n: 901 },
  );
  const seen = await thanh.fact(log, { kind: "seen", body: {} }, { n: 901 });
  expect((await thanhClient.append(seen.signed, accept.signed)).map(codeOf)).toEqual([
    "received",
    "refused counter_reused",
  ]);
  // Both keys are flagged in their directories, each once, for everybody to read.
  await suaClient.append(two.signed);
  const { view } = await network.server.core.database.asSystem((tx) =>
    network.server.core.directory.current(tx),
  );
  const flagged = [...view.keys.values()].filter(({ cloned }) => cloned);
  expect(flagged.map(({ key }) => key).sort()).toEqual([sua.key.key, thanh.key.key].sort());
  const [statements] = await network.query(
    "select count(*)::int as n from entry where kind = 'keyCloned'",
  );
  expect(statements).toEqual({ n: 2 });
});

test("a stranger's case: refused to write, not found to read, absent from the feed", async () => {
  const { log, id } = await sendCase(sua, suaClient);
  const { signed } = await note(stranger, log);
  expect((await strangerClient.append(signed)).map(codeOf)).toEqual(["refused strangers_case"]);
  expect((await strangerClient.get(`/v1/cases/${id}`)).status).toBe(404);
  const feed = await wholeFeed(network, strangerClient);
  expect(feed.some(({ receipt }) => receipt.log === log)).toBe(false);
});

test("entries out of order within a batch and between batches", async () => {
  const id = uuid();
  const log = `case/${id}`;
  const opened = await sua.fact(log, {
    kind: "opened",
    body: { number: `T${id.slice(-6)}`, facility: station, mode: "support" },
  });
  const question = await sua.fact(
    log,
    { kind: "questionAsked", body: { text: "?" } },
    { after: [opened.hash] },
  );
  const request = await sua.fact(
    log,
    {
      kind: "requestSent",
      body: {
        to: province,
        specialty: "toxicology",
        urgency: "urgent",
        questions: [question.hash],
      },
    },
    { after: [question.hash] },
  );
  expect((await suaClient.append(question.signed)).map(codeOf)).toEqual(["later unknown_log"]);
  const answers = await suaClient.append(request.signed, question.signed, opened.signed);
  expect(
    answers.map((answer) => (answer.answer === "received" ? answer.receipt.seq : codeOf(answer))),
  ).toEqual([3, 2, 1]);
  expect(
    answers.flatMap((answer) => (answer.answer === "received" ? answer.receipt.marks : [])),
  ).toEqual([]);
});

test("an unknown `after` is received with the mark gap; an unknown target waits", async () => {
  const { log, request } = await sendCase(sua, suaClient);
  const unsent = await note(sua, log);
  const gap = await note(sua, log, { after: [unsent.hash] });
  const missing = await sua.fact(log, { kind: "questionAsked", body: { text: "Gì nữa?" } });
  const opinion = await thanh.fact(log, {
    kind: "opinionGiven",
    body: { request, question: missing.hash, text: "có", confidence: "high", replaces: [] },
  });
  expect((await suaClient.append(gap.signed))[0]).toMatchObject({
    answer: "received",
    receipt: { marks: ["gap"] },
  });
  expect((await thanhClient.append(opinion.signed)).map(codeOf)).toEqual(["later retry_later"]);
  expect((await suaClient.append(missing.signed)).map(codeOf)).toEqual(["received"]);
  expect((await thanhClient.append(opinion.signed)).map(codeOf)).toEqual(["received"]);
});

test("what stands on a refused entry is refused with it, in the same batch and later", async () => {
  const { log, question, request } = await sendCase(sua, suaClient);
  const refused = await sua.fact(log, {
    kind: "requestSent",
    body: { to: "09999", specialty: "toxicology", urgency: "urgent", questions: [question] },
  });
  const withdrawn = await sua.fact(log, {
    kind: "requestWithdrawn",
    body: { request: refused.hash, reason: "nhầm" },
  });
  const changed = await sua.fact(log, {
    kind: "urgencyChanged",
    body: { request: refused.hash, urgency: "routine", reason: "đỡ" },
  });
  const free = await sua.fact(log, {
    kind: "urgencyChanged",
    body: { request, urgency: "emergency", reason: "nặng hơn", worse: true },
  });
  expect(
    (await suaClient.append(refused.signed, withdrawn.signed, free.signed)).map(codeOf),
  ).toEqual(["refused unknown_facility", "refused target_refused", "received"]);
  expect((await suaClient.append(changed.signed)).map(codeOf)).toEqual(["refused target_refused"]);
});

test("a case whose opening was refused takes its entries with it", async () => {
  const log = `case/${uuid()}`;
  const opened = await sua.fact(log, {
    kind: "opened",
    body: { number: "T1", facility: province, mode: "support" },
  });
  const first = await note(sua, log);
  expect((await suaClient.append(opened.signed, first.signed)).map(codeOf)).toEqual([
    "refused bad_body",
    "refused target_refused",
  ]);
  expect((await suaClient.append((await note(sua, log)).signed)).map(codeOf)).toEqual([
    "refused target_refused",
  ]);
});

test("without a contract only an emergency passes, marked", async () => {
  const id = uuid();
  const log = `case/${id}`;
  const opened = await sua.fact(log, {
    kind: "opened",
    body: { number: `T${id.slice(-6)}`, facility: station, mode: "support" },
  });
  const question = await sua.fact(log, { kind: "questionAsked", body: { text: "?" } });
  const body = { to: central, specialty: "toxicology", questions: [question.hash] };
  const urgent = await sua.fact(log, { kind: "requestSent", body: { ...body, urgency: "urgent" } });
  const emergency = await sua.fact(log, {
    kind: "requestSent",
    body: { ...body, urgency: "emergency" },
  });
  const answers = await suaClient.append(
    opened.signed,
    question.signed,
    urgent.signed,
    emergency.signed,
  );
  expect(answers.slice(2).map(codeOf)).toEqual(["refused no_contract", "received"]);
  expect(answers[3]).toMatchObject({ receipt: { marks: ["noContract"] } });
});

test("of two who accept at once the first wins; the second learns that the head moved", async () => {
  const { log, request } = await sendCase(sua, suaClient);
  const second = await network.person(`second-${uuid().slice(-6)}`, province, ["physician"]);
  const accepts = await Promise.all(
    [thanh, second].map((pen) =>
      pen.fact(log, { kind: "accepted", body: { request, expects: request } }),
    ),
  );
  const answers = (
    await Promise.all(accepts.map(({ signed }) => thanhClient.append(signed)))
  ).flat();
  expect(answers.map(codeOf).sort()).toEqual(["received", "refused head_moved"]);
});

test("a clock years off is received and marked; an unconfirmed key too", async () => {
  const { log } = await sendCase(sua, suaClient);
  const young = await network.person(`young-${uuid().slice(-6)}`, station, ["nurse"], false);
  const past = await note(sua, log, { at: "2019-01-01T00:00:00.000Z" });
  const future = await note(young, log, { at: "2031-01-01T00:00:00.000Z" });
  const answers = await suaClient.append(past.signed, future.signed);
  expect(answers).toMatchObject([
    { receipt: { marks: ["clockDoubtful"] } },
    { receipt: { marks: ["clockDoubtful", "unconfirmedKey"] } },
  ]);
});

test("a disowned key's entries wait, what stands on them waits too, the administrator lets them in", async () => {
  const account = `lost-${uuid().slice(-6)}`;
  const lost = await network.person(account, station, ["physicianAssistant"]);
  const admin = await network.person(`it-${uuid().slice(-6)}`, station, ["itAdministrator"]);
  const { log } = await sendCase(sua, suaClient);
  const disowned = await admin.make({
    log: `directory/${station}`,
    kind: "keyDisowned",
    body: { key: lost.key.key, reason: "mất máy" },
  });
  expect((await suaClient.append(disowned.signed)).map(codeOf)).toEqual(["received"]);
  const waiting = await lost.fact(log, {
    kind: "questionAsked",
    body: { text: "Câu hỏi từ máy mất" },
  });
  const dependent = await sua.fact(log, {
    kind: "messageSent",
    body: { text: "về câu ấy", answers: waiting.hash },
  });
  expect((await suaClient.append(waiting.signed)).map(codeOf)).toEqual([
    "quarantined disowned_key",
  ]);
  expect((await suaClient.append(waiting.signed, dependent.signed)).map(codeOf)).toEqual([
    "quarantined disowned_key",
    "later retry_later",
  ]);
  const client = await network.signIn(admin.account);
  expect(await (await client.get("/v1/quarantine")).json()).toMatchObject({
    rows: [{ entry: waiting.hash, person: lost.person, log }],
  });
  const release = await admin.make({
    log: `directory/${station}`,
    kind: "entryReleased",
    body: { entry: waiting.hash, reason: "đã hỏi lại" },
  });
  expect((await client.append(release.signed)).map(codeOf)).toEqual(["received"]);
  expect((await suaClient.append(waiting.signed))[0]).toMatchObject({
    answer: "received",
    receipt: { marks: ["released"] },
  });
  expect((await suaClient.append(dependent.signed)).map(codeOf)).toEqual(["received"]);
  expect(await (await client.get("/v1/quarantine")).json()).toEqual({ rows: [] });
});

test("an author releases by another key what the disowned one had signed", async () => {
  const lost = await network.person(`two-${uuid().slice(-6)}`, station, ["physicianAssistant"]);
  const key = makeKey();
  const directory = `directory/${station}`;
  await appendAsServer(network.server.core, [
    { log: directory, kind: "deviceEnrolled", body: { device: key.device, name: "PC 2" } },
    {
      log: directory,
      kind: "keyCertified",
      body: { key: key.key, publicKey: key.publicKey, person: lost.person, device: key.device },
    },
    { log: directory, kind: "keyConfirmed", body: { key: key.key } },
    { log: directory, kind: "keyDisowned", body: { key: lost.key.key, reason: "mất" } },
  ]);
  const { log } = await sendCase(sua, suaClient);
  const waiting = await note(lost, log);
  await suaClient.append(waiting.signed);
  const release = await new Pen(lost.person, station, lost.account, key).make({
    log: directory,
    kind: "entryReleased",
    body: { entry: waiting.hash, reason: "của tôi" },
  });
  expect((await suaClient.append(release.signed)).map(codeOf)).toEqual(["received"]);
  expect((await suaClient.append(waiting.signed))[0]).toMatchObject({
    receipt: { marks: ["released"] },
  });
});

test("the installation's log and the server's key are the server's alone", async () => {
  const { signed } = await sua.make({
    log: "installation",
    kind: "epochStarted",
    body: { epoch: 7, reason: "x" },
  });
  const added = await sua.make({
    log: `directory/${station}`,
    kind: "roleGranted",
    body: { person: sua.person, role: "facilityHead", from: "2026-01-01T00:00:00.000Z" },
  });
  expect((await suaClient.append(signed, added.signed)).map(codeOf)).toEqual([
    "refused unknown_key",
    "refused role_forbids",
  ]);
});

test("a patient's log belongs to its facility", async () => {
  const log = `patient/${station}/${uuid()}`;
  const body = { facility: station, identity: { name: "Giàng A Dế", sex: "male" } };
  const registered = await sua.make({ log, kind: "patientRegistered", body });
  const foreign = await thanh.make({
    log: `patient/${station}/${uuid()}`,
    kind: "patientRegistered",
    body,
  });
  expect((await suaClient.append(registered.signed)).map(codeOf)).toEqual(["received"]);
  expect((await thanhClient.append(foreign.signed)).map(codeOf)).toEqual([
    "refused strangers_case",
  ]);
  const has = async (client: Client) =>
    (await wholeFeed(network, client)).some(({ receipt }) => receipt.log === log);
  expect([await has(suaClient), await has(thanhClient)]).toEqual([true, false]);
});

test("entries of a case offered again by the other facility's device are judged by who signed them", async () => {
  const { log, request } = await sendCase(sua, suaClient);
  const accept = await thanh.fact(log, { kind: "accepted", body: { request, expects: request } });
  const own = await note(sua, log);
  const answers = await suaClient.append(own.signed, accept.signed);
  expect(answers.map(codeOf)).toEqual(["received", "received"]);
});

test("concurrent writers of one case: every seq once, the chain unbroken", async () => {
  const { log, id, opened } = await sendCase(sua, suaClient);
  const notes = await Promise.all(
    Array.from({ length: 24 }, () => note(sua, log, { after: [opened] })),
  );
  const answers = (await Promise.all(notes.map(({ signed }) => suaClient.append(signed)))).flat();
  const seqs = answers.flatMap((answer) =>
    answer.answer === "received" ? [answer.receipt.seq] : [],
  );
  expect(seqs.sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, index) => index + 4));
  expect((await suaClient.get(`/v1/cases/${id}`)).status).toBe(200);
});
