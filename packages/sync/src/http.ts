import { ErrorAnswer, packEntries, protocol, routes } from "@lientuyen/api";
import type { Bytes, Primitives, Receipt, SignedEntry } from "@lientuyen/record";
import * as v from "valibot";
import {
  decodeUtf8,
  encodeUtf8,
  gzip,
  newStopper,
  utf8Decoder,
  type ByteStream,
} from "./platform.ts";
import type {
  Clock,
  Network,
  NetworkAnswer,
  NetworkFailure,
  NetworkRefusal,
  SealedBatch,
  StopSignal,
} from "./ports.ts";
import type { Exchange, HttpRequest, HttpResponse, Send } from "./exchange.ts";
import { answersOf, pageOf } from "./packedHttp.ts";
import { createTus } from "./tus.ts";

export interface HttpOptions {
  /** Without a slash at the end; "" for the page's own origin. */
  readonly baseUrl: string;
  /** The platform's fetch (a method, so that its wider type fits). */
  fetch(url: string, request: HttpRequest): Promise<HttpResponse>;
  readonly clock: Clock;
  readonly primitives: Primitives;
  /** The device that this one is enrolled as: the feed leaves out what it wrote itself. */
  readonly device?: string | undefined;
  /** The session's CSRF token, asked for at each request. */
  readonly csrf: () => string | undefined;
  /** More headers for each request: outside a browser the session cookie. */
  readonly headers?: () => Record<string, string>;
}

/** A request that brings nothing in this time has met a dead line; slow lines get a second for each 2 KB. */
const patienceMs = 30_000;
const slowestBytesPerMs = 2;
/** The wake sends a comment every 20 s. */
const silenceMs = 60_000;
/** Bodies below this grow by compression. */
const leastGzip = 500;

/** The engine's network over HTTP: the same in the browser and in Node. Never throws. */
export function httpNetwork(options: HttpOptions): Network {
  const { clock } = options;
  const send: Send = (request) => exchange(options, request);

  const get = async <S extends v.GenericSchema>(path: string, schema: S, signal: StopSignal) =>
    readAs(await send({ method: "GET", path, signal }), schema);
  const post = async <S extends v.GenericSchema>(
    path: string,
    body: unknown,
    schema: S,
    signal: StopSignal,
    headers: Record<string, string> = {},
  ) => {
    const packed = await jsonBody(body);
    const answer = readAs(
      await send({
        method: "POST",
        path,
        body: packed.body,
        headers: { ...packed.headers, ...headers },
        signal,
      }),
      schema,
    );
    return { answer, sentBytes: packed.body.length };
  };

  const { primitives, device } = options;
  const postPlain = async (
    entries: readonly SignedEntry[],
    signal: StopSignal,
    earlier: readonly Receipt[],
  ) => {
    const { path, out } = routes.entries;
    const body = earlier.length === 0 ? { entries } : { entries, earlier };
    const { answer, sentBytes } = await post(path, body, out, signal);
    return answer.result === "ok"
      ? ({ result: "ok", answers: answer.value.answers, sentBytes } as const)
      : answer;
  };
  const postPacked = async (entries: readonly SignedEntry[], signal: StopSignal) => {
    const { path, out } = routes.packedEntries;
    const body = await packEntries(primitives, entries);
    const { answer, sentBytes } = await post(path, body, out, signal);
    if (answer.result !== "ok") return answer;
    const answers = await answersOf(primitives, entries, answer.value);
    return answers === undefined ? undefined : ({ result: "ok", answers, sentBytes } as const);
  };
  const getPlain = async (question: string, signal: StopSignal) => {
    const answer = await get(routes.feed.path + question, routes.feed.out, signal);
    return answer.result === "ok"
      ? ({ result: "ok", page: { ...answer.value, own: [] } } as const)
      : answer;
  };
  const getPacked = async (question: string, whole: boolean, signal: StopSignal) => {
    const { path, out } = routes.packedFeed;
    const mine = whole || device === undefined ? "" : `&device=${device}`;
    const answer = await get(path + question + mine, out, signal);
    if (answer.result !== "ok") return answer;
    const page = await pageOf(primitives, answer.value);
    return page === undefined ? undefined : ({ result: "ok", page } as const);
  };
  /** A server of before does not know the packed form (404), nor what it is to make of a body that it refuses: told in full. */
  let knowsPacked = true;
  const pickForm = async <T extends { readonly result: string }>(
    ask: () => Promise<T | undefined>,
  ): Promise<T | undefined> => {
    const answer = knowsPacked ? await ask() : undefined;
    if (answer === undefined || answer.result !== "refused") return answer;
    if ("status" in answer && answer.status === 404) knowsPacked = false;
    return undefined;
  };

  return {
    postEntries: async (entries, signal, earlier = []) => {
      // What goes with entries offered again after a restore has no packed form.
      const packed =
        earlier.length === 0 ? await pickForm(() => postPacked(entries, signal)) : undefined;
      return packed ?? postPlain(entries, signal, earlier);
    },
    getFeed: async (place, ask, signal) => {
      const from = place === undefined ? "" : `epoch=${place.epoch}&after=${place.position}&`;
      const question = `?${from}limit=${ask.limit}`;
      const packed = await pickForm(() => getPacked(question, ask.whole, signal));
      return packed ?? getPlain(question, signal);
    },
    getCase: async (log, signal) => {
      const { path, out } = routes.caseEntries;
      const answer = await get(`${casePath(path, log)}?why=sync`, out, signal);
      return answer.result === "ok" ? { result: "ok", items: answer.value.items } : answer;
    },
    getServerKeys: async (signal) => {
      const answer = await get(routes.serverKeys.path, routes.serverKeys.out, signal);
      return answer.result === "ok" ? { result: "ok", items: answer.value.entries } : answer;
    },
    getCheckpoint: async (since, signal) => {
      const { path, out } = routes.checkpoint;
      const answer = await get(`${path}?since=${since}`, out, signal);
      return answer.result === "ok" ? { result: "ok", ...answer.value } : answer;
    },
    postViews: async (views, signal) => {
      const { answer } = await post(
        routes.views.path,
        {
          views: views.map(({ id, log, at, device, person }) => ({
            id,
            log,
            at,
            device,
            ...(person === undefined ? {} : { person }),
          })),
        },
        v.unknown(),
        signal,
      );
      return answer.result === "ok" ? { result: "ok" } : answer;
    },
    postSealed: async (batch: SealedBatch, transport, signal) => {
      const { ephemeral, iv, sealed } = batch;
      const { answer } = await post(
        routes.sealed.path,
        { ephemeral, iv, sealed },
        routes.sealed.out,
        signal,
        { authorization: `Bearer ${transport}` },
      );
      return answer.result === "ok" ? { result: "ok", answers: answer.value.answers } : answer;
    },
    filesHeld: async (log, signal) => {
      const answer = await get(casePath(routes.filesHeld.path, log), routes.filesHeld.out, signal);
      return answer.result === "ok" ? { result: "ok", held: answer.value.held } : answer;
    },
    getFile: async (log, hash, from, signal) => {
      const answer = await send({
        method: "GET",
        path: casePath(routes.file.path, log).replace(":hash", hash),
        headers: from > 0 ? { range: `bytes=${from}-` } : {},
        signal,
      });
      if (answer.result !== "ok") return answer;
      const total = Number(
        /\/(\d+)$/.exec(answer.headers.get("content-range") ?? "")?.[1] ?? answer.bytes.length,
      );
      return {
        result: "ok",
        bytes: answer.status === 206 ? answer.bytes : answer.bytes.slice(from),
        total,
      };
    },
    wake: (onWake, signal) => listen(options, clock, onWake, signal),
    ...createTus(send),
  };
}

