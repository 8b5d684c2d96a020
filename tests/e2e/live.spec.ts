import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { live } from "../../apps/station/src/words/vi/live.ts";
import { showOnFailure } from "./harness/failure.ts";
import { look, lookAtDialog } from "./harness/look.ts";
import { arrive, words, type Person } from "./harness/person.ts";
import { goToLive, hasEngine, openLiveWorld, type LiveWorld } from "./harness/liveWorld.ts";
import type { World } from "./harness/world.ts";

const { caseView } = words;
const patient = "Lỳ Gó Chừ";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const openLive = async (person: Person): Promise<void> => {
  await goToLive(person, patient);
  await person.page.getByRole("heading", { name: live.title, exact: true }).waitFor();
};

/** Pictures of others that really move: the browser has decoded frames of them. */
const seesOthers = (page: Page): Promise<boolean> =>
  page.evaluate(async () => {
    const videos = [...document.querySelectorAll("video")].filter(
      (video) => video.getAttribute("aria-label") !== "Bạn",
    );
    const framesOf = (video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames;
    return (
      videos.length > 0 && videos.every((video) => video.videoWidth > 0 && framesOf(video) > 5)
    );
  });
/** The samples that the browser decoded of somebody else are not silence: the fake microphone beeps each second. */
const hearsOthers = (page: Page): Promise<boolean> =>
  page.evaluate(async () => {
    const streams = [...document.querySelectorAll("audio")].flatMap(({ paused, srcObject }) =>
      !paused && srcObject instanceof MediaStream ? [srcObject] : [],
    );
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    for (const stream of streams) context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let loudest = 0;
    for (let look = 0; look < 150 && loudest < 0.01; look += 1) {
      analyser.getFloatTimeDomainData(samples);
      loudest = Math.max(loudest, ...samples.map(Math.abs));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await context.close();
    return loudest >= 0.01;
  });

describe.skipIf(!hasEngine)("two facilities meet live over a case", () => {
  let opened: LiveWorld;
  let world: World;
  let station: Person;
  let hospital: Person;

  beforeAll(async () => {
    opened = await openLiveWorld("live");
    ({ world } = opened);
    station = await arrive(world, "xapg");
    hospital = await arrive(world, "khuelm");
  });
  afterAll(async () => {
    await station?.close();
    await hospital?.close();
    await opened?.close();
  });

  it("start, see and hear, go on through other screens and a reload, and end with it in the case", async () => {
    showOnFailure("live", () => [station, hospital]);
    await openLive(station);
    expect(await look(station.page, "live-door")).toEqual([]);
    await button(station.page, live.joinWithCamera).click();
    await station.page.getByText(live.alone).waitFor();

    // The other side sees it on whatever screen is drawn.
    await hospital.page.getByRole("link", { name: live.enter, exact: true }).click();
    await button(hospital.page, live.joinWithCamera).click();
    for (const { page } of [station, hospital]) {
      await expect.poll(() => seesOthers(page)).toBe(true);
      await expect.poll(() => hearsOthers(page)).toBe(true);
    }
    expect(await look(station.page, "live-call")).toEqual([]);
    expect(await look(hospital.page, "live-call-member")).toEqual([]);

    // Another screen: the call goes on, and the bar leads back.
    await station.go("/cases");
    await station.page.getByRole("link", { name: live.back, exact: true }).waitFor();
    expect(await look(station.page, "live-bar")).toEqual([]);
    expect(await hearsOthers(station.page)).toBe(true);
    await station.page.getByRole("link", { name: live.back, exact: true }).click();
    await expect.poll(() => seesOthers(station.page)).toBe(true);

    // A reload: back into the same session.
    await hospital.page.reload();
    await hospital.unlock();
    // Nobody presses anything: this window was in it.
    await expect.poll(() => seesOthers(hospital.page)).toBe(true);

    // The engine dies and comes back: nobody presses anything.
    await opened.killEngine(() => hospital.page.getByText(live.mending).waitFor());
    // Voice comes first, a picture when the line has been good for a while.
    for (const { page } of [station, hospital])
      await page.getByText(live.mending).waitFor({ state: "detached" });
    for (const { page } of [station, hospital])
      await expect.poll(() => hearsOthers(page)).toBe(true);

    await button(hospital.page, live.leave).click();
    await hospital.page.getByText(live.end.left).waitFor();
    await button(station.page, live.endForAll).click();
    expect(await lookAtDialog(station.page, "dialog-live-end")).toEqual([]);
    await station.page.getByRole("dialog").getByRole("button", { name: live.endForAll }).click();
    await station.page.getByText(live.end.ended).waitFor();

    await station.page.getByRole("link", { name: live.toCase, exact: true }).click();
    await station.page.getByRole("link", { name: caseView.timeline, exact: true }).click();
    const { joined, returned, left, ended } = live.noted;
    for (const what of [joined, returned, left, ended])
      await station.page.getByText(what, { exact: true }).first().waitFor();
    expect(await look(station.page, "live-timeline")).toEqual([]);
    const faults = [...station.faults, ...hospital.faults];
    // The browser itself says that the engine was away.
    expect(faults.filter((fault) => !fault.startsWith("WebSocket connection to"))).toEqual([]);
  });
});
