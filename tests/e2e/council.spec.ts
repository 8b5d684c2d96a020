import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { live } from "../../apps/station/src/words/vi/live.ts";
import { endEndpoints } from "../media/endpoint.ts";
import { openBrowser, type PersonsBrowser } from "./harness/browser.ts";
import { showOnFailure } from "./harness/failure.ts";
import { speak } from "./harness/language.ts";
import { comeToDoor, type LightMember } from "./harness/lightMember.ts";
import { look, lookAtDialog } from "./harness/look.ts";
import { arrive, words, type Person } from "./harness/person.ts";
import { goToLive, hasEngine, openLiveWorld, type LiveWorld } from "./harness/liveWorld.ts";
import type { World } from "./harness/world.ts";

const patient = "Lỳ Gó Chừ";
const guestName = "Lò Thị Vân";
const huy = "Đỗ Quang Huy";
/** By their voices alone. */
const lightAccounts = ["khuelm", "hangpt", "tramnb", "lanvt", "nhulm"] as const;

const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", typeof name === "string" ? { name, exact: true } : { name });
const inDialog = (page: Page, name: string) =>
  page.getByRole("dialog").getByRole("button", { name, exact: true });
const about = async (page: Page, name: string, act: string): Promise<void> => {
  await button(page, new RegExp(`^${live.see("").trim()} .*${name}`))
    .first()
    .click();
  await inDialog(page, act).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
};
const guide = async (page: Page, act: string): Promise<void> => {
  await button(page, live.guide).click();
  await inDialog(page, act).click();
};
const openLive = async (person: Person): Promise<void> => {
  await goToLive(person, patient);
  await button(person.page, live.joinWithVoice).click();
};
/** For half an hour from now, with one more by name. */
const plan = async (page: Page): Promise<void> => {
  await button(page, live.plan.make).click();
  await page.getByLabel(live.plan.find).fill("quang huy");
  await button(page, new RegExp(huy)).click();
  expect(await lookAtDialog(page, "dialog-live-plan")).toEqual([]);
  await inDialog(page, live.plan.keep).click();
  await page.getByText(new RegExp(live.plan.at("").trim())).waitFor();
  expect(await look(page, "live-planned")).toEqual([]);
};
const hears = (page: Page): Promise<boolean> =>
  page.evaluate(() =>
    [...document.querySelectorAll("audio")].some(
      ({ paused, currentTime }) => !paused && currentTime > 0.2,
    ),
  );

