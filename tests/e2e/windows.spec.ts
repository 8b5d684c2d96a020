import pg from "pg";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { damage } from "../../apps/station/src/words/vi/damage.ts";
import { openBrowser, type PersonsBrowser } from "./harness/browser.ts";
import { openTimeline } from "./harness/case.ts";
import { showOnFailure } from "./harness/failure.ts";
import { done, fill, step } from "./harness/form.ts";
import { look } from "./harness/look.ts";
import { makePhoto } from "./harness/media.ts";
import { appKept, arrive, pin, signIn, words, type Person } from "./harness/person.ts";
import { openWorld, type World } from "./harness/world.ts";
import { harm, keysOf } from "./store/harm.ts";
import { empty } from "./store/visitor.ts";

const { shell, frame, capture, caseForm: form, home, vocabulary } = words;
const idleMs = 5 * 60_000 + 15_000;

let world: World;
let database: pg.Client;
let station: Person;
const stations: Person[] = [];

beforeAll(async () => {
  world = await openWorld();
  database = new pg.Client({ connectionString: world.superuserUrl });
  await database.connect();
});
afterAll(async () => {
  for (const one of stations) await one.close();
  await database?.end();
  await world?.close();
});
// Closed at the end of all: a failed test's screen is photographed after its own hooks.
beforeEach(async () => {
  station = await arrive(world, "xapg");
  stations.push(station);
});

/** What the server has of it: signatures say who. */
const arrived = async (text: string): Promise<number> => {
  const { rows } = await database.query<{ count: string }>(
    "select count(*) from lientuyen.body where body like '%' || $1 || '%'",
    [text],
  );
  return Number(rows[0]?.count);
};

/** A new case with a history written and an examination half typed; answers the address of the latter. */
const writeHalf = async (page: Page, text: string): Promise<string> => {
  await page.getByRole("link", { name: home.newCase }).last().click();
  await step(page, "history");
  await fill(page, form.history.label, `${text}, bệnh sử`);
  await done(page);
  await step(page, "examination");
  await fill(page, form.examination.label, `${text}, đang gõ`);
  return new URL(page.url()).pathname;
};

const typed = async (page: Page): Promise<string> =>
  page.getByRole("main").getByLabel(form.examination.label, { exact: true }).inputValue();

const unlock = async (page: Page, secret: string): Promise<void> => {
  await page.getByLabel(shell.secret, { exact: true }).fill(secret);
  await page.keyboard.press("Enter");
  await page.getByRole("banner").waitFor({ timeout: 60_000 });
};

/** By the menu under the own name. */
const leave = async (page: Page, how: "lock" | "changePerson"): Promise<void> => {
  await page.getByRole("banner").getByRole("button").last().click();
  await page.getByRole("dialog").getByRole("button", { name: frame[how], exact: true }).click();
};

it("of two tabs one works, the other offers to take over and finds what was being typed", async () => {
  showOnFailure("windows two", () => [station]);
  const { page, context } = station;
  const address = await writeHalf(page, "hai cửa sổ");
  const second = await context.newPage();
  await second.goto(station.line.url);
  await second.getByRole("heading", { name: shell.elsewhereTitle }).waitFor();
  await second.getByRole("button", { name: shell.useHere, exact: true }).click();
  await second.getByRole("button", { name: shell.unlock, exact: true }).waitFor();
  await page.getByRole("heading", { name: shell.elsewhereTitle }).waitFor();
  expect(await page.getByText("hai cửa sổ").count()).toBe(0);
  await unlock(second, pin);
  await second.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, address);
  await expect.poll(() => typed(second)).toBe("hai cửa sổ, đang gõ");
  expect(station.faults).toEqual([]);
});

it("after five minutes without a hand it locks, keeps what was typed, and goes on sending", async () => {
  showOnFailure("windows idle", () => [station]);
  const { page, line } = station;
  // The page's own clock from here on, so that five minutes need not be waited for.
  await page.clock.install();
  await page.reload();
  await unlock(page, pin);
  await appKept(page);
  await line.cut();
  const address = await writeHalf(page, "khóa khi nghỉ");
  await page.clock.fastForward(idleMs);
  await page.getByRole("heading", { name: shell.unlockOf("Pờ Go Xá") }).waitFor();
  expect(await page.getByText("khóa khi nghỉ").count()).toBe(0);
  await page.getByText(/Máy khóa vẫn gửi khi có mạng/).waitFor();
  // Nothing of the screen itself has to be fetched.
  expect(
    await page.evaluate(() => [...document.images].filter((image) => image.naturalWidth === 0)),
  ).toEqual([]);
  expect(await arrived("khóa khi nghỉ, bệnh sử")).toBe(0);
  await line.mend();
  await page.clock.fastForward(60_000);
  await expect.poll(() => arrived("khóa khi nghỉ, bệnh sử"), { timeout: 60_000 }).toBe(1);
  await page.getByRole("button", { name: shell.unlock, exact: true }).waitFor();
  expect(await arrived("khóa khi nghỉ, đang gõ")).toBe(0);
  await unlock(page, pin);
  await station.go(address);
  await expect.poll(() => typed(page)).toBe("khóa khi nghỉ, đang gõ");
  expect(station.faults).toEqual([]);
});

