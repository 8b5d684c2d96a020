import { afterAll, beforeAll, expect, test } from "vitest";
import { otherStation, uuid } from "../../apps/server/src/test/network.ts";
import { weather } from "./hostile/weather.ts";
import { startWorld, type World } from "./hostile/world.ts";

/*
 * Requests to every route, made from the contract's own schemas: sound, nearly sound, hostile; from every role
 * and from nobody. FUZZ_SEED repeats a run's requests; the bench of the same name sends more of them.
 */

const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 1_000_000);
/** The short run ends here, whatever machine it is on. */
const mostMs = 10_000;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.network.close());

test(`whatever comes: an answer of the catalogue, no fault of the server's own, nothing told that is not theirs (FUZZ_SEED=${seed})`, async () => {
  const before = process.memoryUsage().rss;
  const { faults, statuses } = await weather(world, { seed, requests: 500, mostMs });
  process.stdout.write(`FUZZ_SEED=${seed} ${JSON.stringify(Object.fromEntries(statuses))}\n`);
  expect(faults).toEqual([]);
  expect(statuses.get(200) ?? 0).toBeGreaterThan(20);
  expect(process.memoryUsage().rss - before).toBeLessThan(700_000_000);
  await expectSoundAfterwards();
}, 600_000);

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
