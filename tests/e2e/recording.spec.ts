import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { live } from "../../apps/station/src/words/vi/live.ts";
import { showOnFailure } from "./harness/failure.ts";
import { look, lookAtDialog } from "./harness/look.ts";
import { arrive, type Person } from "./harness/person.ts";
import { bytesIn } from "../media/recorders.ts";
import { goToLive, hasEngine, openLiveWorld, type LiveWorld } from "./harness/liveWorld.ts";
import type { World } from "./harness/world.ts";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** What the case's own player makes of the file: how long it is, and whether it gets on. */
const plays = (page: Page): Promise<readonly [number, boolean]> =>
  page.evaluate(async () => {
    const audio = document.querySelector<HTMLAudioElement>("audio.file-audio");
    if (audio === null) return [0, false] as const;
    audio.muted = true;
    await audio.play();
    await new Promise((resolve) => audio.addEventListener("timeupdate", resolve, { once: true }));
    return [audio.duration, !audio.error && audio.currentTime > 0] as const;
  });

describe.skipIf(!hasEngine)("a session is recorded", () => {
  let opened: LiveWorld;
  let world: World;
  let station: Person;
  let hospital: Person;

  beforeAll(async () => {
    opened = await openLiveWorld("recording");
    ({ world } = opened);
    station = await arrive(world, "xapg");
    hospital = await arrive(world, "khuelm");
  });
  afterAll(async () => {
    await station?.close();
    await hospital?.close();
    await opened?.close();
  });

  it("with the patient's consent, seen by both sides, kept in the case and played there", async () => {
    showOnFailure("recording", () => [station, hospital]);
    const { page } = station;
    await goToLive(station, "Lỳ Gó Chừ");
    await button(page, live.joinWithVoice).click();
    await page.getByText(live.alone).waitFor();
    await hospital.page.getByRole("link", { name: live.enter, exact: true }).click();
    await button(hospital.page, live.joinWithVoice).click();
    await page.getByText(live.alone).waitFor({ state: "detached" });

    // Who does not lead has no button for it.
    expect(await button(hospital.page, live.recording.start).count()).toBe(0);
    await button(page, live.recording.start).click();
    await page.getByText(live.recording.whoAgreed).waitFor();
    expect(await lookAtDialog(page, "recording-consent")).toEqual([]);
    await page.getByRole("radio", { name: live.recording.by.patient }).check();
    await button(page, live.recording.agreedStart).click();
    for (const person of [station, hospital])
      await person.page.getByText(live.recording.isOn).waitFor();
    expect(await look(page, "recording-on")).toEqual([]);
    // The fake microphone beeps once a second, 32 KB of sound are one.
    const sealed = path.join(world.filesDir, "recordings");
    await expect.poll(() => bytesIn(sealed)).toBeGreaterThan(60_000);
    await button(page, live.recording.stop).click();
    await hospital.page.getByText(live.recording.isOn).waitFor({ state: "detached" });
    await button(page, live.recording.keep).waitFor();
    expect(await look(page, "recording-ready")).toEqual([]);
    await button(page, live.recording.keep).click();
    await button(page, live.recording.keep).waitFor({ state: "detached" });

    // The far side opens the case and listens.
    await button(hospital.page, live.leave).click();
    await hospital.page.getByRole("link", { name: live.toCase, exact: true }).click();
    await hospital.page.locator("audio.file-audio").waitFor();
    const [seconds, gotOn] = await plays(hospital.page);
    expect(gotOn).toBe(true);
    expect(seconds).toBeGreaterThan(1);
    expect(await look(hospital.page, "recording-in-case")).toEqual([]);
  });
});
