import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beside } from "../../apps/station/src/words/vi/beside.ts";
import { board } from "../../apps/station/src/words/vi/board.ts";
import { cameras } from "../../apps/station/src/words/vi/cameras.ts";
import { freeze } from "../../apps/station/src/words/vi/freeze.ts";
import { live } from "../../apps/station/src/words/vi/live.ts";
import { readiness } from "../../apps/station/src/words/vi/readiness.ts";
import { showOnFailure } from "./harness/failure.ts";
import { addFilesToCase } from "./harness/form.ts";
import { look, lookAtDialog } from "./harness/look.ts";
import { makeEcg } from "./harness/media.ts";
import { arrive, words, type Person } from "./harness/person.ts";
import { drawLine, keepMarked, marks, pointAt, showPicture, stage } from "./harness/showing.ts";
import { hasEngine, openLiveWorld, type LiveWorld } from "./harness/liveWorld.ts";
import type { World } from "./harness/world.ts";

const { caseView } = words;
const patient = "Lỳ Gó Chừ";
const ecg = "ECG lúc 09 giờ 20.jpg";
const doctor = "BS. Pờ Go Xá, TYT Thu Lũm";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const openCase = async (person: Person): Promise<void> => {
  await person.go("/cases");
  const row = person.page.getByRole("main").getByRole("link").filter({ hasText: patient });
  await row.first().click();
};
const openLive = async (person: Person): Promise<void> => {
  await openCase(person);
  await person.page.getByRole("link", { name: caseView.live, exact: true }).click();
  await person.page.getByRole("heading", { name: live.title, exact: true }).waitFor();
};
/** Of the doctor's moving picture as it is decoded now, 0–255. */
const brightness = (page: Page): Promise<number> =>
  page
    .locator("figure")
    .filter({ hasText: doctor })
    .locator("video")
    .evaluate((video) => {
      const brush = document.createElement("canvas").getContext("2d");
      if (!(video instanceof HTMLVideoElement) || brush === null) return 0;
      brush.drawImage(video, 0, 0, 32, 24);
      const { data } = brush.getImageData(0, 0, 32, 24);
      return data.reduce((sum, each, at) => sum + (at % 4 === 3 ? 0 : each), 0) / (32 * 24 * 3);
    });

