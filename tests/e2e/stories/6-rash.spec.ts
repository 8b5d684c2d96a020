import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  accept,
  answerQuestion,
  closeCase,
  decide,
  endsWithProof,
  openFromWorklist,
  recommend,
  tellOutcome,
} from "../harness/case.ts";
import { showOnFailure } from "../harness/failure.ts";
import { addFiles, choose, done, fill, step, writeQuestions } from "../harness/form.ts";
import { makePhoto } from "../harness/media.ts";
import { arrive, words, type Person } from "../harness/person.ts";
import { openWorld, type World } from "../harness/world.ts";

const form = words.caseForm;
const title = "Story 6: a rash for months, photographs only";
const dayMs = 86_400_000;

async function writeCase({ page }: Person): Promise<void> {
  await page.getByRole("link", { name: words.home.newCase }).last().click();
  await fill(page, form.patient.fields.name, "Hảng Thị Dợ");
  await fill(page, form.patient.fields.birth, "45 tuổi");
  await choose(page, "nữ");
  await done(page);
  await step(page, "history");
  await fill(page, form.history.label, "Mảng đỏ ngứa ở cẳng tay đã nhiều tháng.");
  await done(page);
  await step(page, "files");
  const photos = await Promise.all([1, 2, 3, 4, 5].map((n) => makePhoto(`cang-tay-${n}.jpg`)));
  // 18 MB as phones make them, with the place where it was taken in its EXIF.
  const large = await makePhoto("cang-tay-6.jpg", {
    width: 4600,
    height: 3450,
    quality: 97,
    position: true,
  });
  expect(large.buffer.length).toBeGreaterThan(17_000_000);
  expect(large.buffer.includes("LienTuyenTestPhone")).toBe(true);
  await addFiles(page, [...photos, large]);
  await expect
    .poll(
      () =>
        page
          .getByRole("main")
          .getByRole("listitem")
          .filter({ hasText: /cang-tay/ })
          .count(),
      { timeout: 60_000 },
    )
    .toBe(6);
  await done(page);
  await step(page, "questions");
  await writeQuestions(page, ["Bệnh gì, bôi thuốc gì?"]);
  await done(page);
  await step(page, "toWhom");
  await choose(page, /^Thường/);
  await page
    .getByRole("main")
    .getByRole("combobox", { name: form.toWhom.specialty })
    .selectOption({ label: "Da liễu" });
  await choose(page, /Lai Châu/);
  await done(page);
  await step(page, "send");
  await choose(page, form.consent.toldWho.patient);
  await choose(page, form.consent.hows.spoken);
  await choose(page, form.consent.grounds.consent);
  await page.getByRole("main").getByRole("button", { name: form.send.send, exact: true }).click();
  await page.waitForURL(/\/case\/[0-9a-f-]+$/);
}

/** Every file that arrived, searched for the camera's name and the position tags that stood in the 18 MB one. */
function filesWithPosition(folder: string): readonly string[] {
  const out = execFileSync("grep", ["-rlaE", "LienTuyenTestPhone|Exif", folder], {
    encoding: "utf8",
  }).trim();
  return out === "" ? [] : out.split("\n");
}

function storedBytes(folder: string): number {
  return Number(execFileSync("du", ["-sb", folder], { encoding: "utf8" }).split("\t")[0]);
}

describe(title, () => {
  let world: World;
  let station: Person;
  let specialist: Person;
  beforeAll(async () => {
    world = await openWorld();
    station = await arrive(world, "chinhha");
    specialist = await arrive(world, "maiht");
  });
  afterAll(async () => {
    await station?.close();
    await specialist?.close();
    await world?.close();
  });

  it("is answered next morning, waits for the station's PC, and asks for the outcome after 14 days; no position left the station", async () => {
    showOnFailure(title, () => [station, specialist]);
    await writeCase(station);
    const casePath = new URL(station.page.url()).pathname;
    // The full originals follow when the line is free; the PC is switched off when all has arrived.
    await station.page
      .getByRole("status", { name: words.status.label })
      .filter({ hasText: /^Đã tới máy chủ/ })
      .waitFor({ timeout: 120_000 });
    await station.line.cut();

    world.advance(14 * 3_600_000);
    await openFromWorklist(specialist, "Hảng Thị Dợ");
    await accept(specialist);
    await answerQuestion(specialist, 1, "Viêm da cơ địa mạn, chưa thấy dấu hiệu nấm.");
    await recommend(specialist, "Bôi corticoid nhóm trung bình ngày hai lần trong 14 ngày");

    await station.line.mend();
    await decide(station, 1, "accept");

    world.advance(15 * dayMs);
    await station.page.clock.setSystemTime(world.now());
    await station.go("/answers");
    await station.page
      .getByRole("main")
      .getByText(words.answers.group.outcomeDue)
      .first()
      .waitFor({ timeout: 60_000 });
    await station.go(casePath);
    await tellOutcome(station, words.vocabulary.result.improved, "Hết ngứa, mảng đỏ mờ đi");
    await closeCase(station);
    await endsWithProof(station);
    await endsWithProof(specialist);
    expect(station.faults).toEqual([]);
    expect(specialist.faults).toEqual([]);

    // The search finds what it looks for, and nothing of it among what arrived.
    const planted = join(mkdtempSync(join(tmpdir(), "lientuyen-planted-")), "a.jpg");
    writeFileSync(planted, "xx LienTuyenTestPhone xx");
    expect(filesWithPosition(planted)).toEqual([planted]);
    expect(storedBytes(world.filesDir)).toBeGreaterThan(17_000_000);
    expect(() => filesWithPosition(world.filesDir)).toThrow("Command failed"); // grep finds nothing: exit 1
  });
});
