import type { Page } from "playwright-core";
import { words } from "../../../apps/station/src/words/vi/index.ts";
import { openBrowser, type BrowserOptions, type PersonsBrowser } from "./browser.ts";
import { openLine, type Line } from "./line.ts";
import type { World } from "./world.ts";

export { words };
const { shell } = words;

/** A person of the demo network at their own browser and line. */
export interface Person extends PersonsBrowser {
  readonly account: string;
  readonly line: Line;
  /** To a screen by its address, without a reload where the app is already open. */
  go(path: string): Promise<void>;
  unlock(): Promise<void>;
}

export const pin = "246810";

/** First sign-in on this browser: password, then a PIN. */
export async function signIn(
  page: Page,
  account: string,
  password: string,
  secret = pin,
): Promise<void> {
  await page.getByLabel(shell.account, { exact: true }).fill(account);
  await page.getByLabel(shell.password, { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await page.getByLabel(shell.secret, { exact: true }).fill(secret);
  await page.getByLabel(shell.secretAgain, { exact: true }).fill(secret);
  await page.keyboard.press("Enter");
  await page.getByRole("banner").waitFor({ timeout: 60_000 });
}

/** As a link inside the app does, which keeps the store unlocked; a reload would lock it. */
export async function moveTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
}

/** Until the browser keeps the whole app: from then on no screen needs a line. */
export async function appKept(page: Page): Promise<void> {
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
}

export async function arrive(
  world: World,
  account: string,
  options: BrowserOptions = {},
  password = world.passwordOf(account),
): Promise<Person> {
  const line = await openLine(world.port);
  const browser = await openBrowser(options);
  const { page } = browser;
  await page.goto(line.url);
  await signIn(page, account, password);
  return {
    ...browser,
    account,
    line,
    go: (path) => moveTo(page, path),
    unlock: async () => {
      await page.getByLabel(shell.secret, { exact: true }).fill(pin);
      await page.keyboard.press("Enter");
      await page.getByRole("banner").waitFor({ timeout: 60_000 });
    },
    close: async () => {
      await browser.close();
      await line.close();
    },
  };
}
