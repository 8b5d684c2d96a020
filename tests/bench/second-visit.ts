import { arrive, pin, words, type Person } from "../e2e/harness/person.ts";
import { openWorld } from "../e2e/harness/world.ts";
import type { Bench } from "./harness/figure.ts";
import {
  median,
  openCaseForm,
  runsNote,
  secondsSince,
  secondsToField,
  typeInto,
  watch,
} from "./harness/visit.ts";

const runs = 5;

/** The app is opened again where no network is at all. */
export const bench: Bench = {
  name: "second-visit",
  run: async ({ say }) => {
    const world = await openWorld();
    const person = await arrive(world, "xapg");
    try {
      await person.page.evaluate(async () => void (await navigator.serviceWorker.ready));
      await person.line.cut();
      const visits = [];
      for (let run = 0; run < runs; run++) visits.push(await visit(person));
      say(JSON.stringify(visits));
      const locks = visits.map(({ lock }) => lock);
      const forms = visits.map(({ form }) => form);
      return [
        {
          id: "usable-seconds",
          value: median(locks),
          unit: "s",
          goal: { atMost: 1 },
          note: `no network; until the lock screen takes the PIN; ${runsNote(locks)}`,
        },
        {
          id: "case-form-seconds",
          value: median(forms),
          unit: "s",
          note: `PIN typed at once, key derivation included; ${runsNote(forms)}`,
        },
      ];
    } finally {
      await person.close();
      await world.close();
    }
  },
};

async function visit({ context, line }: Person): Promise<{ lock: number; form: number }> {
  for (const old of context.pages().slice(1)) await old.close();
  const page = await context.newPage();
  await context.pages()[0]?.goto("about:blank");
  await watch(page);
  const startedMs = performance.now();
  await page.goto(line.url, { waitUntil: "commit" });
  await typeInto(page, words.shell.secret, pin);
  const lock = await secondsToField(page);
  await page.keyboard.press("Enter");
  await page.getByRole("banner").waitFor();
  await openCaseForm(page);
  return { lock, form: secondsSince(startedMs) };
}
