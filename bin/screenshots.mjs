// Pictures for the README and docs, from the real app on the demo network: npm run screenshots
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ensureBuilt } from "./steps/build.mjs";
import { ensureInstalled, node, root } from "./steps/install.mjs";

await ensureInstalled();
await ensureBuilt();
const { openBrowser } = await import("../tests/e2e/harness/browser.ts");
const { signIn } = await import("../tests/e2e/harness/person.ts");

const port = 18_080;
const base = `http://127.0.0.1:${port}`;
const pictures = path.join(root, "docs/pictures");
const data = mkdtempSync(path.join(tmpdir(), "lientuyen-pictures-"));

const startServer = async () => {
  const env = {
    ...process.env,
    LIENTUYEN_LIVE: "0",
    LIENTUYEN_DATA: path.join(data, "data"),
    PORT: String(port),
  };
  const child = spawn(node, [path.join(root, "apps/cli/src/main.ts"), "start"], {
    env,
    stdio: "ignore",
  });
  while (child.exitCode === null && !(await fetch(`${base}/readyz`).catch(() => undefined))?.ok)
    await wait(200);
  const passwords = JSON.parse(
    readFileSync(path.join(data, "data/secrets/demo-passwords.json"), "utf8"),
  );
  return { child, passwords };
};

/** One person at a fresh browser; `shots` draws what is to be seen. */
const asPerson = async (account, password, options, shots) => {
  const browser = await openBrowser(options);
  try {
    await browser.page.goto(base);
    await signIn(browser.page, account, password);
    await shots(browser.page, async (name) => {
      await wait(2_500);
      await browser.page.screenshot({ path: path.join(pictures, `${name}.png`) });
    });
  } finally {
    await browser.close();
  }
};

mkdirSync(pictures, { recursive: true });
const { child, passwords } = await startServer();
try {
  const desk = { viewport: { width: 1280, height: 800 } };
  await asPerson("xapg", passwords.xapg, desk, async (_page, shoot) => shoot("station-home"));
  await asPerson("sontv", passwords.sontv, desk, async (page, shoot) => {
    await page.locator("a[href='/worklist']").first().click();
    const rows = page.locator("main a[href^='/case/'] >> visible=true");
    await rows.first().waitFor({ timeout: 60_000 });
    await shoot("worklist");
    await rows.first().click();
    await shoot("case");
  });
  await asPerson(
    "suavt",
    passwords.suavt,
    { viewport: { width: 360, height: 740 }, phone: true },
    async (_page, shoot) => shoot("phone-home"),
  );
} finally {
  child.kill("SIGINT");
  await new Promise((resolve) => child.once("exit", resolve));
  rmSync(data, { recursive: true, force: true });
}