it("a forgotten PIN: password, new PIN, and nothing is lost that was not sent", async () => {
  showOnFailure("windows forgotten", () => [station]);
  const { page, line } = station;
  await appKept(page);
  await line.cut();
  const address = await writeHalf(page, "quên mã");
  await leave(page, "lock");
  await page.getByRole("button", { name: shell.forgotSecret }).click();
  await line.mend();
  await page.getByLabel(shell.password, { exact: true }).fill(world.passwordOf("xapg"));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: shell.chooseSecretTitle }).waitFor({ timeout: 60_000 });
  await page.getByLabel(shell.secret, { exact: true }).fill("975310");
  await page.getByLabel(shell.secretAgain, { exact: true }).fill("975310");
  await page.keyboard.press("Enter");
  await page.getByRole("banner").waitFor({ timeout: 60_000 });
  await station.go(address);
  await expect.poll(() => typed(page)).toBe("quên mã, đang gõ");
  await expect.poll(() => arrived("quên mã, bệnh sử"), { timeout: 60_000 }).toBe(1);
  await leave(page, "lock");
  await page.getByLabel(shell.secret, { exact: true }).fill(pin);
  await page.keyboard.press("Enter");
  await page.getByText(shell.failures.wrongSecret).waitFor();
  expect(station.faults).toEqual([]);
});

it("the next person on the same PC sees the case, not the other's drafts, and signs as themselves", async () => {
  showOnFailure("windows change", () => [station]);
  const { page } = station;
  const address = await writeHalf(page, "đổi người");
  await expect.poll(() => arrived("đổi người, bệnh sử"), { timeout: 60_000 }).toBe(1);
  await leave(page, "changePerson");
  await page.getByRole("button", { name: shell.otherPerson }).click();
  // Whoever leaves is signed out of the server as well.
  await expect.poll(() => page.evaluate(async () => (await fetch("/v1/me")).status)).toBe(401);
  await signIn(page, "nhulm", world.passwordOf("nhulm"), "864209");
  await page.getByRole("button", { name: "Lỳ Mé Nhù" }).waitFor();
  await station.go(address);
  await page.getByRole("heading", { name: form.examination.title }).waitFor();
  expect(await typed(page)).toBe("");
  await fill(page, form.examination.label, "Điều dưỡng đo lại");
  await done(page);
  await expect.poll(() => arrived("Điều dưỡng đo lại"), { timeout: 60_000 }).toBe(1);
  await station.go(address.replace(/\/form.*/, ""));
  await openTimeline(page);
  const item = page
    .getByRole("list", { name: words.timeline.list })
    .getByRole("listitem")
    .filter({ hasText: "Điều dưỡng đo lại" });
  await item.getByText(/ĐD\. Lỳ Mé Nhù/).waitFor();
  expect(await item.textContent()).toContain(vocabulary.kind.examination);

  // Back to the first: by their own PIN, and their half sentence is there.
  await leave(page, "changePerson");
  await page.getByRole("button", { name: "Pờ Go Xá" }).click();
  await page.getByLabel(shell.secret, { exact: true }).fill("864209");
  await page.keyboard.press("Enter");
  await page.getByText(shell.failures.wrongSecret).waitFor();
  await unlock(page, pin);
  await station.go(address);
  await expect.poll(() => typed(page)).toBe("đổi người, đang gõ");
  expect(station.faults).toEqual([]);
});

declare global {
  interface Window {
    noteKept(what: string | number): void;
  }
}

