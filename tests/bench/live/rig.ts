import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngine, freePort, sharedFolder, startEngine, type Engine } from "@lientuyen/livekit";
import type { Page } from "playwright-core";
import { live } from "../../../apps/station/src/words/vi/live.ts";
import { openBrowser, type PersonsBrowser } from "../../e2e/harness/browser.ts";
import { moveTo, signIn, words } from "../../e2e/harness/person.ts";
import { openWorld, type World } from "../../e2e/harness/world.ts";
import { openBadLine, ownAddress, type BadLine } from "./badLine.ts";
import { giveEars, restartEars } from "./ears.ts";
import { makeSpeech } from "./speech.ts";
import { openStock, type Stock } from "./stock.ts";

/** A case of the demo network over which people of two facilities meet. */
const patient = "Lỳ Gó Chừ";
export const engineKeys = { key: "APIbench", secret: "s".repeat(32) };

/** One endpoint: a browser with a made-up camera and something like speech for its microphone. */
export interface Endpoint {
  readonly page: Page;
  readonly browser: PersonsBrowser;
  /** The line that it sits behind; undefined: none but the machine's own. */
  readonly line: BadLine | undefined;
}

/** The engine, a whole installation, LiveKit's own client beside it, and endpoints of both. */
export interface Rig {
  readonly world: World;
  readonly engine: () => Engine;
  readonly killEngine: () => Promise<void>;
  readonly restartEngine: () => Promise<void>;
  /** A browser with the app, signed in, at the door of the call; its line is good until it is shaped. */
  readonly openOurs: (account: string, bad: boolean) => Promise<Endpoint>;
  /** A browser with LiveKit's own client, not joined. */
  readonly openTheirs: (bad: boolean) => Promise<Endpoint>;
  readonly joinTheirs: Stock["join"];
  readonly close: () => Promise<void>;
}

export const openRig = async (): Promise<Rig> => {
  const binary = await findEngine([sharedFolder()]);
  if (binary === undefined) throw new Error("no media engine: npm test fetches or builds it");
  const folder = await mkdtemp(join(tmpdir(), "lientuyen-live-bench-"));
  const network = { udp: await freePort("udp"), tcp: await freePort("tcp"), ip: ownAddress() };
  const start = (port?: number): Promise<Engine> =>
    startEngine({
      binary,
      folder,
      ...engineKeys,
      network,
      ...(port === undefined ? {} : { port }),
    });
  let engine = await start();
  const world = await openWorld({
    host: "0.0.0.0",
    live: { ...engineKeys, url: engine.url, publicUrl: undefined, state: () => "ready" },
  });
  const stock = await openStock(() => engine, engineKeys);
  const app = `http://${ownAddress()}:${world.port}`;
  const speech = makeSpeech();
  const closing: (() => Promise<void>)[] = [];

  const open = async (bad: boolean): Promise<Endpoint> => {
    const line = bad ? await openBadLine() : undefined;
    const browser = await openBrowser({
      ...(line === undefined ? {} : { executablePath: line.chromium }),
      args: [
        `--unsafely-treat-insecure-origin-as-secure=${app},${stock.url}`,
        `--use-file-for-fake-audio-capture=${speech}`,
        "--autoplay-policy=no-user-gesture-required",
        "--disable-features=WebRtcHideLocalIpsWithMdns",
      ],
    });
    closing.push(async () => {
      await browser.close();
      await line?.close();
    });
    await giveEars(browser.page);
    return { browser, page: browser.page, line };
  };
  return {
    world,
    engine: () => engine,
    killEngine: async () => {
      process.kill(engine.pid, "SIGKILL");
      await engine.ended;
    },
    restartEngine: async () => {
      engine = await start(engine.port);
    },
    openOurs: async (account, bad) => {
      const endpoint = await open(bad);
      await endpoint.page.goto(app);
      await signIn(endpoint.page, account, world.passwordOf(account));
      await goToDoor(endpoint.page);
      return endpoint;
    },
    openTheirs: async (bad) => {
      const endpoint = await open(bad);
      await stock.open(endpoint.page);
      return endpoint;
    },
    joinTheirs: stock.join,
    close: async () => {
      await Promise.all(closing.map((each) => each()));
      await stock.close();
      await world.close();
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const goToDoor = async (page: Page): Promise<void> => {
  await moveTo(page, "/cases");
  await page.getByRole("main").getByRole("link").filter({ hasText: patient }).first().click();
  await page.getByRole("link", { name: words.caseView.live, exact: true }).click();
  await page.getByRole("button", { name: live.joinWithCamera, exact: true }).waitFor();
  // What the door fetches ahead is there before anybody presses.
  await page.waitForLoadState("networkidle").catch(() => undefined);
};

/** Answers the page's clock at the press. */
export const joinOurs = async (page: Page): Promise<number> => {
  const atMs = await restartEars(page);
  await page.getByRole("button", { name: live.joinWithCamera, exact: true }).click();
  return atMs;
};

export const leaveOurs = async (page: Page): Promise<void> => {
  await page.getByRole("button", { name: live.leave, exact: true }).click();
  await page.getByRole("button", { name: live.joinWithCamera, exact: true }).waitFor();
};

/** `stills/voice`: the rungs on which one sends and receives. */
export const rungsOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { send, receive } = document.querySelector<HTMLElement>(".live-rung")?.dataset ?? {};
    return `${send ?? "-"}/${receive ?? "-"}`;
  });

declare global {
  interface Window {
    lientuyenStills: () => { readonly longestMs: number; readonly count: number };
  }
}

/** From now on counts the stills of somebody else that are put on the screen. */
export const watchStills = (page: Page): Promise<void> =>
  page.evaluate(() => {
    let lastMs = performance.now();
    let longestMs = 0;
    let count = 0;
    let before = "";
    const look = (): void => {
      const shown = document.querySelector<HTMLImageElement>(".live-tile img")?.src ?? "";
      const nowMs = performance.now();
      if (shown !== before && shown !== "") {
        count += 1;
        longestMs = Math.max(longestMs, nowMs - lastMs);
        lastMs = nowMs;
      }
      before = shown;
    };
    setInterval(look, 50);
    window.lientuyenStills = () => ({
      count,
      longestMs: Math.max(longestMs, performance.now() - lastMs),
    });
  });
