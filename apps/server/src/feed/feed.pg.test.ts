import { afterAll, beforeAll, expect, test } from "vitest";
import { routes } from "@lientuyen/api";
import * as v from "valibot";
import {
  province,
  sendCase,
  startNetwork,
  textsOf,
  station,
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
  sua = await network.person("sua", station, ["physicianAssistant"]);
  await network.person("thanh", province, ["physician"]);
  [suaClient, thanhClient] = await Promise.all([network.signIn("sua"), network.signIn("thanh")]);
});
afterAll(() => network.close());

const page = async (client: Client, after: number, more = "") =>
  v.parse(routes.feed.out, await (await client.get(`/v1/feed?after=${after}${more}`)).json());

test("a reader that follows while twenty write at once misses nothing and sees nothing twice", async () => {
  const cases = await Promise.all(Array.from({ length: 5 }, () => sendCase(sua, suaClient)));
  const seen: string[] = [];
  let after = 0;
  const state = { writing: true };
  const read = async (): Promise<void> => {
    const { items, next } = await page(thanhClient, after, "&limit=7");
    seen.push(...items.map(({ receipt }) => receipt.entry));
    expect(next).toBeGreaterThanOrEqual(after);
    after = next;
  };
  const reader = (async () => {
    while (state.writing) await read();
  })();
  const written = await Promise.all(
    Array.from({ length: 20 }, async (_, writer) => {
      const made: string[] = [];
      for (let round = 0; round < 6; round += 1) {
        const log = cases[(writer + round) % cases.length]?.log ?? "";
        const { signed, hash } = await sua.fact(log, {
          kind: "note",
          body: { text: `ghi ${writer}.${round}` },
        });
        const [answer] = await suaClient.append(signed);
        expect(answer?.answer).toBe("received");
        made.push(hash);
      }
      return made;
    }),
  );
  state.writing = false;
  await reader;
  await network.server.settleFeed();
  for (let before = -1; before !== after;) {
    before = after;
    await read();
  }
  const expected = written.flat();
  expect(expected.filter((hash) => !seen.includes(hash))).toEqual([]);
  expect(new Set(seen).size).toBe(seen.length);
});

test("positions of another epoch say nothing: the reader begins anew", async () => {
  const { next, epoch } = await page(suaClient, 0);
  expect((await page(suaClient, next, `&epoch=${epoch}`)).items).toEqual([]);
  expect((await page(suaClient, next, `&epoch=${epoch + 1}`)).items.length).toBeGreaterThan(0);
});

test("the wake stream tells of an entry of the other facility", async () => {
  const { id, log } = await sendCase(sua, suaClient);
  expect(id).not.toBe("");
  await network.server.settleFeed();
  const stop = new AbortController();
  const response = await thanhClient.send("/v1/feed/wake", { signal: stop.signal });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const positions: number[] = [];
  let tell = (): void => undefined;
  const reading = (async () => {
    for await (const text of textsOf(response)) {
      for (const [, position] of text.matchAll(/data: (\d+)/g)) positions.push(Number(position));
      tell();
    }
  })().catch(() => undefined);
  const grown = (count: number) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("not woken")), 30_000);
      tell = () => {
        if (positions.length < count) return;
        clearTimeout(timer);
        resolve();
      };
      tell();
    });
  await grown(1);
  await suaClient.append((await sua.fact(log, { kind: "note", body: { text: "mới" } })).signed);
  await grown(2);
  expect(positions[1]).toBeGreaterThan(positions[0] ?? Infinity);
  stop.abort();
  await reading;
});

test("an old protocol is told so", async () => {
  const response = await suaClient.get("/v1/feed", { "x-lientuyen-protocol": "0" });
  expect([response.status, await response.json()]).toEqual([426, { error: "old_protocol" }]);
});
