import { guidedHistories } from "@lientuyen/terms";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  accept,
  answerQuestion,
  decide,
  endsWithProof,
  openFromWorklist,
  openTimeline,
  recommend,
  tellOutcome,
} from "../harness/case.ts";
import { showOnFailure } from "../harness/failure.ts";
import { addFiles, choose, done, fill, step, typeVitals, writeQuestions } from "../harness/form.ts";
import { makePhoto } from "../harness/media.ts";
import { arrive, words, type Person } from "../harness/person.ts";
import { letTimePass } from "../harness/time.ts";
import { openWorld, type World } from "../harness/world.ts";

const { caseForm: form, caseView: view } = words;
const title = "Story 4: thirty-four weeks, 160 over 110, in two places at once";
const patient = "Sùng Thị Mỷ";
const summaries = {
  first: "Thai 34 tuần, đau đầu, HA 160/110.",
  pc: "Thai 34 tuần, đau đầu, nhìn mờ, HA 160/110, phản xạ gân xương tăng.",
  phone: "Thai 34 tuần, đau đầu, HA 160/110, que thử nước tiểu protein 3+.",
  merged:
    "Thai 34 tuần, đau đầu, nhìn mờ, HA 160/110, phản xạ gân xương tăng, que thử nước tiểu protein 3+.",
};
const noteOnPhone = "Que thử đọc sau 60 giây, phòng bên.";
const picture = "que-thu-nuoc-tieu.jpg";
const questions = [
  "Có phải tiền sản giật nặng không?",
  "Dùng magie sulfat tại trạm hay chờ tới tỉnh?",
];
const answers = ["Đúng, tiền sản giật nặng.", "Dùng liều đầu tại trạm trước khi đi."];
const recommendations = [
  "Magie sulfat 4 g tiêm tĩnh mạch chậm",
  "Chuyển ngay khoa Sản 12901, có nữ hộ sinh đi cùng",
];

const pregnancy = guidedHistories.find((guide) => guide.code === "pregnancy");
const guided: Readonly<Record<string, string>> = {
  weeks: "34",
  para: "1001",
  headache: "Có",
  epigastric: "Không",
  bleeding: "Không",
  movements: "Có",
};

async function writeHistory(page: Page): Promise<void> {
  await step(page, "history");
  await page
    .getByRole("main")
    .getByRole("combobox", { name: form.history.guide })
    .selectOption({ label: pregnancy?.vi ?? "" });
  for (const question of pregnancy?.questions ?? []) {
    const answer = guided[question.code];
    if (answer === undefined) continue;
    if (question.answers === undefined) await fill(page, question.vi, answer);
    else
      await page
        .getByRole("main")
        .getByRole("group", { name: question.vi, exact: true })
        .getByRole("radio", { name: answer, exact: true })
        .check();
  }
  await done(page);
}

async function writeSummary(page: Page, text: string): Promise<void> {
  await step(page, "summary");
  await fill(page, form.summary.label, text);
  await done(page);
}

/** What both devices know before the line of one goes. */
async function beginCase({ page }: Person): Promise<void> {
  await page.getByRole("link", { name: words.home.newCase }).last().click();
  await fill(page, form.patient.fields.name, patient);
  await fill(page, form.patient.fields.birth, "27 tuổi");
  await choose(page, words.vocabulary.sex.female);
  await done(page);
  await writeHistory(page);
  await step(page, "vitals");
  await typeVitals(page, { HA: "160/110", Mạch: "96" });
  await done(page);
  await writeSummary(page, summaries.first);
}

/** From the phone's home to the case that was begun on the PC. */
async function openOnPhone({ page }: Person): Promise<void> {
  await page.getByRole("main").getByRole("link", { name: words.home.myCases }).click();
  const line = page.getByRole("main").getByRole("link").filter({ hasText: patient });
  await line.waitFor({ timeout: 60_000 });
  await line.click();
  await page.getByRole("main").getByText(summaries.first).first().waitFor({ timeout: 60_000 });
}

/** In the next room, without a line: the dipstick's picture, what it says, and a summary of its own. */
async function writeOnPhone(phone: Person): Promise<void> {
  const { page } = phone;
  await page.getByLabel(view.addNote, { exact: true }).fill(noteOnPhone);
  await page
    .getByLabel(view.addNote, { exact: true })
    .locator("xpath=ancestor::form")
    .getByRole("button", { name: view.save, exact: true })
    .click();
  await page.getByRole("main").getByText(noteOnPhone).first().waitFor();
  await page.getByRole("link", { name: view.edit }).click();
  await step(page, "files");
  await addFiles(page, [await makePhoto(picture)]);
  await page.getByRole("main").getByRole("listitem").filter({ hasText: picture }).waitFor();
  await done(page);
  await writeSummary(page, summaries.phone);
}

