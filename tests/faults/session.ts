import { routes, type FeedItem } from "@lientuyen/api";
import * as v from "valibot";
import { password } from "./network.ts";

export interface TestSession {
  readonly cookie: string;
  readonly csrf: string;
}

async function post(
  url: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-lientuyen-protocol": "1", ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response;
}

export async function sessionOf(url: string, account: string): Promise<TestSession> {
  const response = await post(url, routes.signIn.path, { account, password });
  const cookie = response.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  return { cookie, csrf: v.parse(routes.signIn.out, await response.json()).csrf };
}

export async function enrolAnswer(
  url: string,
  session: TestSession,
  body: v.InferInput<typeof routes.enrolKey.in>,
): Promise<{ readonly entries: readonly FeedItem[]; readonly transport: string }> {
  const response = await post(url, routes.enrolKey.path, body, {
    cookie: session.cookie,
    "x-lientuyen-csrf": session.csrf,
  });
  return v.parse(routes.enrolKey.out, await response.json());
}