describe.skipIf(!hasEngine)("a council of eight", () => {
  let opened: LiveWorld;
  let world: World;
  let chair: Person;
  let member: Person;
  let guest: PersonsBrowser;

  beforeAll(async () => {
    opened = await openLiveWorld("council");
    ({ world } = opened);
    [chair, member, guest] = await Promise.all([
      arrive(world, "xapg"),
      arrive(world, "huydq"),
      openBrowser({ phone: true, viewport: { width: 360, height: 740 } }),
    ]);
  });
  afterAll(async () => {
    await endEndpoints();
    await Promise.all([chair?.close(), member?.close(), guest?.close()]);
    await opened?.close();
  });

  it("waits in the lobby, is admitted, speaks in turn, passes the chair, and loses a chair without ending", async () => {
    showOnFailure("council", () => [chair, member, { ...guest, account: "guest" }]);
    await goToLive(chair, patient);
    await plan(chair.page);
    // What is planned for later keeps nobody from meeting now.
    await button(chair.page, live.joinWithVoice).click();
    await guide(chair.page, live.lobbyOn);

    // The lobby: nobody is heard before they are let in.
    await openLive(member);
    await member.page.getByText(live.waiting).waitFor();
    await about(chair.page, huy, live.giveRole(live.role.listener));
    await about(chair.page, huy, live.act.admit);
    await member.page.getByText(live.listening).waitFor();
    await button(member.page, live.act.raiseHand).waitFor();
    const light: LightMember[] = [];
    for (const account of lightAccounts) light.push(await comeToDoor(world, account));
    await expect(light[0]?.join(false)).rejects.toThrow("token");
    await chair.page.getByText(live.waitingAtDoor(lightAccounts.length)).first().waitFor();
    await button(chair.page, live.admitAll).click();
    await chair.page.getByText(live.people(7)).waitFor();
    const endpoints = await Promise.all(light.map((each, index) => each.join(index === 0)));
    expect(endpoints).toHaveLength(lightAccounts.length);

    // A guest, by a link that opens once.
    await button(chair.page, live.guide).click();
    expect(await lookAtDialog(chair.page, "dialog-live-guide")).toEqual([]);
    await inDialog(chair.page, live.invite.title).click();
    await chair.page.getByLabel(live.invite.name).fill(guestName);
    expect(await lookAtDialog(chair.page, "dialog-live-guest")).toEqual([]);
    await inDialog(chair.page, live.invite.make).click();
    const link = await chair.page.getByLabel(live.invite.link, { exact: true }).inputValue();
    await button(chair.page, words.frame.close).click();
    await guest.page.goto(link);
    expect(await look(guest.page, "live-guest-door")).toEqual([]);
    await button(guest.page, live.joinWithVoice).click();
    await guest.page.getByText(live.waiting).waitFor();
    await button(chair.page, live.act.admit).click();
    await guest.page.getByText(live.people(8)).waitFor();
    await expect.poll(() => hears(guest.page)).toBe(true);
    expect(await look(guest.page, "live-guest")).toEqual([]);
    expect(await guest.page.locator("body").innerText()).not.toContain(patient);
    await expect.poll(() => hears(chair.page)).toBe(true);

    // A listener is heard with the floor alone, and asks for it: the light member's and the guest's voices are there.
    const voices = (): Promise<number> => chair.page.locator("audio").count();
    await expect.poll(voices).toBe(2);
    await button(member.page, live.act.raiseHand).click();
    await chair.page.getByText(live.hands(1)).first().waitFor();
    expect(await look(chair.page, "live-council")).toEqual([]);
    await speak(chair.page, "vi", "en");
    expect(await look(chair.page, "live-council-en")).toEqual([]);
    await speak(chair.page, "en", "vi");
    await button(chair.page, live.act.giveFloor).click();
    await member.page.getByText(live.youHaveFloor).waitFor();
    await button(member.page, live.microphoneIsOff).click();
    await expect.poll(voices).toBe(3);
    await button(member.page, live.act.endFloor).click();
    await about(chair.page, huy, live.giveRole(live.role.member));
    await guide(chair.page, live.act.muteAll);
    await button(member.page, live.microphoneIsOff).waitFor();

    // The chair by hand.
    await button(chair.page, new RegExp(huy)).first().click();
    expect(await lookAtDialog(chair.page, "dialog-live-person")).toEqual([]);
    await inDialog(chair.page, live.act.handOver).click();
    await button(member.page, live.endForAll).waitFor();
    await expect.poll(() => button(chair.page, live.endForAll).count()).toBe(0);

    // The chair's link dies: who was inside first stands in, and the session goes on.
    await member.context.close();
    const chairRole = async (who: string | undefined): Promise<string | undefined> =>
      (await light[0]?.look())?.people.find((each) => each.who === who)?.role;
    const [first] = (await light[0]?.look())?.people ?? [];
    await expect
      .poll(async () => {
        world.advance(4_000);
        return chairRole(first?.who);
      })
      .toBe("chair");
    await button(chair.page, live.endForAll).waitFor();

    // Out means out.
    await about(chair.page, guestName, live.act.remove);
    await guest.page.getByText(live.guest.end.removed).waitFor();
    expect(await look(guest.page, "live-guest-out")).toEqual([]);
    expect(await hears(guest.page)).toBe(false);
    await guest.page.goto("about:blank");
    await guest.page.goto(link);
    await button(guest.page, live.joinWithVoice).click();
    await guest.page.getByText(live.guest.end.over).waitFor();

    await button(chair.page, live.endForAll).click();
    await inDialog(chair.page, live.endForAll).click();
    await chair.page.getByText(live.end.ended).waitFor();
    await chair.page.getByRole("link", { name: live.toCase, exact: true }).click();
    await chair.page.getByRole("link", { name: words.caseView.timeline, exact: true }).click();
    const { noted } = live;
    for (const what of [
      noted.guest(guestName, noted.joined),
      noted.guest(guestName, noted.left),
      noted.ended,
    ])
      await chair.page.getByText(what, { exact: true }).first().waitFor();
    await chair.page
      .getByText(/ nay là chủ tọa$/)
      .first()
      .waitFor();
    const faults = [...chair.faults, ...guest.faults];
    expect(faults.filter((fault) => !fault.startsWith("WebSocket connection to"))).toEqual([]);
  });
});
