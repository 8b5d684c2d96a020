import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  accept,
  answerQuestion,
  askBack,
  closeCase,
  decide,
  endsWithProof,
  handOver,
  openFromWorklist,
  recommend,
  tellOutcome,
} from "../harness/case.ts";
import { showOnFailure } from "../harness/failure.ts";
import {
  addFiles,
  addFilesToCase,
  choose,
  done,
  fill,
  retake,
  step,
  typeVitals,
  writeQuestions,
} from "../harness/form.ts";
import { makePhoto } from "../harness/media.ts";
import { arrive, words, type Person } from "../harness/person.ts";
import { openWorld, type World } from "../harness/world.ts";

const form = words.caseForm;
const title = "Story 2: chest pain, a blurred ECG, V3R–V4R asked for";

async function writeCase({ page }: Person): Promise<void> {
  await page.getByRole("link", { name: words.home.newCase }).last().click();
  await fill(page, form.patient.fields.name, "Pờ Lòng Hừ");
  await fill(page, form.patient.fields.birth, "61 tuổi");
  await choose(page, "nam");
  // The bare ten digits of HT2120112345678 name the same insured person.
  await fill(page, form.patient.fields.insuranceNumber, "0112345678");
  await done(page);
  await step(page, "history");
  await fill(page, form.history.label, "Đau ngực trái 2 giờ, 7/10, lan tay trái, vã mồ hôi.");
  await done(page);
  await step(page, "vitals");
  await typeVitals(page, { Mạch: "58", HA: "92/60", "SpO₂": "95", Đau: "7" });
  await done(page);
  await step(page, "files");
  await addFiles(page, [
    await makePhoto("dien-tim-mo.jpg", { width: 2800, height: 2100, quality: 85 }),
  ]);
  await retake(
    page,
    "dien-tim-mo.jpg",
    await makePhoto("dien-tim.jpg", { width: 2800, height: 2100, quality: 85 }),
  );
  await done(page);
  await step(page, "summary");
  await fill(
    page,
    form.summary.label,
    "Nam 61 tuổi, đau ngực 2 giờ, mạch 58, HA 92/60, nghĩ nhồi máu thành dưới.",
  );
  await done(page);
  await step(page, "questions");
  await writeQuestions(page, [
    "Nhồi máu cơ tim thành dưới?",
    "Có dùng tiêu sợi huyết tại tỉnh không?",
  ]);
  await done(page);
  await step(page, "toWhom");
  await choose(page, /^Khẩn/);
  await page
    .getByRole("main")
    .getByRole("combobox", { name: form.toWhom.specialty })
    .selectOption({ label: "Tim mạch" });
  await choose(page, /Sông Hồng/);
  await done(page);
  await step(page, "send");
  await choose(page, form.consent.toldWho.patient);
  await choose(page, form.consent.hows.spoken);
  await choose(page, form.consent.grounds.consent);
  await page.getByRole("main").getByRole("button", { name: form.send.send, exact: true }).click();
  await page.waitForURL(/\/case\/[0-9a-f-]+$/);
}

describe(title, () => {
  let world: World;
  let station: Person;
  let specialist: Person;
  beforeAll(async () => {
    world = await openWorld();
    station = await arrive(world, "xapg");
    specialist = await arrive(world, "khuelm");
  });
  afterAll(async () => {
    await station?.close();
    await specialist?.close();
    await world?.close();
  });

  it("asks back for more leads, gets them, and the patient is handed over with a note", async () => {
    showOnFailure(title, () => [station, specialist]);
    // Online but slow: 512 kbit/s, 300 ms there and back.
    station.line.shape({ bitsPerSecond: 512_000, oneWayDelayMs: 150 });
    await writeCase(station);

    await openFromWorklist(specialist, "Pờ Lòng Hừ");
    await accept(specialist);
    await askBack(specialist, "Cho xin chuyển đạo V3R–V4R.");

    await station.page.getByRole("main").getByText("Cho xin chuyển đạo V3R–V4R.").first().waitFor();
    await addFilesToCase(station.page, [await makePhoto("v3r-v4r.jpg")]);
    await specialist.page
      .getByRole("main")
      .getByText("v3r-v4r.jpg")
      .first()
      .waitFor({ timeout: 60_000 });

    await answerQuestion(specialist, 1, "Có, nhồi máu cơ tim thành dưới kèm thất phải.");
    await answerQuestion(
      specialist,
      2,
      "Dùng được nếu tới tỉnh trong 60 phút và không có chống chỉ định.",
    );
    await recommend(specialist, "Aspirin 300 mg nhai ngay");
    await recommend(specialist, "Không dùng nitrat, truyền dịch 250 ml");
    await recommend(specialist, "Chuyển ngay BVĐK tỉnh");
    for (const number of [1, 2, 3]) await decide(station, number, "accept");
    await handOver(
      station,
      "BVĐK Lai Châu",
      "Đã nhai aspirin 300 mg lúc 09:40, đường truyền tay phải, mạch 60, HA 95/60.",
    );
    await tellOutcome(
      station,
      words.vocabulary.result.transferred,
      "Đã tới bệnh viện tỉnh an toàn",
    );
    await closeCase(station);
    await endsWithProof(station);
    await endsWithProof(specialist);
    expect(station.faults).toEqual([]);
    expect(specialist.faults).toEqual([]);
  });
});
