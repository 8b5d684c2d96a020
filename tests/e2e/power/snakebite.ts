import type { Locator, Page } from "playwright-core";
import { openFromWorklist, accept, answerQuestion, recommend } from "../harness/case.ts";
import { addFiles, choose, done, scan } from "../harness/form.ts";
import { makePhoto, makeVoiceNote, type TestFile } from "../harness/media.ts";
import { words, type Person } from "../harness/person.ts";
import type { Desk } from "./desk.ts";

const { caseForm: form, caseView: view, decisions } = words;

/** One telling of story 1, as its author has it in mind: what is on the machine decides where it goes on. */
export interface Telling {
  readonly patient: string;
  readonly card: string;
  /** The case's address, once it has one. */
  home: string | undefined;
  /** File names that the screen has shown as kept. */
  readonly shown: Set<string>;
  /** What is wrong with what came back, in words. */
  readonly faults: string[];
}

/** A part of the story; `play` goes on from wherever a cut left it. */
export interface Part {
  readonly name: string;
  /** Of this part's usual length: a cut comes at a random moment of it. */
  readonly usualMs: number;
  readonly play: (desk: Desk, telling: Telling) => Promise<void>;
}

const historyText = "Rắn xanh đuôi đỏ cắn bàn chân phải 40 phút trước, vết cắn chảy máu không cầm.";
const examinationText =
  "Sưng tới trên mắt cá 6 cm. Máu toàn phần không đông sau 20 phút. Chân nóng, đau nhiều.";
const questionTexts = [
  "Có chỉ định huyết thanh kháng nọc không?",
  "Chuyển ngay hay theo dõi tại trạm?",
  "Xử trí gì trước khi chuyển?",
];
const recommendations = [
  "Bất động chi, không garô",
  "Đo vòng chi mỗi 30 phút",
  "Chuyển 12901 để dùng huyết thanh kháng nọc",
];
const vitals = {
  Mạch: "104",
  HA: "110/70",
  "Nhiệt độ": "37,1",
  "Nhịp thở": "20",
  "SpO₂": "97",
  "Cân nặng": "58",
};
const changeText = "Chuyển khi trời sáng; theo dõi 15 phút một lần tới lúc đó";
const reasonText = "Không có xe trước 05:00";
const outcomeText = "Đỡ, ra viện sau ba ngày, chân còn sưng nhẹ";

const files: Promise<readonly TestFile[]> = Promise.all([
  makePhoto("vet-can.jpg", { width: 320, height: 240 }),
  makePhoto("ban-chan.jpg", { width: 320, height: 240 }),
]).then((photos) => [...photos, makeVoiceNote("loi-ke.wav", 4)]);

const names = ["Dế", "Páo", "Sử", "Vảng", "Lử", "Chớ", "Tủa", "Nếnh"];

export function tell(number: number): Telling {
  const patient = `Giàng A ${names[number % names.length] ?? ""}`;
  const card = `0120920044${String(17 + number)}|1204556${String(67 + number)}|${patient}|15031992|Nam|Bản Nậm Ngà, Tà Tổng, Lai Châu|20042022`;
  return { patient, card, home: undefined, shown: new Set(), faults: [] };
}

// ------------------------------------------------------------ hands

/** The draft of what was just drawn has been read: the next frame shows it. */
const drawn = (field: Locator): Promise<void> =>
  field.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
      }),
  );

/** Types the rest of a text a few letters at a time, as a person does. */
async function typeOn(desk: Desk, name: string, field: Locator, text: string): Promise<void> {
  await field.waitFor();
  await drawn(field);
  await desk.look(name, () => field.inputValue());
  const there = await field.inputValue();
  if (there !== text && !text.startsWith(there)) await field.fill("");
  const from = text.startsWith(there) ? there.length : 0;
  await field.focus();
  await field.press("Control+End");
  for (let at = from; at < text.length; at += 4) {
    await desk.page().keyboard.insertText(text.slice(at, at + 4));
    desk.note(name, text.slice(0, at + 4));
    await desk.page().waitForTimeout(60);
  }
}

async function finish(desk: Desk): Promise<void> {
  desk.pressing.tell();
  await done(desk.page());
}

const main = (page: Page): Locator => page.getByRole("main");
const area = (page: Page, label: string): Locator => main(page).getByLabel(label, { exact: true });

