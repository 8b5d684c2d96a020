import type { GateAnswer, GateState } from "../../../apps/station/src/device/index.ts";
import { openBrowser, type BrowserOptions, type PersonsBrowser } from "../harness/browser.ts";
import type { RigPerson } from "./rig.ts";
import type { CDPSession, Page } from "playwright-core";

export const pin = "905713";

export interface Visitor extends PersonsBrowser {
  readonly url: string;
}

/** `before`: what is set up in the browser before it sees the address. */
export const visit = async (
  url: string,
  options: BrowserOptions = {},
  before: (cdp: CDPSession) => Promise<unknown> = () => Promise.resolve(),
): Promise<Visitor> => {
  const browser = await openBrowser(options);
  await before(await browser.context.newCDPSession(browser.page));
  await browser.page.goto(url);
  return { ...browser, url };
};

export const place = (page: Page): Promise<GateState["at"]> =>
  page.evaluate(() => window.gate.state().at);

export const waitFor = async (page: Page, at: GateState["at"]): Promise<void> => {
  await page.waitForFunction((wanted) => window.gate.state().at === wanted, at);
};

export const enrol = async (page: Page, one: RigPerson, secret = pin): Promise<void> => {
  await page.waitForFunction(() => window.gate.state().at !== "starting");
  if ((await place(page)) === "locked") await page.evaluate(() => window.gate.addPerson());
  await waitFor(page, "signIn");
  const signedIn = await page.evaluate(
    ([account, password]) => window.gate.signIn(account, password),
    [one.account, one.password] as const,
  );
  if (!signedIn.ok) throw new Error(`sign-in: ${signedIn.why}`);
  const chosen = await page.evaluate((text) => window.gate.chooseSecret(text), secret);
  if (!chosen.ok) throw new Error(`secret: ${chosen.why}`);
};

export const unlock = (page: Page, one: RigPerson, secret = pin): Promise<GateAnswer> =>
  page.evaluate(([person, text]) => window.gate.unlock(person, text), [
    one.person,
    secret,
  ] as const);

export const lock = (page: Page): Promise<void> => page.evaluate(() => window.gate.lock());

/** A case with a summary, on disk when it resolves. */
export const writeCase = (page: Page, summary: string): Promise<string> =>
  page.evaluate(async (text) => {
    const state = window.gate.state();
    if (state.at !== "unlocked" && state.at !== "emergency") throw new Error(state.at);
    const { cases, me } = state.device;
    const log = cases.newLog();
    await cases.write(log, [
      {
        kind: "opened",
        body: { number: cases.newCaseNumber(), facility: me.facility, mode: "support" },
      },
      { kind: "summary", body: { text, replaces: [] } },
    ]);
    return log;
  }, summary);

/** Summaries of the cases that this device shows, in no order. */
export const summaries = (page: Page): Promise<readonly (string | undefined)[]> =>
  page.evaluate(() => {
    const state = window.gate.state();
    if (state.at !== "unlocked" && state.at !== "emergency") throw new Error(state.at);
    return state.device.cases.list().map((row) => row.summaryLine);
  });

export const waitSent = async (page: Page): Promise<void> => {
  await page.waitForFunction(() => {
    const state = window.gate.state();
    return state.at === "unlocked" && state.device.sync.state().unsentEntries === 0;
  });
};

/** Empties a table of the store, as if it had never been written. */
export const empty = (page: Page, table: string): Promise<void> =>
  page.evaluate(
    (name) =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.open("lientuyen");
        request.addEventListener("success", () => {
          const tx = request.result.transaction(name, "readwrite", { durability: "strict" });
          tx.objectStore(name).clear();
          tx.addEventListener("complete", () => {
            request.result.close();
            resolve();
          });
          tx.addEventListener("abort", () => reject(new Error("not emptied")));
        });
      }),
    table,
  );

/** So many notes in a case, one write each. */
export const writeNotes = (page: Page, log: string, count: number): Promise<void> =>
  page.evaluate(
    async ([name, many]) => {
      const state = window.gate.state();
      if (state.at !== "unlocked") throw new Error(state.at);
      for (let at = 0; at < many; at++)
        await state.device.cases.write(name, [{ kind: "note", body: { text: `ghi ${at}` } }]);
    },
    [log, count] as const,
  );

/** What the browser would tell of this store, had it lost it. */
export const waitNoted = async (page: Page, unsent: number): Promise<void> => {
  await page.waitForFunction(async (count) => {
    const note = await caches.match("/unsent", { cacheName: "lientuyen-unsent" });
    return (await note?.text()) === String(count);
  }, unsent);
};

/** Somebody has read what was told of damage. */
export const dismissDamage = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const state = window.gate.state();
    if (state.at === "unlocked") await state.device.damage.dismiss();
  });
