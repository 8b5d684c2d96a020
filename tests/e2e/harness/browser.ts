import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright-core";

const args = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-gpu",
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream",
];

/** Debian's Chromium, or the one that LIENTUYEN_CHROMIUM names. */
export function findChromium(): string {
  const candidates = [
    process.env["LIENTUYEN_CHROMIUM"],
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found === undefined)
    throw new Error("No Chromium found: apt-get install chromium, or set LIENTUYEN_CHROMIUM.");
  return found;
}

/** The oldest browser that is supported, from the npm package @sparticuz/chromium 109. */
export async function findChromium109(): Promise<string> {
  const { default: packaged } = await import("@sparticuz/chromium");
  return await packaged.executablePath();
}

export interface PersonsBrowser {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly profile: string;
  /** Faults the page reported: uncaught errors and console errors. */
  readonly faults: string[];
  /** SIGKILL to the whole browser, as a power cut does. */
  kill(): void;
  close(): Promise<void>;
}

export interface BrowserOptions {
  readonly executablePath?: string;
  /** An existing profile, to come back after a kill. */
  readonly profile?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly phone?: boolean;
  /** Besides those that every test's browser is given. */
  readonly args?: readonly string[];
}

export async function openBrowser(options: BrowserOptions = {}): Promise<PersonsBrowser> {
  const profile = options.profile ?? (await mkdtemp(join(tmpdir(), "lientuyen-profile-")));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: options.executablePath ?? findChromium(),
    headless: true,
    args: [...args, ...(options.args ?? []), ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
    viewport: options.viewport ?? { width: 1024, height: 600 },
    hasTouch: options.phone ?? false,
    locale: "vi-VN",
    timezoneId: "Asia/Ho_Chi_Minh",
    permissions: ["clipboard-read", "clipboard-write"],
    // The store asks for persistence; headless Chromium grants it only to sites that may notify.
    acceptDownloads: true,
  });
  // Long enough for a machine with other work: how fast a screen is, the benches say.
  context.setDefaultTimeout(60_000);
  await context.grantPermissions(["notifications"]).catch(() => undefined);
  // A busy machine takes its time; what never comes is found by the test's own limit.
  context.setDefaultTimeout(60_000);
  const page = context.pages()[0] ?? (await context.newPage());
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error.stack ?? error)));
  page.on("console", (message) => {
    if (
      message.type() === "error" &&
      !message.text().includes("ERR_") &&
      !message.text().includes("Failed to load resource")
    )
      faults.push(message.text());
  });
  return {
    context,
    page,
    profile,
    faults,
    kill: () => {
      killByProfile(profile);
    },
    close: async () => {
      await context.close().catch(() => undefined);
      if (options.profile === undefined) await rm(profile, { recursive: true, force: true });
    },
  };
}

/** Every process of the browser names its profile folder or is a child of the one that does. */
function killByProfile(profile: string): void {
  const pids = execFileSync("pgrep", ["-f", profile]).toString().trim().split("\n").map(Number);
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it was a child that went with its parent
    }
  }
}
