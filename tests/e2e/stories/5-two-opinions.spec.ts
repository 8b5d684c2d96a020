import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  answerQuestion,
  decide,
  endsWithProof,
  openFromWorklist,
  recommend,
  tellOutcome,
} from "../harness/case.ts";
import { showOnFailure } from "../harness/failure.ts";
import { addFiles, choose, done, fill, step, writeQuestions } from "../harness/form.ts";
import { makePhoto, type TestFile } from "../harness/media.ts";
import { makePdf } from "../harness/pdf.ts";
import { arrive, words, type Person } from "../harness/person.ts";
import { askIn } from "../harness/referral.ts";
import { openWorld, type World } from "../harness/world.ts";

const { caseForm: form, caseView: view, decisions } = words;
const title = "Story 5: a breast lump, two opinions";
const patient = "Lò Thị Pánh";
const central = "BVTW Sông Hồng";
const questions = [
  "Phác đồ bước một?",
  "Có cần hóa trị tân hỗ trợ trước mổ?",
  "Theo dõi tim mạch thế nào?",
];
const neoadjuvant = "Có: cT3N2, hóa trị tân hỗ trợ trước để hạ giai đoạn rồi mổ.";
const surgeryFirst = "Nên mổ trước tại tỉnh, hóa trị sau: đi lại nhiều lần trước mổ dễ bỏ dở.";
const regimen = "AC-T mỗi 3 tuần, sau đó nội tiết.";
const cardiac = "Siêu âm tim trước đợt đầu và mỗi 3 tháng khi dùng anthracyclin.";
const recommendations = [
  "Hóa trị mỗi 3 tuần tại Bệnh viện Trung ương Sông Hồng",
  "Siêu âm tim trước khi bắt đầu hóa trị",
];
const changed = "Hóa trị mỗi 3 tuần tại 12901, không tại 01901";
const distance = "Nhà cách Hà Nội hơn 600 km, người bệnh không đi lại được mỗi 3 tuần.";

const ultrasound = ["sieu-am-1.jpg", "sieu-am-2.jpg"];
const photographs = Array.from({ length: 12 }, (_, index) => `vu-trai-${index + 1}.jpg`);
const pathology = makePdf("giai-phau-benh.pdf", [
  "Giai phau benh: carcinom xam nhap type NST, do 2",
  "ER+ PR+ HER2-",
]);

async function makeFiles(): Promise<readonly TestFile[]> {
  const pictures = await Promise.all(
    [...ultrasound, ...photographs].map((name) => makePhoto(name, { width: 480, height: 360 })),
  );
  return [...pictures, pathology];
}

async function writeCase({ page }: Person): Promise<void> {
  await page.getByRole("link", { name: words.home.newCase }).last().click();
  await fill(page, form.patient.fields.name, patient);
  await fill(page, form.patient.fields.birth, "52 tuổi");
  await choose(page, words.vocabulary.sex.female);
  await done(page);
  await step(page, "history");
  await fill(page, form.history.label, "Khối u vú trái 6 tháng, to dần, không đau.");
  await done(page);
  await step(page, "diagnosis");
  await fill(page, form.diagnosis.label, "U vú trái cT3N2M0, ER+ PR+ HER2−");
  await fill(page, form.diagnosis.code, "C50.9");
  await choose(page, form.diagnosis.confirmed);
  await done(page);
  await step(page, "files");
  const files = await makeFiles();
  await addFiles(page, files);
  await expect
    .poll(
      () =>
        page
          .getByRole("main")
          .getByRole("listitem")
          .filter({ hasText: /sieu-am|vu-trai|giai-phau/ })
          .count(),
      { timeout: 60_000 },
    )
    .toBe(files.length);
  await done(page);
  await step(page, "questions");
  await writeQuestions(page, questions);
  await done(page);
  await step(page, "toWhom");
  await choose(page, /^Thường/);
  await page
    .getByRole("main")
    .getByRole("combobox", { name: form.toWhom.specialty })
    .selectOption({ label: "Ung bướu" });
  await choose(page, /Lai Châu/);
  await done(page);
  await step(page, "send");
  await choose(page, form.consent.toldWho.patient);
  await choose(page, form.consent.hows.signedPaper);
  await choose(page, form.consent.grounds.consent);
  await page.getByRole("main").getByRole("button", { name: form.send.send, exact: true }).click();
  await page.waitForURL(/\/case\/[0-9a-f-]+$/);
}

const question = (page: Page, number: number): Locator =>
  page
    .getByRole("main")
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading", { name: questions[number - 1] ?? "" }) });

