import { expect, test } from "vitest";
import { call, protocol, type Fetch } from "./index.ts";

const answering = (status: number, text: string) => {
  const seen: { url: string; headers: Readonly<Record<string, string>>; body: unknown }[] = [];
  const fetch: Fetch = (url, { headers, body }) => {
    seen.push({ url, headers, body });
    return Promise.resolve({ status, text: () => Promise.resolve(text) });
  };
  return { fetch, seen };
};

test("a value comes back typed; protocol and CSRF go with it", async () => {
  const { fetch, seen } = answering(200, '{"epoch":1,"items":[],"next":0,"more":false}');
  const result = await call("feed", { in: { after: "7" } }, { fetch, protocol, csrf: "t" });
  expect(result.ok && result.value.next).toBe(0);
  expect(seen[0]).toMatchObject({
    url: "/v1/feed?after=7",
    headers: { "x-lientuyen-protocol": "1", "x-lientuyen-csrf": "t" },
  });
});

test("an error of the catalogue, a proxy's page, no line at all: each a value", async () => {
  const at = (status: number, text: string) =>
    call("me", {}, { fetch: answering(status, text).fetch, protocol });
  expect(await at(403, '{"error":"csrf"}')).toEqual({
    ok: false,
    error: "csrf",
    status: 403,
    reference: undefined,
  });
  expect(await at(500, '{"error":"internal","reference":"ab"}')).toEqual({
    ok: false,
    error: "internal",
    status: 500,
    reference: "ab",
  });
  expect(await at(502, "<html>")).toEqual({
    ok: false,
    error: "unavailable",
    status: 502,
    reference: undefined,
  });
  const cut: Fetch = () => Promise.reject(new TypeError("network"));
  expect(await call("me", {}, { fetch: cut, protocol })).toEqual({
    ok: false,
    error: "offline",
    status: 0,
    reference: undefined,
  });
});

test("nothing comes back from a route that answers nothing", async () => {
  expect(await call("signOut", {}, { fetch: answering(204, "").fetch, protocol })).toEqual({
    ok: true,
    value: undefined,
  });
});

test("a long body is compressed where the caller can, a short one is not", async () => {
  const gzip = (text: string) =>
    Promise.resolve(new Uint8Array(new TextEncoder().encode(`packed ${text.length}`)));
  const { fetch, seen } = answering(204, "");
  const view = {
    id: "01890000-0000-7000-8000-000000000001",
    log: "case/x",
    at: "2026-11-22T15:40:00.000Z",
    device: "d",
  };
  await call("views", { in: { views: [] } }, { fetch, protocol, gzip });
  await call(
    "views",
    { in: { views: Array.from({ length: 20 }, () => view) } },
    { fetch, protocol, gzip },
  );
  expect(seen.map(({ headers }) => headers["content-encoding"])).toEqual([undefined, "gzip"]);
});

test("the caller's own abort is thrown, not told as offline", async () => {
  const cut: Fetch = () => Promise.reject(new TypeError("aborted"));
  await expect(call("me", {}, { fetch: cut, protocol, signal: { aborted: true } })).rejects.toThrow(
    "aborted",
  );
});
