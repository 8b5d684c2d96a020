import type { Listed } from "./listed.ts";

/*
 * The app's own files, so that it opens without a network from the second visit on. It holds no key and no word of a
 * patient: nothing under /v1 is ever looked at here. Files with a hash in their name stay across versions; a new
 * version waits until the lock screen lets it in.
 */

/** Filled in by the build: every file that the app may need offline, what is needed first coming first. */
declare const precacheList: readonly Listed[];

interface Waits {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetches {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  readonly location: Location;
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: Waits) => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetches) => void): void;
}
declare const self: Worker;

const cacheName = "lientuyen-app";
const shellPath = "/index.html";
/** So many at once: the line is the sign-in screen's as well. */
const atOnce = 2;

const keyOf = ([path, revision]: Listed): string =>
  revision === "" ? path : `${path}?revision=${revision}`;
const keys = new Map(precacheList.map((listed) => [listed[0], keyOf(listed)]));

const fetchInto = async (cache: Cache, listed: Listed): Promise<void> => {
  const [path, revision] = listed;
  if ((await cache.match(keyOf(listed))) !== undefined) return;
  // What changes under one name is asked of the server itself, not of the browser's cache.
  const response = await fetch(path, revision === "" ? {} : { cache: "no-cache" });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  await cache.put(keyOf(listed), response);
};

const install = async (): Promise<void> => {
  const cache = await caches.open(cacheName);
  const left = [...precacheList];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      await fetchInto(cache, next);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
};

/** Files of versions that no window runs any more. */
const tidy = async (): Promise<void> => {
  const cache = await caches.open(cacheName);
  const kept = new Set(keys.values());
  const stored = await cache.keys();
  const old = stored.filter(({ url }) => {
    const { pathname, search } = new URL(url);
    return !kept.has(pathname + search);
  });
  await Promise.all(old.map((request) => cache.delete(request)));
};

/** The server's own addresses: pages of the app are everything else that has no ending. */
const isServers = (path: string): boolean =>
  /^\/(v1|healthz|readyz|openapi|docs|fhir)(\/|\.|$)/.test(path);

const keyFor = (request: Request): string | undefined => {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return undefined;
  if (isServers(url.pathname)) return undefined;
  const isPage = request.mode === "navigate" && !/\.[a-z0-9]+$/i.test(url.pathname);
  return keys.get(isPage ? shellPath : url.pathname);
};

const answer = async (request: Request, key: string): Promise<Response> => {
  const cache = await caches.open(cacheName);
  return (await cache.match(key)) ?? fetch(request);
};

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", ({ data }) => {
  if (data === "takeOver") void self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const key = keyFor(event.request);
  if (key !== undefined) event.respondWith(answer(event.request, key));
});
