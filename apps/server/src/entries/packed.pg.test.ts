import { afterAll, beforeAll, expect, test } from "vitest";
import {
  packEntries,
  routes,
  unpackEntries,
  unpackReceipts,
  type FeedItem,
  type Receivable,
} from "@lientuyen/api";
import { hashText, parseEntry, type Receipt, type SignedEntry } from "@lientuyen/record";
import * as v from "valibot";
import { makePrimitives } from "../index.ts";
import {
  province,
  sendCase,
  startNetwork,
  station,
  uuid,
  wholeFeed,
  type Client,
  type Network,
  type Pen,
} from "../test/network.ts";

let network: Network;
let sua: Pen;
let suaClient: Client;
let thanhClient: Client;
const p = makePrimitives();

beforeAll(async () => {
  network = await startNetwork();
  sua = await network.person("sua", station, ["physicianAssistant"]);
  await network.person("thanh", province, ["physician"]);
  [suaClient, thanhClient] = await Promise.all([network.signIn("sua"), network.signIn("thanh")]);
});
afterAll(() => network.close());

async function namesOf(entries: readonly SignedEntry[]): Promise<readonly Receivable[]> {
  return Promise.all(
    entries.map(async ({ header, sig, body, salt }) => {
      const read = await parseEntry(p, { header, sig, body, salt });
      return { sig, hash: await hashText(p, header), log: read.ok ? read.entry.header.log : "" };
    }),
  );
}

async function receiptsOf(
  entries: readonly SignedEntry[],
  batches: v.InferOutput<typeof routes.packedEntries.out>["batches"],
): Promise<ReadonlyMap<number, Receipt>> {
  const names = await namesOf(entries);
  const found = await Promise.all(batches.map((batch) => unpackReceipts(p, names, batch)));
  return new Map(found.flatMap((batch) => [...(batch ?? [])]));
}

const post = async (entries: readonly SignedEntry[]) => {
  const response = await suaClient.post("/v1/entries/packed", await packEntries(p, entries));
  return v.parse(routes.packedEntries.out, await response.json());
};

test("S31 S32 a packed batch is answered with the same receipts as it would have been one by one", async () => {
  const cases = await Promise.all([sendCase(sua, suaClient), sendCase(sua, suaClient)]);
  const entries: SignedEntry[] = [];
  for (const { log } of cases)
    for (let i = 0; i < 5; i += 1) {
      const { signed } = await sua.fact(log, { kind: "note", body: { text: `sưng ${i}` } });
      entries.push(signed);
    }
  const refused = await sua.fact(`case/${uuid()}`, { kind: "note", body: { text: "lạc" } });
  entries.splice(3, 0, refused.signed);
  const answer = await post(entries);
  expect(answer.batches).toHaveLength(2);
  expect(answer.answers.map((each) => each.answer)).toEqual(["later"]);
  const receipts = await receiptsOf(entries, answer.batches);
  const plain = await suaClient.append(...entries);
  expect(entries.map((_, at) => receipts.get(at))).toEqual(
    plain.map((each) => (each.answer === "received" ? each.receipt : undefined)),
  );
  // Sent once more because the answer was lost: the same again.
  const again = await post(entries);
  expect(await receiptsOf(entries, again.batches)).toEqual(receipts);
});

/** The packed feed read to its end, put together again. */
async function packedFeed(client: Client, more: string) {
  const items: FeedItem[] = [];
  const own: v.InferOutput<typeof routes.packedFeed.out>["own"] = [];
  for (let after = 0; ;) {
    const response = await client.get(`/v1/feed/packed?limit=9&after=${after}${more}`);
    const page = v.parse(routes.packedFeed.out, await response.json());
    const entries = (await unpackEntries(p, page.entries)) ?? [];
    const receipts = new Map(await receiptsOf(entries, page.batches));
    for (const { of, receipt } of page.loose) receipts.set(of, receipt);
    for (const [at, entry] of entries.entries()) {
      const receipt = receipts.get(at);
      if (receipt === undefined) throw new Error("an entry without its receipt");
      items.push({ position: page.positions[at] ?? 0, entry, receipt });
    }
    own.push(...page.own);
    after = page.next;
    if (!page.more) return { items, own };
  }
}

test("S30 S31 the packed feed is the feed; of what the asking device wrote it only names the runs", async () => {
  await sendCase(sua, suaClient);
  const whole = await wholeFeed(network, thanhClient);
  expect((await packedFeed(thanhClient, "")).items).toEqual(whole);
  expect((await packedFeed(thanhClient, `&device=${uuid()}`)).items).toEqual(whole);

  const mine = await wholeFeed(network, suaClient);
  const isMine = ({ receipt }: FeedItem) => receipt.log.startsWith("case/");
  const { items, own } = await packedFeed(suaClient, `&device=${sua.key.device}`);
  expect(items).toEqual(mine.filter((item) => !isMine(item)));
  const named = own.flatMap(({ log, from, to }) =>
    Array.from({ length: to - from + 1 }, (_, i) => `${log} ${from + i}`),
  );
  expect(named).toEqual(mine.filter(isMine).map(({ receipt: { log, seq } }) => `${log} ${seq}`));
  const chains = new Set(mine.map(({ receipt: { log, seq, chain } }) => `${log} ${seq} ${chain}`));
  expect(own.every(({ log, to, chain }) => chains.has(`${log} ${to} ${chain}`))).toBe(true);
});

test("S31 what cannot be unpacked is refused whole, like any other bad request", async () => {
  const { signed } = await sua.fact(`case/${uuid()}`, { kind: "note", body: { text: "một" } });
  const packed = await packEntries(p, [signed]);
  for (const bad of [
    { ...packed, sigs: "" },
    { ...packed, headers: ["\t7\t"] },
    { ...packed, more: 1 },
  ]) {
    const response = await suaClient.post("/v1/entries/packed", bad);
    expect(response.status).toBe(400);
  }
});
