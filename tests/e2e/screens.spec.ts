import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPaths, screens } from "../../apps/station/src/app/screens.ts";
import { stepNames } from "../../apps/station/src/features/caseForm/steps.ts";
import { words as english } from "../../apps/station/src/words/en/index.ts";
import { openBrowser, type PersonsBrowser } from "./harness/browser.ts";
import { axeFaults, look } from "./harness/look.ts";
import { arrive, pin, words, type Person } from "./harness/person.ts";
import { openWorld, type World } from "./harness/world.ts";

const inLanguage = { vi: words, en: english } as const;
type Language = keyof typeof inLanguage;

/** A screen of the list as one person meets it; the patient's name stands for the case's address. */
interface Stop {
  readonly screen: string;
  readonly who: string;
  readonly patient?: string;
  readonly step?: string;
}

const answered = "Vàng Xó Pa";
const waiting = "Lỳ Gó Chừ";
const unknownMan = "chưa rõ tên";
const stops: readonly Stop[] = [
  { who: "xapg", screen: "home" },
  { who: "xapg", screen: "newCase" },
  { who: "xapg", screen: "emergency" },
  ...stepNames.map((step) => ({ who: "xapg", screen: "caseForm", patient: waiting, step })),
  { who: "xapg", screen: "device" },
  { who: "xapg", screen: "worklist" },
  { who: "xapg", screen: "case", patient: answered },
  { who: "xapg", screen: "case", patient: waiting },
  { who: "xapg", screen: "answers" },
  { who: "xapg", screen: "cases" },
  { who: "xapg", screen: "timeline", patient: answered },
  { who: "xapg", screen: "print", patient: answered },
  { who: "xapg", screen: "requests" },
  { who: "nhulm", screen: "case", patient: unknownMan },
  { who: "sontv", screen: "requests" },
  { who: "sontv", screen: "worklist" },
  { who: "sontv", screen: "case", patient: "Khoàng Gạ Po" },
  { who: "sontv", screen: "case", patient: "Sùng A Páo" },
  { who: "sontv", screen: "case", patient: "Lò Mò Xạ" },
  { who: "sontv", screen: "timeline", patient: "Khoàng Gạ Po" },
  { who: "longtd", screen: "people" },
  { who: "longtd", screen: "device" },
];

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => {
  await world?.close();
});

it("every screen of the app is looked at by somebody", () => {
  expect(new Set(stops.map(({ screen }) => screen))).toEqual(
    new Set(screens.map(({ name }) => name)),
  );
});

/** By the person's own menu, as a person does it. */
const speak = async (page: Page, from: Language, to: Language): Promise<void> => {
  await page.getByRole("banner").getByRole("button").last().click();
  await page
    .getByRole("dialog")
    .getByRole("radio", { name: inLanguage[from].shell[to === "vi" ? "vietnamese" : "english"] })
    .check();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: inLanguage[to].frame.close, exact: true })
    .click();
};

const addressOf = async (person: Person, stop: Stop): Promise<string> => {
  const pattern = screens.find(({ name }) => name === stop.screen)?.path ?? "/";
  if (stop.patient === undefined) return pattern;
  await person.go("/cases");
  const row = person.page.getByRole("main").getByRole("link").filter({ hasText: stop.patient });
  const href = (await row.first().getAttribute("href")) ?? "";
  return pattern
    .replace(":id", href.split("/")[2] ?? "")
    .replace("/:step?", stop.step === undefined ? "" : `/${stop.step}`);
};

const nameOf = ({ screen, who, patient, step }: Stop): string =>
  [screen, step, who, patient]
    .filter((part) => part !== undefined)
    .join("-")
    .normalize("NFD")
    .replace(/[^A-Za-z0-9-]+/g, "");

