import { errors, ErrorAnswer } from "@lientuyen/api";
import fc from "fast-check";
import * as v from "valibot";
import { signPlan } from "./entries.ts";
import { plansFor, wired, type Plan } from "./requests.ts";
import { send, type RawAnswer } from "./send.ts";
import type { Json } from "./values.ts";
import type { Caller, World } from "./world.ts";

const atOnce = 6;

export interface Storm {
  /** Requests that were made from this seed; fewer are sent where the time runs out. */
  readonly seed: number;
  readonly requests: number;
  readonly mostMs: number;
}

export interface Weathered {
  /** How often each status was answered. */
  readonly statuses: ReadonlyMap<number, number>;
  /** What no answer may be or hold, each with its request. */
  readonly faults: readonly string[];
  /** Routes that were asked, by their names in the contract. */
  readonly routes: ReadonlySet<string>;
}

/** Sends requests of every kind to every route, several at once, and judges each answer. */
export const weather = async (
  world: World,
  { seed, requests, mostMs }: Storm,
): Promise<Weathered> => {
  const faults: string[] = [];
  const statuses = new Map<number, number>();
  const routes = new Set<string>();
  const queue = fc.sample(plansFor(world), { seed, numRuns: requests }).values();
  const until = performance.now() + mostMs;
  const work = async (): Promise<void> => {
    for (const plan of queue) {
      if (performance.now() > until) return;
      const answer = await carryOut(world, plan);
      routes.add(plan.route);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      for (const fault of faultsOf(world, plan, answer))
        faults.push(`${fault}: ${told(plan, answer)}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { statuses, faults: [...faults, ...world.faults], routes };
};

const told = (plan: Plan, answer: RawAnswer): string =>
  JSON.stringify({ ...plan, path: plan.path.slice(0, 200), answer }).slice(0, 2_500);

const carryOut = async (world: World, plan: Plan): Promise<RawAnswer> => {
  const caller = world.callers[plan.by];
  if (caller === undefined) throw new Error("nobody sends this");
  const body = plan.entries === undefined ? plan.body : await batchOf(plan, caller);
  const { bytes, headers } =
    body === undefined ? { bytes: undefined, headers: {} } : wired(body, plan.wire);
  const answer = await send(world.network.url, {
    method: plan.method,
    path: plan.path,
    headers: {
      "x-lientuyen-protocol": "1",
      ...(bytes === undefined ? {} : { "content-length": String(bytes.length) }),
      ...credentialsOf(plan, caller),
      ...headers,
      ...plan.headers,
    },
    body: bytes,
  });
  const isSignedOut = plan.route === "signOut" && answer.status === 204;
  // Whose password an administrator has reset meanwhile stays outside.
  if (isSignedOut)
    caller.client = await world.network.signIn(caller.pen.account).catch(() => caller.client);
  return answer;
};

const batchOf = async (plan: Plan, { pen }: Caller): Promise<Json> => ({
  entries: await Promise.all((plan.entries ?? []).map((entry) => signPlan(pen, entry))),
});

const credentialsOf = ({ session, csrf }: Plan, { client }: Caller): Record<string, string> => ({
  ...(session === "own" ? { cookie: client.headers["cookie"] ?? "" } : {}),
  ...(session === "garbage" ? { cookie: `lientuyen=${"A".repeat(43)}` } : {}),
  ...(csrf === "own" ? { "x-lientuyen-csrf": client.headers["x-lientuyen-csrf"] ?? "" } : {}),
  ...(csrf === "wrong" ? { "x-lientuyen-csrf": "x" } : {}),
});

/** Words of the inside: stacks, SQL, paths, names of libraries. */
const inner =
  /node_modules|\n\s+at |file:\/\/|\/tmp\/|\.[jt]s:\d|\bselect .* from\b|\binsert into\b|relation "|syntax error|FST_|ERR_[A-Z]|fastify|valibot|kysely|postgres|argon2|srvx|\bpino\b|TypeError|RangeError/i;
const isCode = (code: string): boolean => Object.hasOwn(errors, code);

const faultsOf = (
  world: World,
  { method, route }: Plan,
  { status, headers, text }: RawAnswer,
): readonly string[] => {
  const faults: string[] = [];
  if (status === -1) faults.push("no answer");
  if (status >= 500) faults.push(`status ${status}`);
  const all = JSON.stringify(headers) + text;
  if (status >= 400 && inner.test(all)) faults.push("inner words");
  if (headers["x-injected"] !== undefined) faults.push("a header was injected");
  // The administrator is told into which log an entry was wanted that was set aside: its author's own words.
  const others = route === "quarantine" ? all.replaceAll(/"log":"[^"]*"/g, "") : all;
  for (const secret of world.secrets) if (others.includes(secret)) faults.push("another's data");

  const isJson = headers["content-type"]?.startsWith("application/json") === true;
  if (status >= 400 && isJson && method !== "HEAD") {
    const read = v.safeParse(ErrorAnswer, jsonIn(text));
    if (!read.success || !isCode(read.output.error)) faults.push("no code of the catalogue");
  }
  return faults;
};

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
