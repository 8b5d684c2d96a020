import { errors, ErrorAnswer } from "@lientuyen/api";
import fc from "fast-check";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { otherStation, uuid } from "../../apps/server/src/test/network.ts";
import { signPlan } from "./hostile/entries.ts";
import { plansFor, wired, type Plan } from "./hostile/requests.ts";
import { send, type RawAnswer } from "./hostile/send.ts";
import type { Json } from "./hostile/values.ts";
import { startWorld, type Caller, type World } from "./hostile/world.ts";

/*
 * Requests to every route, made from the contract's own schemas: sound, nearly sound, hostile; from every role
 * and from nobody. FUZZ_SEED repeats a run's requests, FUZZ_REQUESTS asks for more or fewer.
 */

const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 1_000_000);
const count = Number(process.env["FUZZ_REQUESTS"] ?? 500);
/** The short run ends here, whatever machine it is on; FUZZ_SECONDS asks for more. */
const mostMs = Number(process.env["FUZZ_SECONDS"] ?? 10) * 1_000;
const atOnce = 6;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.network.close());

test(`whatever comes: an answer of the catalogue, no fault of the server's own, nothing told that is not theirs (FUZZ_SEED=${seed})`, async () => {
  process.stdout.write(`FUZZ_SEED=${seed} FUZZ_REQUESTS=${count}\n`);
  const before = process.memoryUsage().rss;
  const plans = fc.sample(plansFor(world), { seed, numRuns: count });
  const faults: string[] = [];
  const statuses = new Map<number, number>();
  const queue = plans.values();
  const until = performance.now() + mostMs;
  const work = async (): Promise<void> => {
    for (const plan of queue) {
      if (performance.now() > until) return;
      const answer = await carryOut(plan);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      for (const fault of faultsOf(plan, answer)) faults.push(`${fault}: ${told(plan, answer)}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  process.stdout.write(`${JSON.stringify(Object.fromEntries(statuses))}\n`);
  expect([...faults, ...world.faults]).toEqual([]);
  expect(statuses.get(200) ?? 0).toBeGreaterThan(20);
  expect(process.memoryUsage().rss - before).toBeLessThan(700_000_000);
  await expectSoundAfterwards();
}, 600_000);

const told = (plan: Plan, answer: RawAnswer): string =>
  JSON.stringify({ ...plan, path: plan.path.slice(0, 200), answer }).slice(0, 2_500);

const carryOut = async (plan: Plan): Promise<RawAnswer> => {
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

const faultsOf = ({ method }: Plan, { status, headers, text }: RawAnswer): readonly string[] => {
  const faults: string[] = [];
  if (status === -1) faults.push("no answer");
  if (status >= 500) faults.push(`status ${status}`);
  const all = JSON.stringify(headers) + text;
  if (status >= 400 && inner.test(all)) faults.push("inner words");
  if (headers["x-injected"] !== undefined) faults.push("a header was injected");
  for (const secret of world.secrets) if (all.includes(secret)) faults.push("another's data");

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

/** Nothing hangs, and who comes next can work; callers may have ended each other's sessions and roles, rightly. */
const expectSoundAfterwards = async (): Promise<void> => {
  const { network } = world;
  expect(
    await network.query("select state from pg_stat_activity where state like 'idle in trans%'"),
  ).toEqual([]);
  const next = await network.person("next", otherStation, ["nurse"]);
  const client = await network.signIn("next");
  const opened = await next.fact(`case/${uuid()}`, {
    kind: "opened",
    body: { number: "T1", facility: otherStation, mode: "viaFacility" },
  });
  expect(await client.append(opened.signed)).toMatchObject([{ answer: "received" }]);
  expect((await client.get("/v1/feed")).status).toBe(200);
  expect(Object.hasOwn(Object.prototype, "isAdministrator")).toBe(false);
};
