import { webcrypto } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { createClock } from "./clock.ts";
import { httpNetwork } from "./http.ts";
import { webPrimitives } from "./primitives.ts";

/** A server of one answer; what it was asked is kept. */
type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(answer: Answer) {
  const asked: {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingMessage["headers"];
    readonly body: Buffer;
  }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts);
      asked.push({
        method: request.method ?? "",
        url: request.url ?? "",
        headers: request.headers,
        body,
      });
      answer(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  // A clock a thousand times as fast: 30 s of patience are 30 ms.
  const quick = createClock({
    setTimeout: (then, ms) => setTimeout(then, ms / 1_000),
    clearTimeout,
    now: () => Date.now(),
    elapsed: () => performance.now() * 1_000,
  });
  const real = createClock({
    setTimeout,
    clearTimeout,
    now: () => Date.now(),
    elapsed: () => performance.now(),
  });
  const network = (hasty = false) =>
    httpNetwork({
      baseUrl: `http://127.0.0.1:${port}`,
      fetch: (url, { signal, ...init }) =>
        fetch(url, { ...init, ...(signal instanceof AbortSignal ? { signal } : {}) }),
      clock: hasty ? quick : real,
      primitives,
      device,
      csrf: () => "token",
      headers: () => ({ cookie: "a=b" }),
    });
  return { network, asked };
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
const primitives = webPrimitives(webcrypto.subtle);
const device = "01930000-0000-7000-8000-000000000001";
const never = new AbortController().signal;
const entry = { header: '{"id":"i","log":"case/l"}'.padEnd(700, " "), sig: "A".repeat(86) };

test("a batch goes gzipped, with protocol, CSRF token and cookie", async () => {
  const { network, asked } = await serve(json(200, { answers: [], batches: [] }));
  const answer = await network().postEntries([entry], never);
  expect(answer).toMatchObject({ result: "ok", answers: [] });
  const [request] = asked;
  expect(request?.headers).toMatchObject({
    "content-encoding": "gzip",
    "x-lientuyen-protocol": "1",
    "x-lientuyen-csrf": "token",
    cookie: "a=b",
  });
  expect(JSON.parse(gunzipSync(request?.body ?? "").toString())).toEqual({
    headers: [entry.header],
    bodies: [null],
    salts: "",
    sigs: entry.sig,
  });
  expect(request?.url).toBe("/v1/entries/packed");
  expect(answer).toMatchObject({ sentBytes: request?.body.length });
});

test.each([
  [401, { error: "not_signed_in" }, {}, { result: "signInNeeded" }],
  [403, { error: "csrf" }, {}, { result: "signInNeeded" }],
  [403, { error: "forbidden" }, {}, { result: "refused", status: 403, code: "forbidden" }],
  [426, { error: "old_protocol" }, {}, { result: "oldProtocol" }],
  [
    503,
    { error: "unavailable" },
    { "retry-after": "7" },
    { result: "unavailable", retryAfterMs: 7_000 },
  ],
  [500, { error: "internal", reference: "x" }, {}, { result: "unavailable" }],
  [502, "<html>", {}, { result: "unavailable" }],
  [429, { error: "too_many" }, {}, { result: "unavailable" }],
  [413, { error: "too_large" }, {}, { result: "refused", status: 413, code: "too_large" }],
  [
    400,
    { error: "bad_request", detail: "entries" },
    {},
    { result: "refused", status: 400, code: "bad_request", detail: "entries" },
  ],
  [507, { error: "storage_full" }, {}, { result: "refused", status: 507, code: "storage_full" }],
  [200, { nonsense: true }, {}, { result: "offline" }],
])("status %i %j means %j %j", async (status, body, headers, expected) => {
  const { network } = await serve(json(status, body, headers));
  expect(await network().postEntries([entry], never)).toMatchObject(expected);
});

test("S9 an answer that breaks off in the middle, says nothing, or is a hotel's page is no answer", async () => {
  const broken: readonly Answer[] = [
    (_request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write('{"epoch":1,"items":[');
      setTimeout(() => response.destroy(), 5);
    },
    (_request, response) => response.destroy(),
    (_request, response) => response.end("<html>Wi-Fi</html>"),
    (_request, response) => response.writeHead(302, { location: "/login" }).end(),
  ];
  for (const answer of broken) {
    const { network } = await serve(answer);
    expect(await network().getFeed(undefined, { limit: 100, whole: false }, never)).toEqual({
      result: "offline",
    });
  }
  const { network } = await serve(() => undefined);
  const place = { epoch: 2, position: 7 };
  expect(await network(true).getFeed(place, { limit: 100, whole: false }, never)).toEqual({
    result: "offline",
  });
});

const emptyPage = {
  epoch: 2,
  next: 7,
  more: false,
  positions: [],
  entries: { headers: [], bodies: [], salts: "", sigs: "" },
  batches: [],
  loose: [],
  own: [],
};

test("the feed is asked for after its epoch and position, without the device's own entries unless they are wanted", async () => {
  const { network, asked } = await serve(json(200, emptyPage));
  const place = { epoch: 2, position: 7 };
  expect(await network().getFeed(place, { limit: 50, whole: false }, never)).toEqual({
    result: "ok",
    page: { epoch: 2, items: [], own: [], next: 7, more: false },
  });
  await network().getFeed(place, { limit: 50, whole: true }, never);
  expect(asked.map(({ url }) => url)).toEqual([
    `/v1/feed/packed?epoch=2&after=7&limit=50&device=${device}`,
    "/v1/feed/packed?epoch=2&after=7&limit=50",
  ]);
  expect(asked[0]?.headers["x-lientuyen-csrf"]).toBeUndefined();
});

test("S31 a server of before, which does not know the packed form, is asked and told in the form of before", async () => {
  const { network, asked } = await serve((request, response) => {
    const plain = request.url?.includes("packed") !== true;
    response.writeHead(plain ? 200 : 404, { "content-type": "application/json" });
    const page = { epoch: 2, items: [], next: 7, more: false, answers: [] };
    response.end(JSON.stringify(plain ? page : { error: "not_found" }));
  });
  const line = network();
  expect(await line.getFeed(undefined, { limit: 50, whole: false }, never)).toMatchObject({
    result: "ok",
    page: { next: 7, own: [] },
  });
  expect(await line.postEntries([entry], never)).toMatchObject({ result: "ok", answers: [] });
  expect(asked.map(({ url }) => url)).toEqual([
    "/v1/feed/packed?limit=50&device=" + device,
    "/v1/feed?limit=50",
    "/v1/entries",
  ]);
  expect(JSON.parse(gunzipSync(asked[2]?.body ?? "").toString())).toEqual({ entries: [entry] });
});

test("the wake calls when it stands and for each event, and ends with its signal or with silence", async () => {
  const { network } = await serve((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(": alive\n\ndata: 1\n");
    setTimeout(() => response.write("\ndata: 2\n\n"), 10);
  });
  let calls = 0;
  const stopper = new AbortController();
  const ended = network().wake(() => {
    calls += 1;
    if (calls === 3) stopper.abort();
  }, stopper.signal);
  expect(await ended).toEqual({ result: "offline" });
  expect(calls).toBe(3);
  expect(await network(true).wake(() => undefined, never)).toEqual({ result: "offline" });
});

test("S15 a stopped request ends at once", async () => {
  const { network } = await serve(() => undefined);
  const stopper = new AbortController();
  setTimeout(() => stopper.abort(), 10);
  const began = performance.now();
  expect(await network().filesHeld("case/x", stopper.signal)).toEqual({ result: "offline" });
  expect(performance.now() - began).toBeLessThan(1_000);
});

test("S19 the three requests of tus carry what the protocol asks", async () => {
  const { network, asked } = await serve((request, response) => {
    if (request.method === "POST")
      response.writeHead(201, { location: "http://elsewhere/v1/files/abc" });
    else
      response.writeHead(request.method === "HEAD" ? 200 : 204, {
        "upload-offset": request.method === "HEAD" ? "3" : "5",
      });
    response.end();
  });
  const made = await network().createUpload(
    { log: "case/1", hash: "h", size: 5, type: "image/jpeg" },
    never,
  );
  expect(made).toEqual({ result: "ok", url: "/v1/files/abc" });
  expect(await network().uploadOffset("/v1/files/abc", never)).toEqual({ result: "ok", offset: 3 });
  expect(await network().sendChunk("/v1/files/abc", 3, Uint8Array.of(1, 2), never)).toEqual({
    result: "ok",
    offset: 5,
  });
  expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "POST /v1/files",
    "HEAD /v1/files/abc",
    "PATCH /v1/files/abc",
  ]);
  expect(asked[0]?.headers).toMatchObject({
    "tus-resumable": "1.0.0",
    "upload-length": "5",
    "upload-metadata": `log ${btoa("case/1")},hash ${btoa("h")},type ${btoa("image/jpeg")}`,
  });
  expect(asked[2]?.headers).toMatchObject({
    "upload-offset": "3",
    "content-type": "application/offset+octet-stream",
  });
});

test.each([
  [404, { result: "gone" }],
  [410, { result: "gone" }],
  [409, { result: "moved" }],
  [423, { result: "moved" }],
  [422, { result: "refused", status: 422, code: "file_hash_mismatch" }],
])("S19 a chunk answered with %i is %j", async (status, expected) => {
  const { network } = await serve(
    json(status, { error: status === 422 ? "file_hash_mismatch" : "x" }),
  );
  expect(await network().sendChunk("/v1/files/abc", 0, Uint8Array.of(1), never)).toMatchObject(
    expected,
  );
});

test("a file is read on from a byte, whether the server honours ranges or not", async () => {
  const { network } = await serve((request, response) => {
    if (request.headers.range === "bytes=2-")
      response.writeHead(206, { "content-range": "bytes 2-4/5" }).end("cde");
    else response.end("abcde");
  });
  expect(await network().getFile("case/1", "h", 2, never)).toEqual({
    result: "ok",
    bytes: new TextEncoder().encode("cde"),
    total: 5,
  });
  expect(await network().getFile("case/1", "h", 1, never)).toEqual({
    result: "ok",
    bytes: new TextEncoder().encode("bcde"),
    total: 5,
  });
});