/** The step's screen, by its address: the home screen's own list is looked at where the case has no entry yet. */
async function toStep(desk: Desk, telling: Telling, name: keyof typeof form.steps): Promise<void> {
  if (telling.home === undefined) throw new Error("the case has not been begun");
  await desk.go(`${telling.home}/form/${name}`);
  await main(desk.page()).getByRole("heading", { level: 1 }).waitFor();
}

// ------------------------------------------------------------ parts

async function patient(desk: Desk, telling: Telling): Promise<void> {
  const page = desk.page();
  const field = area(page, form.patient.fields.name);
  const absent = main(page).getByText(words.frame.notFoundHere);
  if (telling.home !== undefined) {
    await desk.go(`${telling.home}/form/patient`);
    await field.or(absent).first().waitFor();
  }
  if (telling.home === undefined || (await absent.isVisible())) {
    await desk.look(`${telling.patient}, name`, () => Promise.resolve(""));
    await desk.go("/new");
    await page.waitForURL(/\/form\/patient$/);
    telling.home = new URL(page.url()).pathname.replace(/\/form\/.*/, "");
  }
  await field.waitFor();
  await drawn(field);
  await desk.look(`${telling.patient}, name`, () => field.inputValue());
  if ((await field.inputValue()) !== telling.patient) {
    await scan(page, telling.card);
    while ((await field.inputValue()) !== telling.patient) await page.waitForTimeout(20);
    desk.note(`${telling.patient}, name`, telling.patient);
    await page.waitForTimeout(600);
  }
  await finish(desk);
}

async function history(desk: Desk, telling: Telling): Promise<void> {
  await toStep(desk, telling, "history");
  const field = area(desk.page(), form.history.label);
  await typeOn(desk, `${telling.patient}, history`, field, historyText);
  await finish(desk);
}

async function vitalSigns(desk: Desk, telling: Telling): Promise<void> {
  await toStep(desk, telling, "vitals");
  const page = desk.page();
  const fieldOf = (label: string) =>
    main(page).getByRole("textbox", { name: new RegExp(`^${label}`) });
  const first = fieldOf("Mạch");
  await first.waitFor();
  await drawn(first);
  const taken = (await main(page).getByRole("table").count()) > 0;
  for (const [label, reading] of Object.entries(vitals)) {
    // What has become an entry stands in the table below.
    if (!taken) await desk.look(`${telling.patient}, ${label}`, () => fieldOf(label).inputValue());
    const there = await fieldOf(label).inputValue();
    if (taken || there === reading) continue;
    await fieldOf(label).fill(reading);
    desk.note(`${telling.patient}, ${label}`, reading);
    await page.waitForTimeout(120);
  }
  await finish(desk);
}

async function examination(desk: Desk, telling: Telling): Promise<void> {
  await toStep(desk, telling, "examination");
  const field = area(desk.page(), form.examination.label);
  await typeOn(desk, `${telling.patient}, examination`, field, examinationText);
  await finish(desk);
}

async function pictures(desk: Desk, telling: Telling): Promise<void> {
  await toStep(desk, telling, "files");
  const page = desk.page();
  const item = (name: string) => main(page).getByRole("listitem").filter({ hasText: name }).first();
  for (const name of telling.shown)
    await item(name)
      .waitFor({ timeout: 10_000 })
      .catch(() => telling.faults.push(`${name} had been kept and is not there`));
  for (const file of await files) {
    if ((await item(file.name).count()) > 0) continue;
    await addFiles(page, [file]);
    desk.pressing.tell();
    await item(file.name).waitFor({ timeout: 60_000 });
    telling.shown.add(file.name);
  }
  await finish(desk);
}

async function questions(desk: Desk, telling: Telling): Promise<void> {
  await toStep(desk, telling, "questions");
  const page = desk.page();
  for (const [index, text] of questionTexts.entries()) {
    const field = area(page, form.questions.label(index + 1));
    await area(page, form.questions.label(1)).waitFor();
    await drawn(area(page, form.questions.label(1)));
    await desk.look(`${telling.patient}, question ${index}`, async () =>
      (await field.count()) === 0 ? "" : field.inputValue(),
    );
    if ((await field.count()) === 0)
      await page.getByRole("button", { name: form.questions.add }).click();
    await typeOn(desk, `${telling.patient}, question ${index}`, field, text);
  }
  await finish(desk);
}

async function toWhom(desk: Desk, telling: Telling): Promise<void> {
  await toStep(desk, telling, "toWhom");
  const page = desk.page();
  await choose(page, /^Cấp cứu/);
  await main(page)
    .getByRole("combobox", { name: form.toWhom.specialty })
    .selectOption({ label: "Chống độc – hồi sức" });
  await choose(page, /Sông Hồng/);
  await finish(desk);
}