describe.each([...new Set(stops.map(({ who }) => who))])("the screens of %s", (who) => {
  let person: Person;
  beforeAll(async () => {
    person = await arrive(world, who);
    if (stops.some((stop) => stop.who === who && stop.patient !== undefined))
      await waitForCases(person);
  });
  afterAll(async () => {
    await person?.close();
  });

  const addresses = new Map<Stop, string>();
  const walk = async (see: (stop: Stop) => Promise<readonly string[]>): Promise<void> => {
    const wrong: string[] = [];
    for (const [stop, address] of addresses) {
      await person.go(address);
      wrong.push(...(await see(stop)));
    }
    expect(wrong).toEqual([]);
    expect(person.faults).toEqual([]);
  };
  it("have no grave fault at 1024×600 and on a phone in Vietnamese", async () => {
    for (const stop of stops.filter((one) => one.who === who))
      addresses.set(stop, await addressOf(person, stop));
    await walk((stop) => look(person.page, `${nameOf(stop)}-vi`));
  });

  it("nor in English", async () => {
    await speak(person.page, "vi", "en");
    await walk((stop) => look(person.page, `${nameOf(stop)}-en`));
  });

  it("can be read in the dark", async () => {
    await person.page.emulateMedia({ colorScheme: "dark" });
    await walk(() => axeFaults(person.page, ["color-contrast"]));
  });
});

/** The first feed has been read. */
const waitForCases = async (person: Person): Promise<void> => {
  await person.go("/cases");
  await person.page.getByRole("main").getByRole("link").nth(2).waitFor({ timeout: 60_000 });
  await person.page.waitForFunction(() => document.querySelector(".status[data-tone]") !== null);
};

describe("before the lock", () => {
  let browser: PersonsBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });
  const wrong: string[] = [];

  /** In both languages, by the choice on the page itself. */
  const stop = async (name: string): Promise<void> => {
    for (const language of ["en", "vi"] as const) {
      await browser.page
        .getByRole("radio", {
          name: words.shell[language === "vi" ? "vietnamese" : "english"],
        })
        .check();
      wrong.push(...(await look(browser.page, `${name}-${language}`)));
    }
  };

  it("sign-in, PIN, lock screen, forgotten PIN, emergency and the phone's camera page have no grave fault", async () => {
    const { page } = browser;
    const { shell } = words;
    await page.goto(world.url);
    await page.getByRole("heading", { name: shell.signIn }).waitFor();
    await stop("signIn");
    await page.getByLabel(shell.account, { exact: true }).fill("suavt");
    await page.getByLabel(shell.password, { exact: true }).fill("sai");
    await page.keyboard.press("Enter");
    await page.getByText(shell.failures.wrong_sign_in).waitFor();
    await stop("signIn-wrong");
    await page.getByLabel(shell.password, { exact: true }).fill(world.passwordOf("suavt"));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: shell.chooseSecretTitle }).waitFor();
    await stop("chooseSecret");
    await page.getByLabel(shell.secret, { exact: true }).fill(pin);
    await page.getByLabel(shell.secretAgain, { exact: true }).fill(pin);
    await page.keyboard.press("Enter");
    await page.getByRole("banner").waitFor({ timeout: 60_000 });
    // The directory goes along into emergencies: it has to be here first.
    await page.getByRole("link", { name: words.home.newCase }).last().waitFor();
    await page.reload();
    await page.getByRole("button", { name: shell.unlock, exact: true }).waitFor();
    await stop("lock");
    await page.getByRole("button", { name: shell.forgotSecret }).click();
    await stop("forgot");
    await page.getByRole("button", { name: shell.backToPeople }).click();
    await stop("people");
    await page.getByRole("button", { name: shell.emergency }).click();
    await stop("emergencyName");
    await page.getByLabel(shell.emergencyName, { exact: true }).fill("Vàng Thị Sua");
    await page.keyboard.press("Enter");
    await page.getByRole("banner").waitFor();
    wrong.push(...(await look(page, "emergencyMode-vi")));
    for (const path of openPaths) {
      await page.goto(`${world.url}${path.replace(":token", "khong-co")}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await stop(`open${path.replace(/[^a-z]/g, "-")}`);
    }
    await page.emulateMedia({ colorScheme: "dark" });
    wrong.push(...(await axeFaults(page, ["color-contrast"])));
    expect(wrong).toEqual([]);
    expect(browser.faults).toEqual([]);
  });
});
