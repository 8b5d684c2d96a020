import { rm } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { Page } from "playwright-core";
import { openBrowser, type PersonsBrowser } from "../harness/browser.ts";
import { openLine, type Line } from "../harness/line.ts";
import { appKept, pin, signIn, words } from "../harness/person.ts";
import type { World } from "../harness/world.ts";

/** What was typed is on disk a second later, whatever happens then. */
export const promisedMs = 1_000;

/** What the typing showed after the power had come back. */
export interface Found {
  /** Fields looked at after a cut in which something had been typed. */
  readonly looks: number;
  /** What was lost although it had been there for longer than promised, in words. */
  readonly lost: readonly string[];
  /** Age of the oldest stroke that was not there any more, for each look; 0 where all was there. */
  readonly lostMs: readonly number[];
}

/** A station's PC: one profile and one line; its browser may go at any moment. */
export interface Desk {
  page(): Page;
  readonly line: Line;
  readonly account: string;
  /** Faults that its pages reported, cuts left out. */
  readonly faults: string[];
  /** SIGKILL to every process of the browser. */
  cutPower(): void;
  /** Opens the profile again and unlocks; after this `page()` is another one. */
  switchOn(): Promise<void>;
  go(path: string): Promise<void>;
  /** `text` stands in the field now. */
  note(field: string, text: string): void;
  /**
   * Compares what a field holds after a cut with what was noted, once a cut. A busy machine may draw it late: it is
   * looked at until it shows what is owed, for some seconds.
   */
  look(field: string, read: () => Promise<string>): Promise<void>;
  found(): Found;
  /** Called by whoever presses a button that writes: a cut may be planned for the moments after. */
  readonly pressing: { tell: () => void };
  close(): Promise<void>;
}

interface Note {
  readonly text: string;
  readonly atMs: number;
}

export async function openDesk(world: World, account: string): Promise<Desk> {
  const line = await openLine(world.port);
  const faults: string[] = [];
  let browser: PersonsBrowser = await openBrowser();
  const { profile } = browser;
  await browser.page.goto(line.url);
  await signIn(browser.page, account, world.passwordOf(account));
  // Without the app's own files on this machine nothing opens where the line is dead.
  await appKept(browser.page);
  const ledger = openLedger();
  return {
    page: () => browser.page,
    line,
    account,
    faults,
    pressing: { tell: () => undefined },
    cutPower: () => {
      browser.kill();
      ledger.cut(Date.now());
      faults.push(...browser.faults);
    },
    switchOn: async () => {
      await browser.context.close().catch(() => undefined);
      browser = await openBrowser({ profile });
      await browser.page.goto(line.url);
      await browser.page.getByLabel(words.shell.secret, { exact: true }).fill(pin);
      await browser.page.keyboard.press("Enter");
      await browser.page.getByRole("banner").waitFor({ timeout: 60_000 });
    },
    go: async (path) => {
      await browser.page.evaluate((to) => {
        history.pushState(null, "", to);
        dispatchEvent(new PopStateEvent("popstate"));
      }, path);
    },
    note: ledger.note,
    look: ledger.look,
    found: ledger.found,
    close: async () => {
      faults.push(...browser.faults);
      await browser.close();
      await line.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** When what stood in which field, and what of it came back. */
function openLedger() {
  const notes = new Map<string, Note[]>();
  const lost: string[] = [];
  const lostMs: number[] = [];
  let cutAtMs: number | undefined;
  const open = new Set<string>();
  return {
    note: (field: string, text: string): void => {
      const list = notes.get(field) ?? [];
      list.push({ text, atMs: Date.now() });
      notes.set(field, list);
    },
    cut: (atMs: number): void => {
      cutAtMs = atMs;
      for (const field of notes.keys()) open.add(field);
    },
    look: async (field: string, read: () => Promise<string>): Promise<void> => {
      // Looked at once after each cut: what is typed from here on is another matter.
      if (cutAtMs === undefined || !open.delete(field)) return;
      const at = cutAtMs;
      const typed = notes.get(field) ?? [];
      const owed = typed.filter(({ atMs }) => at - atMs > promisedMs).at(-1)?.text ?? "";
      const patienceMs = Date.now() + 5_000;
      let now = await read();
      while (!now.startsWith(owed) && Date.now() < patienceMs) {
        await wait(50);
        now = await read();
      }
      const missing = typed.find(({ text }) => !now.startsWith(text));
      const age = missing === undefined ? 0 : at - missing.atMs;
      lostMs.push(age);
      if (age > promisedMs)
        lost.push(`${field}: "${missing?.text ?? ""}" was typed ${age} ms before, now "${now}"`);
      notes.set(field, [{ text: now, atMs: at - promisedMs - 1 }]);
    },
    found: (): Found => ({ looks: lostMs.length, lost, lostMs }),
  };
}
