import { randomInt } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEntry, withheldAmong, type CaseFact, type FoldInput } from "@lientuyen/record";
import { makePrimitives } from "../index.ts";
import {
  province,
  random,
  sendCase,
  startNetwork,
  station,
  wholeFeed,
  type Client,
  type Network,
  type Pen,
} from "../test/network.ts";

let network: Network;
let sua: Pen;
let suaClient: Client;
let thanhClient: Client;

beforeAll(async () => {
  network = await startNetwork();
  sua = await network.person("sua", station, ["physicianAssistant", "facilityHead"]);
  await network.person("thanh", province, ["physician"]);
  [suaClient, thanhClient] = await Promise.all([network.signIn("sua"), network.signIn("thanh")]);
});
afterAll(() => network.close());

const fileOf = () => ({
  hash: Buffer.from(random(32)).toString("base64url"),
  size: 10,
  type: "image/jpeg",
});
const picture = (originalOf?: string, file = fileOf()): CaseFact => ({
  kind: "fileAdded",
  body: { file, role: "photo", ...(originalOf === undefined ? {} : { originalOf }) },
});
const note = (text: string): CaseFact => ({ kind: "note", body: { text } });
const withheld = (target: string, effect: "hide" | "destroy"): CaseFact => ({
  kind: "withheld",
  body: { target, ground: "wrongPatient", effect },
});
const correctionOf = (target: string, body: unknown): CaseFact => ({
  kind: "correction",
  body: { target, reason: "nhầm", body },
});

const write = async (log: string, fact: CaseFact): Promise<string> => {
  const { signed, hash } = await sua.fact(log, fact);
  const [answer] = await suaClient.append(signed);
  expect(answer, JSON.stringify([fact.kind, answer])).toMatchObject({ answer: "received" });
  return hash;
};

const bodiesIn = async (client: Client, hashes: readonly string[]) =>
  (await wholeFeed(network, client))
    .filter(({ receipt }) => hashes.includes(receipt.entry))
    .map(({ entry }) => entry.body);

/** Where a body lies: with the others, sealed away, or nowhere. */
const placesOf = async (hashes: readonly string[]) => {
  const rows = await network.query(
    "select h as hash, b.entry is not null as here, s.entry is not null as sealed from unnest($1::text[]) h left join body b on b.entry = h left join sealed_body s on s.entry = h",
    [hashes],
  );
  const placeOf = (row: Record<string, unknown>): string =>
    row["here"] === true
      ? row["sealed"] === true
        ? "both"
        : "here"
      : row["sealed"] === true
        ? "hide"
        : "destroy";
  return new Map(rows.map((row) => [String(row["hash"]), placeOf(row)]));
};

test("I17 withholding reaches corrections and the full original, before and after it, in every feed", async () => {
  const { log, id } = await sendCase(sua, suaClient);
  const small = await write(log, picture());
  const original = await write(log, picture(small));
  const words = await write(log, note("của người khác"));
  const mended = await write(log, correctionOf(words, { text: "vẫn của người khác" }));
  await write(log, withheld(small, "hide"));
  await write(log, withheld(words, "hide"));
  const lateBody = picture(small);
  const late = await write(log, lateBody);
  const lateName = await write(log, correctionOf(late, { ...lateBody.body, caption: "đến muộn" }));
  const all = [small, original, words, mended, late, lateName];
  for (const client of [suaClient, thanhClient])
    expect(await bodiesIn(client, all)).toEqual(all.map(() => undefined));
  const answer = await (await thanhClient.get(`/v1/cases/${id}`)).text();
  expect(answer).not.toMatch(/người khác|đến muộn/);
  expect([...(await placesOf(all)).values()]).toEqual(all.map(() => "hide"));
});

test("I17 what was hidden is destroyed when that is asked later, with all that followed it", async () => {
  const { log } = await sendCase(sua, suaClient);
  const taken = picture();
  const small = await write(log, taken);
  const original = await write(log, picture(small));
  const renamed = await write(
    log,
    correctionOf(small, { ...taken.body, caption: "tên bệnh nhân" }),
  );
  await write(log, withheld(small, "hide"));
  await write(log, withheld(small, "destroy"));
  // The original's own words, which said what it is the original of, are gone: a correction of it goes too.
  const late = await write(log, correctionOf(original, { ...taken.body, caption: "vẫn là tên" }));
  const all = [small, original, renamed, late];
  expect([...(await placesOf(all)).values()]).toEqual(all.map(() => "destroy"));
});

test("I17 a file that arrives after it was destroyed does not stay; one that another entry names does", async () => {
  const { log } = await sendCase(sua, suaClient);
  const [gone, shared] = [fileOf(), fileOf()];
  const one = await write(log, picture(undefined, gone));
  const two = await write(log, picture(undefined, shared));
  await write(log, picture(undefined, shared));
  await write(log, withheld(one, "destroy"));
  await write(log, withheld(two, "destroy"));
  expect(
    await network.query("select hash, erased from destroyed_file where log = $1", [log]),
  ).toEqual([{ hash: gone.hash, erased: true }]);
});

test("I17 words with a NUL in them stop neither files nor withholding", async () => {
  const { log, id } = await sendCase(sua, suaClient);
  const file = fileOf();
  const target = await write(log, {
    kind: "fileAdded",
    body: { file, role: "photo", caption: "a\u0000\u0000b\\u0000 \\" },
  });
  await write(log, note("\u0000"));
  expect((await suaClient.get(`/v1/cases/${id}/files/${file.hash}`)).status).toBe(404);
  await write(log, withheld(target, "destroy"));
  expect(await placesOf([target])).toEqual(new Map([[target, "destroy"]]));
});

test("I17 whatever the order, the database holds what withheldAmong leaves", async () => {
  for (let round = 0; round < 6; round += 1) {
    const { log } = await sendCase(sua, suaClient);
    const inputs: FoldInput[] = [];
    const hashes: string[] = [];
    const any = (): string => hashes[randomInt(hashes.length)] ?? "";
    const choices: readonly (() => CaseFact)[] = [
      () => note("x"),
      () => picture(),
      () => picture(any()),
      () => correctionOf(any(), { text: "y" }),
      () => withheld(any(), "hide"),
      () => withheld(any(), "destroy"),
    ];
    for (let step = 0; step < 25; step += 1) {
      const fact = step === 0 ? picture() : (choices[randomInt(choices.length)]?.() ?? note("x"));
      const { signed, hash } = await sua.fact(log, fact);
      const [answer] = await suaClient.append(signed);
      // The table of rights refuses some of these; what it takes is what counts.
      if (answer?.answer !== "received") continue;
      const read = await parseEntry(makePrimitives(), signed);
      if (!read.ok) throw new Error("unreadable");
      hashes.push(hash);
      const { seq, receivedAt, marks } = answer.receipt;
      const author = { person: sua.person, facility: sua.facility, device: sua.key.device };
      inputs.push({ entry: read.entry, author, receipt: { seq, receivedAt, marks } });
    }
    const reached = withheldAmong(inputs);
    const expected = hashes.map((hash) => [hash, reached.get(hash)?.effect ?? "here"] as const);
    const places = await placesOf(hashes);
    expect(expected.map(([hash]) => [hash, places.get(hash)])).toEqual(expected);
  }
});
