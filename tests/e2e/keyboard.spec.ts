import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser, type PersonsBrowser } from "./harness/browser.ts";
import { chooseLine, chooseRadio, pressOn, tabTo, typeIn } from "./harness/keys.ts";
import { makePhoto } from "./harness/media.ts";
import { pin, words } from "./harness/person.ts";
import { openWorld, type World } from "./harness/world.ts";

const { shell, home, caseForm: form, capture, caseView: view, vocabulary } = words;
const card =
  "012092004417|120455667|Giàng A Dế|15031992|Nam|Bản Nậm Ngà, Tà Tổng, Lai Châu|20042022";
const toxicology = "Chống độc – hồi sức";

let world: World;
let browser: PersonsBrowser;
let page: Page;

beforeAll(async () => {
  world = await openWorld();
  browser = await openBrowser();
  ({ page } = browser);
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const main = () => page.getByRole("main");
const field = (name: string) => main().getByRole("textbox", { name, exact: true });
const button = (name: string) => main().getByRole("button", { name, exact: true });

/** The chooser is the system's own; what it answers comes from the test. */
const chooseFile = async (): Promise<void> => {
  const file = await makePhoto("vet-can.jpg");
  // Asked for before Tab begins: the browser has to know in time that the system's own is not to open.
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    pressOn(button(capture.ways.file)),
  ]);
  await chooser.setFiles({ ...file });
  await main().getByRole("listitem").filter({ hasText: "vet-can" }).waitFor({ timeout: 60_000 });
};

it("signs in by keys alone", async () => {
  await page.goto(world.url);
  await typeIn(page.getByLabel(shell.account, { exact: true }), "suavt");
  await typeIn(page.getByLabel(shell.password, { exact: true }), world.passwordOf("suavt"));
  await page.keyboard.press("Enter");
  await typeIn(page.getByLabel(shell.secret, { exact: true }), pin);
  await typeIn(page.getByLabel(shell.secretAgain, { exact: true }), pin);
  await page.keyboard.press("Enter");
  await page.getByRole("banner").waitFor({ timeout: 60_000 });
  await main().getByRole("link", { name: home.newCase }).waitFor({ timeout: 60_000 });
  expect(browser.faults).toEqual([]);
});

it("sends an emergency by keys alone: a photograph, a question, to whom", async () => {
  await pressOn(main().getByRole("link", { name: home.emergency }));
  await page.waitForURL(/\/emergency$/);
  await chooseFile();
  await typeIn(field(form.emergency.question), "Có chỉ định huyết thanh kháng nọc không?");
  await typeIn(field(form.emergency.who), "Rắn cắn bàn chân phải 40 phút trước");
  await chooseRadio(page, form.emergency.sex, vocabulary.sex.male);
  await typeIn(field(form.emergency.age), "34");
  await chooseLine(page, form.toWhom.specialty, toxicology);
  await chooseRadio(page, form.toWhom.facility, /Sông Hồng/);
  await pressOn(button(form.emergency.send));
  await page.waitForURL(/\/case\/[^/]+$/);
  await main().getByText("Có chỉ định huyết thanh kháng nọc không?").first().waitFor();
  expect(browser.faults).toEqual([]);
});

it("writes story 1 in full and sends it by keys alone", async () => {
  await pressOn(page.getByRole("banner").getByRole("link", { name: words.frame.newCase }));
  await typeIn(main().getByRole("textbox", { name: form.patient.scan }), card);
  await page.keyboard.press("Enter");
  await expect.poll(() => field(form.patient.fields.name).inputValue()).toBe("Giàng A Dế");
  await pressOn(button(form.done));
  await page.waitForURL(/\/form\/history$/);
  await typeIn(field(form.history.label), "Rắn xanh đuôi đỏ cắn bàn chân phải 40 phút trước.");
  await pressOn(button(form.done));
  await page.waitForURL(/\/form\/allergies$/);
  await goToStep("vitals");
  // Numbers, with Enter to the next field as on a till.
  for (const reading of ["104", "110/70", "37,1", "20", "97", "58"]) {
    await page.keyboard.type(reading);
    await page.keyboard.press("Enter");
  }
  await pressOn(button(form.done));
  await page.waitForURL(/\/form\/examination$/);
  await goToStep("files");
  await chooseFile();
  await goToStep("questions");
  await typeIn(field(form.questions.label(1)), "Có chỉ định huyết thanh kháng nọc không?");
  await pressOn(button(form.questions.add));
  await typeIn(field(form.questions.label(2)), "Chuyển ngay hay theo dõi tại trạm?");
  await pressOn(button(form.done));
  await page.waitForURL(/\/form\/toWhom$/);
  await chooseRadio(page, form.toWhom.urgency, /^Cấp cứu/);
  await chooseLine(page, form.toWhom.specialty, toxicology);
  await chooseRadio(page, form.toWhom.facility, /Sông Hồng/);
  await pressOn(button(form.done));
  await page.waitForURL(/\/form\/send$/);
  await pressOn(button(form.send.send));
  await page.waitForURL(/\/case\/[^/]+$/);
  await main().getByText("Chuyển ngay hay theo dõi tại trạm?").first().waitFor();
  await pressOn(page.getByRole("link", { name: view.timeline, exact: true }));
  await page.waitForURL(/\/timeline$/);
  await main().getByText(words.timeline.proofHolds, { exact: true }).waitFor({ timeout: 60_000 });
  expect(browser.faults).toEqual([]);
});

const goToStep = async (name: keyof typeof form.steps): Promise<void> => {
  const steps = page.getByRole("navigation", { name: form.stepsLabel });
  const link = steps.getByRole("link", { name: form.steps[name] });
  await tabTo(link, "Shift+Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/form/${name}$`));
  await main().getByRole("heading", { level: 1 }).waitFor();
};
