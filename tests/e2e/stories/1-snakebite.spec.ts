import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium109 } from "../harness/browser.ts";
import {
  answerQuestion,
  accept,
  decide,
  endsWithProof,
  openFromWorklist,
  recommend,
  tellOutcome,
} from "../harness/case.ts";
import { showOnFailure } from "../harness/failure.ts";
import {
  addFiles,
  choose,
  done,
  fill,
  scan,
  step,
  typeVitals,
  writeQuestions,
} from "../harness/form.ts";
import { makePhoto, makeVoiceNote } from "../harness/media.ts";
import { arrive, words, type Person } from "../harness/person.ts";
import { openWorld, type World } from "../harness/world.ts";

const form = words.caseForm;
const card =
  "012092004417|120455667|Giàng A Dế|15031992|Nam|Bản Nậm Ngà, Tà Tổng, Lai Châu|20042022";
const questions = [
  "Có chỉ định huyết thanh kháng nọc không?",
  "Chuyển ngay hay theo dõi tại trạm?",
  "Xử trí gì trước khi chuyển?",
];
const answers = [
  "Có, khi còn chảy máu và máu không đông.",
  "Chuyển tới nơi có huyết thanh; chưa chuyển được thì theo dõi sát.",
  "Bất động chi, không garô, không rạch.",
];
const recommendations = [
  "Bất động chi, không garô",
  "Đo vòng chi mỗi 30 phút",
  "Chuyển 12901 để dùng huyết thanh kháng nọc",
];

/** The patient, the facts, pictures and questions: all with the line dead. */
async function writeCase(station: Person): Promise<void> {
  const { page } = station;
  await page.getByRole("link", { name: words.home.newCase }).last().click();
  await scan(page, card);
  await expect
    .poll(() => page.getByLabel(form.patient.fields.name, { exact: true }).inputValue())
    .toBe("Giàng A Dế");
  await done(page);
  await step(page, "history");
  await fill(
    page,
    form.history.label,
    "Rắn xanh đuôi đỏ cắn bàn chân phải 40 phút trước, vết cắn chảy máu không cầm.",
  );
  await done(page);
  await step(page, "vitals");
  await typeVitals(page, {
    Mạch: "104",
    HA: "110/70",
    "Nhiệt độ": "37,1",
    "Nhịp thở": "20",
    "SpO₂": "97",
    "Cân nặng": "58",
  });
  await done(page);
  await step(page, "examination");
  await fill(
    page,
    form.examination.label,
    "Sưng tới trên mắt cá 6 cm. Máu toàn phần không đông sau 20 phút.",
  );
  await done(page);
  await step(page, "files");
  await addFiles(page, [
    await makePhoto("vet-can.jpg"),
    await makePhoto("ban-chan.jpg"),
    makeVoiceNote("loi-ke.wav", 40),
  ]);
  await expect
    .poll(() =>
      page
        .getByRole("main")
        .getByRole("listitem")
        .filter({ hasText: /vet-can|ban-chan|loi-ke/ })
        .count(),
    )
    .toBe(3);
  await done(page);
  await step(page, "questions");
  await writeQuestions(page, questions);
  await done(page);
  await step(page, "toWhom");
  await choose(page, /^Cấp cứu/);
  await page
    .getByRole("main")
    .getByRole("combobox", { name: form.toWhom.specialty })
    .selectOption({ label: "Chống độc – hồi sức" });
  await choose(page, /Sông Hồng/);
  await done(page);
  await step(page, "send");
  await page.getByRole("main").getByRole("button", { name: form.send.send, exact: true }).click();
}

const story = (name: string, findBrowser: () => Promise<string | undefined>): void => {
  describe(name, () => {
    let world: World;
    let station: Person;
    let specialist: Person;
    let executablePath: string | undefined;

    beforeAll(async () => {
      executablePath = await findBrowser();
      world = await openWorld();
      const options = executablePath === undefined ? {} : { executablePath };
      station = await arrive(world, "suavt", options);
      specialist = await arrive(world, "huydq", options);
    });
    afterAll(async () => {
      await station?.close();
      await specialist?.close();
      await world?.close();
    });

    it("goes from a station without a line to the specialist and back", async () => {
      showOnFailure(name, () => [station, specialist]);
      // The shell has to be on this machine before the line dies.
      await station.page.waitForFunction(
        async () => (await navigator.serviceWorker.ready).active?.state === "activated",
      );
      await station.line.cut();
      await station.page.reload();
      await station.unlock();
      await writeCase(station);
      await station.page.getByText(words.caseView.onlyHere).first().waitFor();

      station.line.shape({ bitsPerSecond: 64_000, oneWayDelayMs: 300 });
      await station.line.mend();
      await openFromWorklist(specialist, "Giàng A Dế");
      await accept(specialist);
      for (const [index, answer] of answers.entries())
        await answerQuestion(specialist, index + 1, answer);
      for (const text of recommendations) await recommend(specialist, text);

      await decide(station, 1, "accept");
      await decide(station, 2, "accept");
      await decide(station, 3, "change", {
        text: "Chuyển khi trời sáng; theo dõi 15 phút một lần tới lúc đó",
        reason: "Không có xe trước 05:00",
      });

      world.advance(3 * 86_400_000);
      await tellOutcome(station, "Đỡ", "Đỡ, ra viện");
      await endsWithProof(station);
      await endsWithProof(specialist);
      expect(station.faults).toEqual([]);
      expect(specialist.faults).toEqual([]);
    });
  });
};

story("Story 1: a snakebite at night, the line is dead", async () => undefined);
story("Story 1 on Chromium 109", findChromium109);