describe.skipIf(!hasEngine)("what is shown in a live session", () => {
  let opened: LiveWorld;
  let world: World;
  let station: Person;
  let hospital: Person;

  beforeAll(async () => {
    opened = await openLiveWorld("show");
    ({ world } = opened);
    const args = ["--use-fake-device-for-media-stream=device-count=3"];
    station = await arrive(world, "xapg", { args });
    hospital = await arrive(world, "khuelm");
  });
  afterAll(async () => {
    await station?.close();
    await hospital?.close();
    await opened?.close();
  });

  it("machine and line are checked at the door, in words, and the outcome is there the next time", async () => {
    showOnFailure("show-check", () => [station]);
    const { page } = station;
    await openLive(station);
    await button(page, readiness.start).click();
    await page.getByText(readiness.cameraState.good, { exact: true }).waitFor();
    await page.getByText(readiness.microphoneState.good, { exact: true }).waitFor();
    await page.getByText(readiness.linkState.video, { exact: true }).waitFor();
    await button(page, readiness.playTones).click();
    await button(page, readiness.heard).click();
    await page.getByText(readiness.loudspeakerState.good, { exact: true }).waitFor();
    await button(page, readiness.again).waitFor();

    // The way in stands above it all the time, and the browser's refusal does not take it away.
    await station.context.clearPermissions();
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException("Permission denied", "NotAllowedError"));
    });
    await button(page, readiness.again).click();
    await page.getByText(readiness.cameraAdvice.refused).waitFor();
    await page.getByText(readiness.microphoneAdvice.refused).waitFor();
    await page.getByText(readiness.linkState.video, { exact: true }).waitFor();
    expect(await button(page, live.joinWithCamera).isEnabled()).toBe(true);
    expect(await look(page, "live-check-refused")).toEqual([]);
    await page.reload();
    await station.unlock();
    await openLive(station);
    await page.getByText(readiness.cameraState.refused, { exact: true }).first().waitFor();
  });

  it("an ECG is shown to all, pointed at and marked by both sides, seen by who comes back, and kept", async () => {
    showOnFailure("show", () => [station, hospital]);
    await openCase(station);
    await addFilesToCase(station.page, [await makeEcg(ecg)]);
    await openLive(station);
    await button(station.page, live.joinWithCamera).click();
    await station.page.getByText(live.alone).waitFor();
    await openLive(hospital);
    await button(hospital.page, live.joinWithVoice).click();
    await station.page.getByText(live.alone).waitFor({ state: "detached" });

    await button(station.page, board.show).click();
    expect(await lookAtDialog(station.page, "dialog-show-choose")).toEqual([]);
    await station.page.keyboard.press("Escape");
    await showPicture(station, ecg);
    const shown = stage(hospital.page).getByRole("img");
    await shown.waitFor();

    // The hospital points, then draws a ring by hand; the station sees both.
    await pointAt(hospital, 0.4, 0.5);
    await stage(station.page).locator(".board-pointer-name").waitFor();
    await drawLine(hospital, [
      [0.5, 0.4],
      [0.56, 0.5],
      [0.5, 0.6],
      [0.44, 0.5],
      [0.5, 0.4],
    ]);
    await expect.poll(() => marks(station.page).count()).toBe(1);

    // The station answers by keys alone: a line to the right, another that is taken back.
    await stage(station.page).focus();
    const press = async (...names: readonly string[]) => {
      for (const name of names) await station.page.keyboard.press(name);
    };
    await press("3", "Space", "Shift+ArrowRight", "Shift+ArrowRight", "Space");
    await press("Space", "ArrowDown", "ArrowDown", "Space", "z");
    await expect.poll(() => marks(hospital.page).count()).toBe(2);
    expect(await look(station.page, "live-shown")).toEqual([]);

    // The original takes the place of what was sent first where somebody looks closely.
    await button(hospital.page, caseView.zoomIn).click();
    await button(hospital.page, caseView.zoomIn).click();
    const width = () =>
      shown.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0));
    await expect.poll(width).toBe(2_600);

    // Whoever comes back is told everything.
    await hospital.page.reload();
    await hospital.unlock();
    await openLive(hospital);
    await expect.poll(() => marks(hospital.page).count()).toBe(2);

    const keptName = await keepMarked(hospital, ecg);
    // Writing beside the picture is writing in the case.
    const question = "Chuyển đạo V3R và V4R có ST chênh lên không?";
    await hospital.page.getByLabel(caseView.message, { exact: true }).fill(question);
    await button(hospital.page, caseView.sendMessage).click();
    await station.page.getByRole("status").filter({ hasText: question }).first().waitFor();
    await button(station.page, beside.read).click();
    await station.page
      .getByRole("list", { name: caseView.conversation })
      .getByText(question)
      .waitFor();

    // The first and the third fake camera show a picture. The station names its third camera; the specialist who was asked switches to it from afar, and back.
    await button(station.page, cameras.choose).click();
    const third = cameras.nameOf("fake_device_2");
    await station.page.getByLabel(third, { exact: true }).selectOption("ultrasound");
    expect(await lookAtDialog(station.page, "dialog-live-cameras")).toEqual([]);
    await button(station.page, cameras.close).click();
    await button(hospital.page, cameras.switchTo(cameras.name.ultrasound, doctor)).click();
    await button(hospital.page, cameras.switchTo(cameras.name.room, doctor)).waitFor();
    await expect.poll(() => brightness(hospital.page)).toBeGreaterThan(10);
    await button(station.page, cameras.choose).click();
    await button(station.page, cameras.picked).waitFor();
    expect(
      await station.page
        .getByLabel(third, { exact: true })
        .locator("xpath=ancestor::li")
        .innerText(),
    ).toContain(cameras.picked);
    await button(station.page, cameras.close).click();

    // A frame of the station's camera, taken there at its full size, and shown to all in its turn.
    await hospital.page.getByRole("button", { name: freeze.takeOf(doctor) }).click();
    await hospital.page
      .getByText(/nay là một ảnh của ca\.$/)
      .last()
      .waitFor();
    await station.page.getByText(/vừa chụp một hình từ camera của bạn/).waitFor();
    expect(await look(hospital.page, "live-frozen")).toEqual([]);
    await button(hospital.page, board.showOther).click();
    await hospital.page.getByRole("button", { name: /^Hình từ camera TYT Thu Lũm/ }).click();
    await stage(hospital.page)
      .getByRole("img", { name: /^Hình từ camera/ })
      .waitFor();
    for (let zoom = 0; zoom < 2; zoom++) await button(hospital.page, caseView.zoomIn).click();
    await expect.poll(width).toBe(3_840);

    await button(station.page, board.stop).click();
    await stage(hospital.page).waitFor({ state: "detached" });
    await button(hospital.page, live.leave).click();
    await station.page.getByRole("link", { name: live.toCase, exact: true }).click();
    await button(station.page, caseView.openPicture(keptName)).first().click();
    await button(station.page, caseView.showOriginal).click();
    const kept = station.page.getByRole("dialog").getByRole("img", { name: keptName });
    await expect
      .poll(() =>
        kept.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0)),
      )
      .toBe(2_600);
    await button(station.page, caseView.closeViewer).click();
    await station.page.getByRole("link", { name: caseView.timeline, exact: true }).click();
    const said = live.noted.shown(live.noted.file(ecg), "PGS. Lê Minh Khuê");
    await station.page.getByText(said).first().waitFor();
    const seen = live.noted.camera(cameras.name.ultrasound, doctor);
    await station.page.getByText(new RegExp(seen)).first().waitFor();
    expect([...station.faults, ...hospital.faults]).toEqual([]);
  });
});
