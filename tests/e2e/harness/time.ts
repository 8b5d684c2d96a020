import type { Person } from "./person.ts";
import type { World } from "./world.ts";

/** Time passes for the server and in every browser alike, timers that were waiting included. */
export async function letTimePass(
  world: World,
  people: readonly Person[],
  ms: number,
): Promise<void> {
  world.advance(ms);
  for (const { page } of people) {
    await page.clock.install({ time: await page.evaluate(() => Date.now()) });
    await page.clock.fastForward(ms);
  }
}