const casePath = (path: string, log: string): string =>
  path.replace(":case", log.replace(/^case\//, ""));

/** JSON as bytes, packed where that helps. */
async function jsonBody(
  body: unknown,
): Promise<{ readonly body: Bytes; readonly headers: Record<string, string> }> {
  const bytes = encodeUtf8(JSON.stringify(body));
  const type = { "content-type": "application/json" };
  if (bytes.length < leastGzip) return { body: bytes, headers: type };
  return { body: await gzip(bytes), headers: { ...type, "content-encoding": "gzip" } };
}

function readAs<S extends v.GenericSchema>(
  answer: Exchange,
  schema: S,
): NetworkAnswer<{ readonly value: v.InferOutput<S> }> {
  if (answer.result !== "ok") return answer;
  const parsed = v.safeParse(
    schema,
    answer.bytes.length === 0 ? undefined : parseJson(answer.bytes),
  );
  // Broken off in the middle, or a hotel's sign-in page: as good as no answer.
  return parsed.success ? { result: "ok", value: parsed.output } : { result: "offline" };
}

function parseJson(bytes: Bytes): unknown {
  try {
    return JSON.parse(decodeUtf8(bytes));
  } catch {
    return undefined;
  }
}

async function exchange(options: HttpOptions, request: Parameters<Send>[0]): Promise<Exchange> {
  const patience = patienceMs + (request.body?.length ?? 0) / slowestBytesPerMs;
  return withPatience(
    options.clock,
    patience,
    request.signal,
    async (signal, alive): Promise<Exchange> => {
      const response = await options.fetch(
        options.baseUrl + request.path,
        httpRequest(options, request, signal),
      );
      const bytes = await readBody(response, alive);
      return { result: "ok", status: response.status, headers: response.headers, bytes };
    },
  ).then((answer) =>
    answer === undefined ? { result: "offline" } : answer.result === "ok" ? judge(answer) : answer,
  );
}

function httpRequest(
  options: HttpOptions,
  request: Omit<Parameters<Send>[0], "signal">,
  signal: StopSignal,
): HttpRequest {
  const csrf = request.method === "GET" || request.method === "HEAD" ? undefined : options.csrf();
  const headers = {
    "x-lientuyen-protocol": String(protocol),
    ...(csrf === undefined ? {} : { "x-lientuyen-csrf": csrf }),
    ...options.headers?.(),
    ...request.headers,
  };
  return {
    method: request.method,
    headers,
    ...(request.body === undefined ? {} : { body: request.body }),
    signal,
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
  };
}

/** Reads to the end; every piece shows that the line is alive. Throws where it breaks off. */
async function readBody(response: HttpResponse, alive: () => void): Promise<Bytes> {
  if (response.body === null) return new Uint8Array(await response.arrayBuffer());
  const reader = response.body.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done || value === undefined) break;
    alive();
    parts.push(value);
    size += value.length;
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** What a whole answer means by its status. */
function judge(answer: Extract<Exchange, { result: "ok" }>): Exchange {
  const { status, headers, bytes } = answer;
  if (status < 400) return answer;
  const said = v.safeParse(ErrorAnswer, parseJson(bytes));
  const code = said.success ? said.output.error : "";
  if (status === 401) return { result: "signInNeeded" };
  if (status === 426) return { result: "oldProtocol" };
  // A stale CSRF token comes with a session that a new sign-in replaced.
  if (status === 403 && code === "csrf") return { result: "signInNeeded" };
  if (status === 507) return { result: "refused", status, code: "storage_full" };
  if (status === 408 || status === 429 || status >= 500)
    return { result: "unavailable", retryAfterMs: retryAfterMs(headers) };
  return {
    result: "refused",
    status,
    code: code === "" ? codeOf(status) : code,
    detail: said.success ? said.output.detail : undefined,
  };
}

const codeOf = (status: number): string =>
  status === 404 ? "not_found" : status === 413 ? "too_large" : "bad_request";

function retryAfterMs(headers: HttpResponse["headers"]): number | undefined {
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(seconds, 3_600) * 1_000 : undefined;
}

/** Runs `work` with a signal that stops with the caller's, or when nothing has been heard for `patience`. Undefined where it failed. */
async function withPatience<T>(
  clock: Clock,
  patience: number,
  signal: StopSignal,
  work: (signal: StopSignal, alive: () => void) => Promise<T>,
): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const request = newStopper();
  const done = newStopper();
  let heardAt = clock.elapsed();
  const stop = (): void => request.abort();
  signal.addEventListener("abort", stop);
  const watch = async (): Promise<void> => {
    while (!done.signal.aborted) {
      const left = heardAt + patience - clock.elapsed();
      if (left <= 0) return request.abort();
      await clock.sleep(left, done.signal);
    }
  };
  void watch();
  try {
    return await work(request.signal, () => {
      heardAt = clock.elapsed();
    });
  } catch {
    // fetch throws for everything from a pulled cable to an aborted read.
    return undefined;
  } finally {
    done.abort();
    signal.removeEventListener("abort", stop);
  }
}

async function listen(
  options: HttpOptions,
  clock: Clock,
  onWake: () => void,
  signal: StopSignal,
): Promise<NetworkFailure | NetworkRefusal | { readonly result: "ended" }> {
  const ended = await withPatience(
    clock,
    silenceMs,
    signal,
    async (inner, alive): Promise<Exchange | { readonly result: "ended" }> => {
      const request = {
        method: "GET",
        path: routes.wake.path,
        headers: { accept: "text/event-stream" },
      };
      const response = await options.fetch(
        options.baseUrl + request.path,
        httpRequest(options, request, inner),
      );
      if (response.status >= 400)
        return judge({
          result: "ok",
          status: response.status,
          headers: response.headers,
          bytes: await readBody(response, alive),
        });
      if (response.body === null) return { result: "ended" };
      onWake();
      await readEvents(response.body, alive, onWake);
      return { result: "ended" };
    },
  );
  if (ended === undefined || ended.result === "ok") return { result: "offline" };
  return ended;
}

/** Calls back for every event that carries data; comments only show that the line is alive. */
async function readEvents(
  stream: ByteStream,
  alive: () => void,
  onWake: () => void,
): Promise<void> {
  const reader = stream.getReader();
  const decoder = utf8Decoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done || value === undefined) return;
    alive();
    const lines = (rest + decoder.decode(value, { stream: true })).split(/\r?\n/);
    rest = (lines.pop() ?? "").slice(-1_000);
    if (lines.some((line) => line.startsWith("data:"))) onWake();
  }
}