async function send(desk: Desk, telling: Telling): Promise<void> {
  const page = desk.page();
  await desk.go(telling.home ?? "");
  const edit = page.getByRole("link", { name: view.edit, exact: true });
  const sent = main(page).getByText(view.onlyHere);
  await edit.or(sent).first().waitFor();
  if (
    (await sent.count()) > 0 &&
    (await main(page)
      .getByText(questionTexts[0] ?? "")
      .count()) > 0
  )
    return;
  await toStep(desk, telling, "send");
  const button = main(page).getByRole("button", { name: form.send.send, exact: true });
  await button.waitFor();
  desk.pressing.tell();
  await button.click();
  await page.waitForURL(/\/case\/[0-9a-f-]+$/);
}

/** The line is back; everything goes out, and the specialist's words come in. */
async function wait(desk: Desk, telling: Telling): Promise<void> {
  const page = desk.page();
  await desk.go(telling.home ?? "");
  await page.getByRole("group", { name: decisions.choose(3) }).waitFor({ timeout: 120_000 });
}

async function decide(desk: Desk, telling: Telling, number: number, more: boolean): Promise<void> {
  const page = desk.page();
  await desk.go(telling.home ?? "");
  await main(page)
    .getByText(recommendations[2] ?? "")
    .first()
    .waitFor();
  const group = page.getByRole("group", { name: decisions.choose(number) });
  await drawn(main(page));
  if ((await group.count()) === 0) return;
  const name = more ? "Thay đổi" : "Đồng ý";
  await group.getByRole("radio", { name }).check({ force: true });
  const box = group.locator("xpath=ancestor::form");
  if (more) {
    const about = `${telling.patient}, decision`;
    await typeOn(desk, about, box.getByLabel(decisions.changeText, { exact: true }), changeText);
    await typeOn(
      desk,
      `${about}, reason`,
      box.getByLabel(decisions.reason, { exact: true }),
      reasonText,
    );
  }
  desk.pressing.tell();
  await box.getByRole("button", { name: decisions.decide }).click();
  await group.waitFor({ state: "detached" });
}

async function outcome(desk: Desk, telling: Telling): Promise<void> {
  const page = desk.page();
  await desk.go(telling.home ?? "");
  const button = page.getByRole("button", { name: decisions.tellOutcome }).first();
  const told = main(page).getByText(outcomeText);
  await button.or(told).first().waitFor();
  await drawn(main(page));
  if ((await told.count()) > 0) return;
  await button.click();
  await page.getByRole("radio", { name: "Đỡ", exact: true }).check({ force: true });
  const dialog = page.getByRole("dialog");
  await typeOn(
    desk,
    `${telling.patient}, outcome`,
    dialog.getByLabel(decisions.outcomeText, { exact: true }),
    outcomeText,
  );
  desk.pressing.tell();
  await dialog.getByRole("button", { name: decisions.sendOutcome }).click();
  await told.first().waitFor();
}

/** Story 1 as the station lives it, up to the outcome. */
export const writing: readonly Part[] = [
  { name: "patient", usualMs: 1_200, play: patient },
  { name: "history", usualMs: 2_500, play: history },
  { name: "vitals", usualMs: 1_500, play: vitalSigns },
  { name: "examination", usualMs: 2_500, play: examination },
  { name: "files", usualMs: 2_000, play: pictures },
  { name: "questions", usualMs: 3_500, play: questions },
  { name: "toWhom", usualMs: 800, play: toWhom },
  { name: "send", usualMs: 800, play: send },
];

export const deciding: readonly Part[] = [
  { name: "wait", usualMs: 4_000, play: wait },
  { name: "decide 1", usualMs: 600, play: (desk, telling) => decide(desk, telling, 1, false) },
  { name: "decide 2", usualMs: 600, play: (desk, telling) => decide(desk, telling, 2, false) },
  { name: "decide 3", usualMs: 3_000, play: (desk, telling) => decide(desk, telling, 3, true) },
  { name: "outcome", usualMs: 2_000, play: outcome },
];

/** What the specialist does meanwhile, at a machine with good power. */
export async function answerAll(specialist: Person, telling: Telling): Promise<void> {
  await openFromWorklist(specialist, telling.patient, 120_000);
  await accept(specialist);
  for (const [index, text] of questionTexts.entries())
    await answerQuestion(specialist, index + 1, `Về "${text}": có, theo dõi sát.`);
  for (const text of recommendations) await recommend(specialist, text);
}