/** Types without a pause until the screen has said that it is kept; answers what it said that of. */
const typeUntilKept = async (page: Page, field: Locator): Promise<string> => {
  let kept = "";
  await page.exposeFunction("noteKept", (text: string) => {
    kept = text;
  });
  await field.evaluate((area) => {
    new MutationObserver(() => {
      const saved = document.querySelector(".saved-line[data-state=saved]") !== null;
      if (saved && area instanceof HTMLTextAreaElement) window.noteKept(area.value);
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  await field.focus();
  for (let word = 0; kept === "" && word < 3_000; word++)
    await page.keyboard.insertText(`chữ${word} `);
  return kept;
};

it("a power cut in the middle of a word: what the screen said is kept is there, and nothing is twice", async () => {
  const { page, line, profile } = station;
  const returned: PersonsBrowser[] = [];
  const switchOn = async (dying: Pick<PersonsBrowser, "kill" | "context">): Promise<Page> => {
    dying.kill();
    await dying.context.close().catch(() => undefined);
    const next = await openBrowser({ profile });
    returned.push(next);
    showOnFailure("windows power", () => [{ ...station, ...next }]);
    await next.page.goto(line.url);
    await unlock(next.page, pin);
    return next.page;
  };
  await appKept(page);
  await line.cut();
  await page.getByRole("link", { name: home.newCase }).last().click();
  await step(page, "examination");
  const label = form.examination.label;
  const kept = await typeUntilKept(page, page.getByLabel(label, { exact: true }));
  expect(kept).not.toBe("");

  const second = await switchOn(station);
  await second.getByRole("link", { name: home.resume }).click();
  await second.getByRole("heading", { name: form.examination.title }).waitFor();
  await expect.poll(() => typed(second)).toContain(kept);
  await done(second);

  // Written and shown as written: the entry is there, and what it was typed as is not.
  const third = await switchOn(returned[0] ?? station);
  await third.getByRole("link", { name: home.resume }).click();
  await third.waitForURL(/\/form\/patient$/);
  await line.mend();
  await expect.poll(() => arrived(kept.trim()), { timeout: 60_000 }).toBe(1);
  for (const browser of returned) await browser.context.close().catch(() => undefined);
});

it("what a phone takes for a case comes in with its code closed, on another screen, and after a lock", async () => {
  showOnFailure("windows phone", () => [station]);
  const { page } = station;
  await page.getByRole("link", { name: home.newCase }).last().click();
  await step(page, "files");
  const address = new URL(page.url()).pathname;
  const log = `case/${address.split("/")[2] ?? ""}`;
  const inCase = async (): Promise<number> => {
    const { rows } = await database.query<{ count: string }>(
      "select count(*) from lientuyen.entry where log = $1 and kind = 'fileAdded'",
      [log],
    );
    return Number(rows[0]?.count);
  };
  await page.getByRole("main").getByRole("button", { name: capture.ways.phone }).click();
  const dialog = page.getByRole("dialog");
  const link = await dialog.getByText(/\/camera\//).textContent();
  const phone = await openBrowser({ phone: true, viewport: { width: 360, height: 740 } });
  const take = async (n: number): Promise<void> => {
    const photo = await makePhoto(`${n}.jpg`, { width: 300, height: 200 });
    await phone.page.getByTestId("phone-photo").setInputFiles({ ...photo });
    await phone.page.getByText(words.camera.arrived(n), { exact: true }).waitFor();
  };
  try {
    await phone.page.goto(link ?? "");
    await take(1);
    await dialog.getByText(capture.phoneArrived(1), { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await step(page, "questions");
    await take(2);
    await expect.poll(inCase).toBe(2);
    // At the bed for longer than the PC stays open.
    await leave(page, "lock");
    await take(3);
    await unlock(page, pin);
    await expect.poll(inCase).toBe(3);
    await station.go(address);
    await expect.poll(() => page.getByRole("main").locator(".gallery img").count()).toBe(3);
    expect([...station.faults, ...phone.faults]).toEqual([]);
  } finally {
    await phone.close();
  }
});

it("what is damaged on the disk is named on the screen, with what became of it, until somebody has read it", async () => {
  showOnFailure("windows damage", () => [station]);
  const { page, line } = station;
  await appKept(page);
  await line.cut();
  const before = await keysOf(page, { table: "items" });
  await writeHalf(page, "đĩa hỏng");
  const number = await page.locator(".case-form-head .number").textContent();
  const unsent = (await keysOf(page, { table: "items" })).filter((key) => !before.includes(key));
  await leave(page, "lock");
  await page.getByRole("button", { name: shell.unlock, exact: true }).waitFor();
  // Without the sealed copy on its way to the server nothing can be got back.
  await harm(page, "items", unsent);
  await harm(page, "rows", await keysOf(page, { table: "rows", key: ":draft:" }));
  await empty(page, "outgoing");
  await unlock(page, pin);
  const notice = page.getByRole("main").getByRole("alert").filter({ hasText: damage.title });
  await notice.getByText(damage.draft).waitFor();
  const lost = damage.unsent.lost(number ?? "", vocabulary.kind.historyTaken);
  await notice.getByText(lost.slice(lost.indexOf("mục"))).waitFor();
  expect(await look(page, "damage")).toEqual([]);
  await notice.getByRole("button", { name: damage.understood }).click();
  await notice.waitFor({ state: "detached" });
  expect(station.faults).toEqual([]);
});
