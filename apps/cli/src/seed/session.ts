import {
  call,
  protocol,
  type CallInput,
  type CallResult,
  type CallValue,
  type Fetch,
  type RouteName,
} from "@lientuyen/api";
import type { Bytes, SignedEntry } from "@lientuyen/record";

/** One person's signed-in session with a running server, over its public routes. */
export interface Session {
  readonly call: <N extends RouteName>(name: N, input: CallInput<N>) => Promise<CallValue<N>>;
  readonly post: (entries: readonly SignedEntry[]) => Promise<readonly Received[]>;
  readonly upload: (file: {
    readonly log: string;
    readonly hash: string;
    readonly type: string;
    readonly content: Bytes;
  }) => Promise<void>;
}
export type Received = Extract<CallValue<"entries">["answers"][number], { answer: "received" }>;

interface Credentials {
  cookie: string;
  csrf: string;
}

const withCookie =
  (credentials: Credentials): Fetch =>
  async (url, request) => {
    const init = {
      method: request.method,
      headers: { ...request.headers, cookie: credentials.cookie },
      ...(request.body === undefined ? {} : { body: request.body }),
    };
    const response = await fetch(url, init);
    const set = response.headers.getSetCookie().map((line) => line.split(";")[0] ?? "");
    if (set.length > 0) credentials.cookie = set.join("; ");
    return response;
  };

const valueOf = <N extends RouteName>(name: N, result: CallResult<CallValue<N>>): CallValue<N> => {
  if (!result.ok) throw new Error(`${name}: ${result.error} ${result.reference ?? ""}`);
  return result.value;
};

const received = (answer: CallValue<"entries">["answers"][number]): Received => {
  if (answer.answer === "received") return answer;
  throw new Error(
    `an entry of the seed was ${answer.answer}: ${answer.code} ${"detail" in answer ? (answer.detail ?? "") : ""}`,
  );
};

const metadata = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`)
    .join(",");

/** tus 1.0: creation, then the whole content in one PATCH. */
const uploader =
  (base: string, credentials: Credentials): Session["upload"] =>
  async ({ log, hash, type, content }) => {
    const common = {
      "tus-resumable": "1.0.0",
      cookie: credentials.cookie,
      "x-lientuyen-csrf": credentials.csrf,
      "x-lientuyen-protocol": String(protocol),
    };
    const headers = {
      ...common,
      "upload-length": String(content.length),
      "upload-metadata": metadata({ log, hash, type }),
    };
    const made = await fetch(`${base}/v1/files`, { method: "POST", headers });
    const location = made.headers.get("location");
    if (made.status !== 201 || location === null)
      throw new Error(`a picture of the seed was not taken: ${made.status} ${await made.text()}`);
    const sent = await fetch(new URL(location, base), {
      method: "PATCH",
      headers: {
        ...common,
        "upload-offset": "0",
        "content-type": "application/offset+octet-stream",
      },
      body: content,
    });
    if (sent.status !== 204)
      throw new Error(`a picture of the seed was not taken: ${sent.status} ${await sent.text()}`);
  };

/** Signs in; does so again by itself when the session has run out, as it does while the seed's clock leaps. */
export const openSession = async (
  base: string,
  account: string,
  password: string,
): Promise<Session> => {
  const credentials: Credentials = { cookie: "", csrf: "" };
  const options = { fetch: withCookie(credentials), protocol, base };
  const signIn = async (): Promise<void> => {
    const { csrf } = valueOf(
      "signIn",
      await call("signIn", { in: { account, password } }, options),
    );
    credentials.csrf = csrf;
  };
  const callSignedIn: Session["call"] = async (name, input) => {
    const first = await call(name, input, { ...options, csrf: credentials.csrf });
    if (first.ok || first.error !== "not_signed_in") return valueOf(name, first);
    await signIn();
    return valueOf(name, await call(name, input, { ...options, csrf: credentials.csrf }));
  };
  await signIn();
  return {
    call: callSignedIn,
    post: async (entries) =>
      (await callSignedIn("entries", { in: { entries: [...entries] } })).answers.map(received),
    upload: uploader(base, credentials),
  };
};