async function askObstetrics({ page }: Person): Promise<void> {
  await step(page, "questions");
  await writeQuestions(page, questions);
  await done(page);
  await step(page, "toWhom");
  await choose(page, /^Cấp cứu/);
  await page
    .getByRole("main")
    .getByRole("combobox", { name: form.toWhom.specialty })
    .selectOption({ label: "Sản phụ khoa" });
  await choose(page, /Lai Châu/);
  await done(page);
  await step(page, "send");
  await page.getByRole("main").getByRole("button", { name: form.send.send, exact: true }).click();
  await page.waitForURL(/\/case\/[0-9a-f-]+$/);
}

/** Both versions stand side by side, and everything that either device wrote is there. */
async function seesBoth({ page }: Person): Promise<void> {
  const main = page.getByRole("main");
  await main.getByText(view.diverged, { exact: true }).waitFor({ timeout: 60_000 });
  const versions = main.getByRole("article", { name: view.versionOf("BS. Hảng A Chinh") });
  await expect.poll(() => versions.count()).toBe(2);
  // Neither is passed over where one reads first, at the head of the page.
  const head = main.locator(".case-head");
  for (const text of [summaries.pc, summaries.phone]) {
    await versions.getByText(text, { exact: true }).waitFor();
    await head.getByText(text, { exact: true }).waitFor();
  }
  await main.getByText(noteOnPhone).first().waitFor();
  await main.getByText(picture).first().waitFor();
  const signs = main.getByRole("region", { name: view.vitalSigns, exact: true });
  for (const value of ["160", "110"]) await signs.getByText(value).first().waitFor();
  for (const question of questions) await main.getByText(question).first().waitFor();
}

async function merge({ page }: Person): Promise<void> {
  const main = page.getByRole("main");
  await main.getByLabel(view.mergeLabel, { exact: true }).fill(summaries.merged);
  await main.getByRole("button", { name: view.merge, exact: true }).click();
}

async function seesMerged({ page }: Person): Promise<void> {
  const main = page.getByRole("main");
  await main.getByText(summaries.merged, { exact: true }).first().waitFor({ timeout: 60_000 });
  await main.getByText(view.diverged, { exact: true }).waitFor({ state: "detached" });
}

/** Nothing was overwritten: every version stands in the record, and the phone's say how late they came. */
async function recordHoldsAll(person: Person): Promise<void> {
  const { page } = person;
  const back = new URL(page.url()).pathname;
  await openTimeline(page);
  const entry = (text: string) =>
    page
      .getByRole("list", { name: words.timeline.list })
      .getByRole("listitem")
      .filter({ hasText: text });
  const late = words.timeline.statedAt("");
  for (const text of [summaries.first, summaries.pc, summaries.merged]) {
    await entry(text).first().waitFor();
    expect(await entry(text).filter({ hasText: late }).count()).toBe(0);
  }
  for (const text of [summaries.phone, noteOnPhone])
    await entry(text).filter({ hasText: late }).first().waitFor();
  await person.go(back);
}

describe(title, () => {
  let world: World;
  let pc: Person;
  let phone: Person;
  let obstetrician: Person;

  beforeAll(async () => {
    world = await openWorld();
    pc = await arrive(world, "chinhha");
    phone = await arrive(world, "chinhha", { viewport: { width: 360, height: 740 }, phone: true });
    obstetrician = await arrive(world, "thanhlv");
  });
  afterAll(async () => {
    await pc?.close();
    await phone?.close();
    await obstetrician?.close();
    await world?.close();
  });

  it("keeps what both write while one is offline for four minutes, and is answered by obstetrics", async () => {
    const everybody = [pc, phone, obstetrician];
    showOnFailure(title, () => everybody);
    await beginCase(pc);
    await openOnPhone(phone);

    await phone.line.cut();
    await writeOnPhone(phone);
    await writeSummary(pc.page, summaries.pc);
    await askObstetrics(pc);
    await openFromWorklist(obstetrician, patient);
    await obstetrician.page.getByRole("main").getByText(summaries.pc).first().waitFor();
    expect(await obstetrician.page.getByText(summaries.phone).count()).toBe(0);
    await letTimePass(world, everybody, 4 * 60_000);
    await phone.page
      .getByRole("status", { name: words.status.label })
      .getByText(words.status.offline)
      .waitFor();
    await phone.line.mend();

    await phone.go(new URL(pc.page.url()).pathname);
    for (const person of everybody) await seesBoth(person);
    await accept(obstetrician);
    for (const [index, answer] of answers.entries())
      await answerQuestion(obstetrician, index + 1, answer);
    for (const person of everybody) await seesBoth(person);
    await merge(pc);
    for (const person of everybody) await seesMerged(person);

    for (const text of recommendations) await recommend(obstetrician, text);
    await decide(pc, 1, "accept");
    await decide(phone, 2, "accept");
    await tellOutcome(pc, words.vocabulary.result.improved, "Mổ lấy thai ở tuần 35, mẹ và con ổn");
    for (const person of everybody) {
      await person.page.getByRole("main").getByText("Mổ lấy thai").first().waitFor();
      await recordHoldsAll(person);
      await endsWithProof(person);
    }
    for (const person of everybody) expect(person.faults).toEqual([]);
  });
});
