import type * as v from "valibot";
import { errors, type ErrorCode } from "./errors.ts";
import { paths } from "./paths.ts";
import type { RouteName, routes } from "./routes.ts";

type Schema = v.GenericSchema;
type InputOf<S> = [S] extends [Schema]
  ? [S] extends [never]
    ? undefined
    : v.InferInput<S>
  : undefined;
type OutputOf<S> = S extends Schema ? v.InferOutput<S> : undefined;
type ParamsOf<R extends { readonly params?: unknown }> = InputOf<Exclude<R["params"], undefined>>;
type Given<Key extends string, Value> = [Value] extends [undefined]
  ? { readonly [K in Key]?: undefined }
  : { readonly [K in Key]: Value };

/** Path parameters and body (or query) of a route. */
export type CallInput<N extends RouteName> = Given<"params", ParamsOf<(typeof routes)[N]>> &
  Given<"in", InputOf<(typeof routes)[N]["in"]>>;
export type CallValue<N extends RouteName> = OutputOf<(typeof routes)[N]["out"]>;

/** `offline`: no answer came at all. */
export type CallResult<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly error: ErrorCode | "offline";
      readonly status: number;
      readonly reference: string | undefined;
    };

interface RequestParts {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal?: Signal;
  readonly credentials: "same-origin";
}
interface ResponseParts {
  readonly status: number;
  readonly text: () => Promise<string>;
}
interface Signal {
  readonly aborted: boolean;
}
/** `globalThis.fetch` fits; a method's bivariance lets its wider request type through. */
export type Fetch = { call(url: string, request: RequestParts): Promise<ResponseParts> }["call"];

export interface CallOptions {
  readonly fetch: Fetch;
  readonly protocol: number;
  /** Scheme and host; empty for the page's own. */
  readonly base?: string;
  readonly csrf?: string | undefined;
  readonly signal?: Signal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Compresses a body (gzip); asked for bodies over 1 KB. */
  readonly gzip?: ((text: string) => Promise<Uint8Array<ArrayBuffer>>) | undefined;
}

interface Given1 {
  readonly params?: unknown;
  readonly in?: unknown;
}

const worthCompressing = 1024;

/**
 * Calls one route. What a caller must handle comes back as a value; nothing is thrown but a caller's own abort.
 */
export const call = async <N extends RouteName>(
  name: N,
  input: CallInput<N>,
  options: CallOptions,
): Promise<CallResult<CallValue<N>>> => {
  const request = await requestOf(name, input, options);
  let response: ResponseParts;
  let text: string;
  try {
    response = await options.fetch(request.url, request.parts);
    text = await response.text();
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    return { ok: false, error: "offline", status: 0, reference: undefined };
  }
  if (response.status >= 400) return failure(response.status, text);
  return { ok: true, value: valueOf(name, text) };
};

// The one place where the server's word is taken as typed: its answers are checked against the schemas in its own tests.
function valueOf<N extends RouteName>(name: N, text: string): CallValue<N>;
function valueOf(_name: RouteName, text: string): unknown {
  if (text === "") return undefined;
  const value: unknown = JSON.parse(text);
  return value;
}

/** The address of a route that is not called through `call` (a stream, a download). */
export const urlOf = (
  name: RouteName,
  params: Readonly<Record<string, string>> = {},
  base = "",
): string => {
  const [, path = ""] = paths[name].split(" ");
  return (
    base + path.replace(/:([a-z]+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ""))
  );
};

const requestOf = async (
  name: RouteName,
  given: Given1,
  options: CallOptions,
): Promise<{ url: string; parts: RequestParts }> => {
  const [method = "GET"] = paths[name].split(" ");
  const headers: Record<string, string> = {
    "x-lientuyen-protocol": String(options.protocol),
    ...options.headers,
  };
  if (options.csrf !== undefined) headers["x-lientuyen-csrf"] = options.csrf;
  const url = urlOf(name, stringsOf(given.params), options.base);
  const common = {
    method,
    headers,
    credentials: "same-origin" as const,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  if (given.in === undefined) return { url, parts: common };
  if (method === "GET") return { url: url + queryOf(stringsOf(given.in)), parts: common };
  const text = JSON.stringify(given.in);
  headers["content-type"] = "application/json";
  if (options.gzip === undefined || text.length < worthCompressing)
    return { url, parts: { ...common, body: text } };
  headers["content-encoding"] = "gzip";
  return { url, parts: { ...common, body: await options.gzip(text) } };
};

const stringsOf = (value: unknown): Readonly<Record<string, string>> => {
  if (typeof value !== "object" || value === null) return {};
  const strings: Record<string, string> = {};
  for (const [key, field] of Object.entries(value))
    if (typeof field === "string") strings[key] = field;
  return strings;
};

const queryOf = (fields: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(fields).map(([key, field]) => `${key}=${encodeURIComponent(field)}`);
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
};

const failure = (status: number, text: string): CallResult<never> => {
  const { error, reference } = errorOf(text);
  if (isErrorCode(error)) return { ok: false, error, status, reference };
  // A proxy in between answered: what its status says is what is known.
  return {
    ok: false,
    error:
      status === 413 ? "too_large" : status >= 502 && status <= 504 ? "unavailable" : "internal",
    status,
    reference,
  };
};

const errorOf = (text: string): { error: string; reference: string | undefined } => {
  const answer = objectIn(text);
  const error = "error" in answer ? answer.error : undefined;
  const reference = "reference" in answer ? answer.reference : undefined;
  return {
    error: typeof error === "string" ? error : "",
    reference: typeof reference === "string" ? reference : undefined,
  };
};

const objectIn = (text: string): object => {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === "object" && answer !== null ? answer : {};
  } catch {
    return {};
  }
};

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errors, code);