/** A second opinion that says from whose it differs. */
async function dissent(person: Person, number: number, from: string, text: string): Promise<void> {
  const { page } = person;
  const item = question(page, number);
  await item.getByRole("button", { name: view.anotherOpinion }).click();
  await item.getByLabel(view.answerLabel(number), { exact: true }).fill(text);
  await item.getByLabel(view.dissentCheck(from)).check();
  await item.getByRole("button", { name: view.sendAnswer }).click();
  await item.getByText(text).waitFor();
}

/** Both opinions, word for word, the second marked as differing, each with its author. */
async function seesBothOpinions({ page }: Person): Promise<void> {
  const item = question(page, 2);
  await item.getByText(view.severalOpinions).waitFor({ timeout: 60_000 });
  for (const text of [neoadjuvant, surgeryFirst]) await item.getByText(text).waitFor();
  await item.getByText(view.dissents, { exact: true }).waitFor();
  for (const author of [/Nguyễn Bảo Trâm/, /Lò Văn Thành/])
    await item.getByText(author).first().waitFor();
}

/** Every file has come; the pathology report opens in a tab of its own, and saved it is what left the station. */
async function readsFiles({ page, context }: Person): Promise<void> {
  const main = page.getByRole("main");
  await main.getByText(view.allArrived(15), { exact: true }).waitFor({ timeout: 120_000 });
  for (const name of [...ultrasound, ...photographs])
    await main
      .getByRole("button", { name: view.openPicture(name), exact: true })
      .first()
      .waitFor();
  const report = main.getByRole("link", { name: view.openPdf });
  const [tab] = await Promise.all([context.waitForEvent("page"), report.click()]);
  expect(tab.url()).toMatch(/^blob:/);
  await tab.close();
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    report.click({ modifiers: ["Alt"] }),
  ]);
  expect((await readFile(await saved.path())).equals(pathology.buffer)).toBe(true);
}

describe(title, () => {
  let world: World;
  let station: Person;
  let coordinator: Person;
  let oncologist: Person;
  let cardiologist: Person;
  let surgeon: Person;

  beforeAll(async () => {
    world = await openWorld();
    station = await arrive(world, "xapg");
    coordinator = await arrive(world, "sontv");
    surgeon = await arrive(world, "thanhlv");
    oncologist = await arrive(world, "tramnb");
    cardiologist = await arrive(world, "khuelm");
  });
  afterAll(async () => {
    for (const person of [station, coordinator, surgeon, oncologist, cardiologist])
      await person?.close();
    await world?.close();
  });

  it("goes by the province to the central hospital, and two opinions that differ are both kept", async () => {
    const everybody = [station, coordinator, surgeon, oncologist, cardiologist];
    showOnFailure(title, () => everybody);
    await writeCase(station);
    await askIn(coordinator, patient, {
      facility: central,
      specialty: "Ung bướu",
      person: "BS. Nguyễn Bảo Trâm",
      reason: "Tỉnh chưa có bác sĩ ung bướu.",
    });
    await askIn(coordinator, patient, {
      facility: central,
      specialty: "Tim mạch",
      person: "PGS. Lê Minh Khuê",
      reason: "Nguy cơ tim khi dùng anthracyclin.",
    });

    await openFromWorklist(oncologist, patient);
    await readsFiles(oncologist);
    await answerQuestion(oncologist, 1, regimen);
    await answerQuestion(oncologist, 2, neoadjuvant);
    await openFromWorklist(surgeon, patient);
    await question(surgeon.page, 2).getByText(neoadjuvant).waitFor({ timeout: 60_000 });
    await dissent(surgeon, 2, "BS. Nguyễn Bảo Trâm", surgeryFirst);
    await openFromWorklist(cardiologist, patient);
    await answerQuestion(cardiologist, 3, cardiac);
    for (const person of [station, surgeon, oncologist, cardiologist])
      await seesBothOpinions(person);

    for (const text of recommendations) await recommend(oncologist, text);
    await decide(station, 1, "change", { text: changed, reason: distance });
    await decide(station, 2, "accept");
    const main = oncologist.page.getByRole("main");
    await main.getByText(decisions.instead(changed)).waitFor({ timeout: 60_000 });
    await main.getByText(decisions.because(distance)).waitFor();

    await tellOutcome(station, words.vocabulary.result.improved, "Xong 4 đợt, u nhỏ lại");
    for (const person of [station, surgeon, oncologist, cardiologist]) {
      await person.page.getByRole("main").getByText("Xong 4 đợt").first().waitFor();
      await seesBothOpinions(person);
      await endsWithProof(person);
    }
    for (const person of everybody) expect(person.faults).toEqual([]);
  });
});
