import type { Locator, Page } from "playwright-core";
import { words } from "./person.ts";

const { capture } = words;

/** "Quay video": films with the machine's camera (in the tests Chromium's own, a moving picture with a tone). */
export async function film(page: Page, seconds: number, longest: number): Promise<void> {
  await page.getByRole("main").getByRole("button", { name: capture.ways.video }).click();
  const dialog = page.getByRole("dialog", { name: capture.recordVideo });
  await dialog.getByRole("button", { name: capture.startRecording }).click();
  // A busy machine may draw the clock late and pass over seconds.
  const reached = Array.from({ length: longest - seconds + 1 }, (_, late) =>
    capture.length(seconds + late, longest),
  );
  await dialog
    .getByRole("timer")
    .filter({ hasText: new RegExp(`^(${reached.join("|")})$`) })
    .waitFor({ timeout: (seconds + 120) * 1000 });
  await dialog.getByRole("button", { name: capture.stopRecording }).click();
  await dialog.getByRole("button", { name: capture.useRecording }).click();
  await dialog.waitFor({ state: "detached" });
}

/** Seconds of film that the browser plays from this element, found by playing it to its end at speed. */
export async function playedSeconds(video: Locator): Promise<number> {
  return await video.evaluate(async (element) => {
    if (!(element instanceof HTMLVideoElement)) throw new Error("not a film");
    element.muted = true;
    element.playbackRate = 16;
    const ended = new Promise((resolve, reject) => {
      element.addEventListener("ended", resolve, { once: true });
      element.addEventListener("error", () => reject(new Error(element.error?.message)), {
        once: true,
      });
    });
    await element.play();
    await ended;
    return element.videoWidth > 0 ? element.currentTime : 0;
  });
}
