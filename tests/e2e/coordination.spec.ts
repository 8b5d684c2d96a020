import type { Page } from "playwright-core";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser } from "./harness/browser.ts";
import { openFromWorklist, openTimeline } from "./harness/case.ts";
import { showOnFailure } from "./harness/failure.ts";
import { done, fill } from "./harness/form.ts";
import { lookAtDialog } from "./harness/look.ts";
import { makePhoto } from "./harness/media.ts";
import { arrive, moveTo, signIn, words, type Person } from "./harness/person.ts";
import { conversation, rowOf, say, sendOn } from "./harness/referral.ts";
import { sendCase, type ShortCase } from "./harness/sending.ts";
import { letTimePass } from "./harness/time.ts";
import { openWorld, type World } from "./harness/world.ts";

const { caseView: view, requests, vocabulary, worklist } = words;

let world: World;
let station: Person;
let central: Person;
let province: Person;
let cardiologist: Person;
const everybody = () => [station, central, province, cardiologist];

beforeAll(async () => {
  world = await openWorld();
  station = await arrive(world, "xapg");
  central = await arrive(world, "lanvt");
  province = await arrive(world, "sontv");
  cardiologist = await arrive(world, "khuelm");
});
afterAll(async () => {
  for (const person of everybody()) await person?.close();
  await world?.close();
});

const protocol = { "x-lientuyen-protocol": "1" };
const Rows = v.object({ rows: v.array(v.object({ case: v.string() })) });

const toCardiology: Omit<ShortCase, "patient"> = {
  question: "Có cần chuyển tuyến không?",
  urgency: "routine",
  specialty: "Tim mạch",
  facility: /Sông Hồng/,
};

const main = (page: Page) => page.getByRole("main");
/** Presses a button and fills the dialog that it opens; the dialog is gone at the end. */
const inDialog = async (
  page: Page,
  button: string | RegExp,
  write: (dialog: ReturnType<Page["getByRole"]>) => Promise<void>,
): Promise<void> => {
  await main(page).getByRole("button", { name: button }).first().click();
  const dialog = page.getByRole("dialog");
  await write(dialog);
  await dialog.waitFor({ state: "detached" });
};
const withReason = async (page: Page, button: string, reason: string): Promise<void> =>
  inDialog(page, button, async (dialog) => {
    await dialog.getByLabel(view.reason, { exact: true }).fill(reason);
    await dialog.getByRole("button", { name: button, exact: true }).click();
  });

/** From now on: what the page tells the system, and "ring" for each tone that it sounds. */
const listen = async (page: Page): Promise<() => Promise<readonly string[]>> => {
  const heard: string[] = [];
  const cdp = await page.context().newCDPSession(page);
  cdp.on("WebAudio.audioNodeCreated", ({ node }) => {
    if (node.nodeType === "Oscillator") heard.push("ring");
  });
  await cdp.send("WebAudio.enable");
  const told = await page.evaluateHandle(() => {
    const list: string[] = [];
    window.Notification = class extends Notification {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        list.push(title, JSON.stringify(options));
      }
    };
    return list;
  });
  return async () => [...heard, ...(await told.evaluate((list) => [...list]))];
};

/** Each of the viewer's tools changes the picture, one takes it all back, and two stand side by side. */
const tryTools = async (viewer: ReturnType<Page["getByRole"]>): Promise<void> => {
  const press = (name: string) => viewer.getByRole("button", { name, exact: true }).click();
  const drawn = () =>
    viewer
      .getByRole("img")
      .first()
      .evaluate((image) => {
        const { transform, filter } = getComputedStyle(image);
        return `${transform} ${filter}`;
      });
  const whole = await drawn();
  for (const tool of [view.zoomIn, view.turnRight, view.brighter]) {
    const before = await drawn();
    await press(tool);
    await expect.poll(drawn).not.toBe(before);
  }
  await press(view.reset);
  await expect.poll(drawn).toBe(whole);
  await press(view.sideBySide);
  await expect.poll(() => viewer.getByRole("img").count()).toBe(2);
  await press(view.onePicture);
  await expect.poll(() => viewer.getByRole("img").count()).toBe(1);
};

describe("the coordinator", () => {
  it("sees every open request to the facility, as the server has them", async () => {
    showOnFailure("coordinator-sees-all", everybody);
    const { page } = central;
    await page.getByRole("navigation").getByRole("link", { name: words.frame.requests }).click();
    const links = main(page).getByRole("article").getByRole("link");
    const open = async () => {
      const answer = await page.request.get(`${central.line.url}/v1/worklist`, {
        headers: protocol,
      });
      const { rows } = v.parse(Rows, await answer.json());
      return rows.map((row) => `/${row.case}`).sort();
    };
    const shown = async () =>
      (await links.evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""))).sort();
    await expect.poll(shown, { timeout: 60_000 }).toEqual(await open());
    expect((await open()).length).toBeGreaterThan(1);
  });

  it("is told that the list is still being read, never that it is empty, while the first download runs", async () => {
    const fresh = await openBrowser();
    showOnFailure("first-download", () => [{ ...fresh, account: "lanvt" }]);
    try {
      const { page } = fresh;
      let letGo: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (letGo = resolve));
      await page.route(/\/v1\/feed(\/packed)?\?/, async (route) => {
        await held;
        await route.continue();
      });
      await page.goto(world.url);
      await signIn(page, "lanvt", world.passwordOf("lanvt"));
      for (const [path, empty] of [
        ["/worklist", worklist.emptyAll],
        ["/requests", requests.empty],
      ] as const) {
        await moveTo(page, path);
        await main(page).getByText(words.frame.listLoading).first().waitFor();
        expect(await main(page).getByText(empty).count()).toBe(0);
      }
      letGo();
      await main(page).getByRole("article").first().waitFor();
      await main(page).getByText(words.frame.listLoading).waitFor({ state: "detached" });
    } finally {
      await fresh.close();
    }
  });

  it("allocates a request from the list: the person finds it under their own, the sender's strip says who", async () => {
    showOnFailure("allocates", everybody);
    const patient = "Lý Lò Xè";
    await sendCase(station, { ...toCardiology, patient });
    const row = await rowOf(central, patient);
    await row.getByRole("button", { name: requests.allocate, exact: true }).click();
    const dialog = central.page.getByRole("dialog");
    const people = dialog.getByLabel(requests.allocateTo, { exact: true });
    const khue = await people.locator("option", { hasText: "Lê Minh Khuê" }).textContent();
    await people.selectOption({ label: khue ?? "" });
    await dialog.getByRole("button", { name: requests.allocate, exact: true }).click();
    await row.getByText(requests.given("PGS. Lê Minh Khuê")).waitFor();

    const { page } = cardiologist;
    await page.getByRole("navigation").getByRole("link", { name: words.frame.worklist }).click();
    await main(page)
      .getByRole("radio", { name: /^Của tôi/ })
      .check();
    const mine = main(page).getByRole("link").filter({ hasText: patient });
    await mine.getByText(worklist.yours, { exact: true }).waitFor({ timeout: 60_000 });

    await main(station.page).getByText(view.allocatedTo("PGS. Lê Minh Khuê")).waitFor();
  });

  it("declines with a reason, which the sender is told by itself", async () => {
    showOnFailure("declines", everybody);
    const patient = "Vàng Gà Hừ";
    const reason = "Đề nghị khám nội tại bệnh viện tỉnh trước.";
    await sendCase(station, { ...toCardiology, patient });
    const row = await rowOf(central, patient);
    await row.getByRole("button", { name: view.decline, exact: true }).click();
    const dialog = central.page.getByRole("dialog");
    await dialog.getByLabel(view.reason, { exact: true }).fill(reason);
    await dialog.getByRole("button", { name: view.decline, exact: true }).click();
    await dialog.waitFor({ state: "detached" });

    await main(station.page)
      .getByText(view.declinedBy("CN. Vũ Thị Lan", reason))
      .waitFor({ timeout: 60_000 });
    await expect
      .poll(() => row.getByRole("button", { name: view.decline, exact: true }).count())
      .toBe(0);
  });

  it("sends on to the other hospital: it has the whole history from then on, the first one nothing new", async () => {
    showOnFailure("sends-on", everybody);
    const patient = "Chu Xì Cà";
    const before = "Đã cho nghỉ tại giường, theo dõi mạch 30 phút một lần.";
    const after = "Mạch 62, HA 100/60, đỡ đau.";
    const reason = "Khoa nội tỉnh không làm được siêu âm tim.";
    const path = await sendCase(station, {
      ...toCardiology,
      patient,
      facility: /Lai Châu/,
      photos: [await makePhoto("dien-tim-truoc.jpg")],
    });
    await say(station, before);
    await openFromWorklist(province, patient);
    await conversation(province).getByText(before).waitFor();
    await sendOn(province, patient, { facility: "BVTW Sông Hồng", specialty: "Tim mạch", reason });

    await main(station.page)
      .getByText(view.sentOnBy("BS. Tao Văn Sơn", "BVTW Sông Hồng", reason))
      .waitFor({ timeout: 60_000 });
    await openFromWorklist(cardiologist, patient);
    await conversation(cardiologist).getByText(before).waitFor();
    await main(cardiologist.page).getByText(toCardiology.question).first().waitFor();
    await main(cardiologist.page)
      .getByRole("img", { name: "dien-tim-truoc.jpg" })
      .first()
      .waitFor({ timeout: 60_000 });

    await say(station, after);
    await conversation(cardiologist).getByText(after).waitFor();
    // The feed is in order: what came later has come, and what lay before it did not.
    const later = "Tống Thị Mè";
    await sendCase(station, { ...toCardiology, patient: later, facility: /Lai Châu/ });
    await rowOf(province, later);
    await province.go(path);
    await conversation(province).getByText(before).waitFor();
    expect(await province.page.getByText(after).count()).toBe(0);
  });
});

/** Patients of the specialist's list, from the top. */
const listed = async (person: Person): Promise<readonly string[]> => {
  const { page } = person;
  await page.getByRole("navigation").getByRole("link", { name: words.frame.worklist }).click();
  await main(page)
    .getByRole("radio", { name: /^Tất cả/ })
    .check();
  return main(page).getByRole("listitem").locator("strong").allTextContents();
};

describe("the sender", () => {
  const urgent = "Giàng Lao Sử";
  const routine = "Sùng Phà Xá";
  let routinePath = "";

  it("changes the urgency and says worse now: the request moves up in the specialist's list", async () => {
    showOnFailure("worse", everybody);
    await sendCase(station, { ...toCardiology, patient: urgent, urgency: "urgent" });
    routinePath = await sendCase(station, { ...toCardiology, patient: routine });
    const placeOf = async (patient: string) => (await listed(cardiologist)).indexOf(patient);
    await expect.poll(() => placeOf(routine), { timeout: 60_000 }).toBeGreaterThan(-1);
    expect(await placeOf(routine)).toBeGreaterThan(await placeOf(urgent));

    const { page } = station;
    await inDialog(page, view.changeUrgency, async (dialog) => {
      await dialog.getByRole("radio", { name: vocabulary.urgency.urgent, exact: true }).check();
      await dialog.getByLabel(view.reason, { exact: true }).fill("Đau tăng khi gắng sức.");
      await dialog.getByRole("button", { name: view.changeUrgency, exact: true }).click();
    });
    const line = main(cardiologist.page).getByRole("listitem").filter({ hasText: routine });
    await line.getByText(vocabulary.urgency.urgent, { exact: true }).waitFor({ timeout: 60_000 });
    expect(await placeOf(routine)).toBeGreaterThan(await placeOf(urgent));

    await inDialog(page, view.worse, async (dialog) => {
      await dialog.getByLabel(view.worseWhat, { exact: true }).fill("Ngất một lần, mạch 40.");
      await dialog.getByRole("button", { name: view.sendWorse, exact: true }).click();
    });
    await expect.poll(() => placeOf(routine), { timeout: 60_000 }).toBe(0);
    await line.getByText(worklist.worse, { exact: true }).waitFor();
    await line.getByText(vocabulary.urgency.emergency, { exact: true }).waitFor();
  });

  it("records what was agreed by telephone, for both sides", async () => {
    showOnFailure("telephone", everybody);
    const agreed = "Đặt đường truyền, atropin 0,5 mg, chuyển bằng xe 115.";
    await station.go(routinePath);
    const { page } = station;
    await main(page).getByText(view.whomToCall, { exact: true }).first().click();
    await main(page).getByText(view.recordCall, { exact: true }).first().click();
    await main(page).getByLabel(view.callWith, { exact: true }).fill("PGS. Lê Minh Khuê");
    const text = main(page).getByLabel(view.callText, { exact: true });
    await text.fill(agreed);
    await text
      .locator("xpath=ancestor::form")
      .getByRole("button", { name: view.saveCall, exact: true })
      .click();
    await conversation(station).getByText(agreed).waitFor();

    await openFromWorklist(cardiologist, routine);
    const there = conversation(cardiologist).getByRole("listitem").filter({ hasText: agreed });
    await there.getByText("PGS. Lê Minh Khuê").first().waitFor({ timeout: 60_000 });
  });

  it("withdraws a request, which leaves the other side's lists", async () => {
    showOnFailure("withdraws", everybody);
    const reason = "Người bệnh đã lên xe 115.";
    const row = await rowOf(central, routine);
    await withReason(station.page, view.withdraw, reason);
    await main(station.page).getByText(view.withdrawnBecause(reason)).waitFor();
    await row.waitFor({ state: "hidden", timeout: 60_000 });
    await main(central.page)
      .getByText(/^Đã xong/)
      .first()
      .click();
    await row.getByText(vocabulary.requestState.withdrawn, { exact: true }).waitFor();
    expect(await listed(cardiologist)).not.toContain(routine);
  });
});

describe("what was wrong", () => {
  const wrongName = "Lò Văn Nhầm";
  const rightName = "Lò Văn Pâng";
  let path = "";

  it("a photograph that is taken away vanishes from the open screen of the far side and cannot be fetched", async () => {
    showOnFailure("wrong-photograph", everybody);
    path = await sendCase(station, {
      ...toCardiology,
      patient: wrongName,
      photos: [await makePhoto("dung.jpg"), await makePhoto("nham.jpg")],
    });
    const { page } = cardiologist;
    const fetched: string[] = [];
    page.on("request", (request) => {
      if (/\/v1\/cases\/[^/]+\/files\/./.test(request.url())) fetched.push(request.url());
    });
    await openFromWorklist(cardiologist, wrongName);
    const wrong = main(page).getByRole("button", { name: view.openPicture("nham.jpg") });
    await wrong.first().click({ timeout: 60_000 });
    const viewer = page.getByRole("dialog", { name: view.viewer });
    await viewer.getByRole("img").first().waitFor();
    await tryTools(viewer);
    const urls = [...new Set(fetched)];
    const statuses = async () =>
      Promise.all(
        urls.map(async (url) => (await page.request.get(url, { headers: protocol })).status()),
      );
    expect((await statuses()).every((status) => status < 300)).toBe(true);
    const loaded = await page.evaluate(() => performance.timeOrigin);

    const file = main(station.page).getByRole("listitem").filter({ hasText: "nham.jpg" });
    await file
      .getByRole("button", { name: `${view.mistake}: ${vocabulary.kind.fileAdded}` })
      .click();
    const dialog = station.page.getByRole("dialog");
    await dialog.getByRole("radio", { name: vocabulary.withheldGround.wrongPicture }).check();
    await dialog.getByRole("button", { name: view.sendWithhold, exact: true }).click();
    await file.waitFor({ state: "detached" });

    await main(page)
      .getByText(view.withheldNotice(vocabulary.withheldGround.wrongPicture))
      .waitFor();
    await wrong.first().waitFor({ state: "detached" });
    expect(await page.getByText("nham.jpg").count()).toBe(0);
    expect(await page.getByRole("img", { name: "nham.jpg" }).count()).toBe(0);
    expect(await page.evaluate(() => performance.timeOrigin)).toBe(loaded);
    expect((await statuses()).filter((status) => status === 404)).toHaveLength(1);
    await page.keyboard.press("Escape");
    await main(page).getByRole("img", { name: "dung.jpg" }).first().waitFor();
  });

  it("a wrong patient is mended so that everybody sees that it was", async () => {
    showOnFailure("wrong-patient", everybody);
    const { page } = station;
    await station.go(path);
    await main(page)
      .getByRole("button", { name: `${view.mistake}: ${vocabulary.kind.patientAttached}` })
      .click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: vocabulary.withheldGround.wrongPatient }).check();
    await dialog.getByRole("button", { name: view.sendWithhold, exact: true }).click();
    await main(page).getByRole("heading", { level: 1, name: vocabulary.patient.none }).waitFor();

    const far = main(cardiologist.page);
    await far
      .getByRole("heading", { level: 1, name: vocabulary.patient.none })
      .waitFor({ timeout: 60_000 });
    expect(await cardiologist.page.getByText(wrongName).count()).toBe(0);

    await station.go(`${path}/form/patient`);
    await fill(page, words.caseForm.patient.fields.name, rightName);
    await done(page);
    await far.getByRole("heading", { level: 1, name: rightName }).waitFor({ timeout: 60_000 });
    await openTimeline(cardiologist.page);
    const list = cardiologist.page.getByRole("list", { name: words.timeline.list });
    await list.getByText(vocabulary.withheldText(vocabulary.withheldGround.wrongPatient)).waitFor();
    await list.getByText(rightName).first().waitFor();
    await far.getByText(words.timeline.proofHolds, { exact: true }).waitFor({ timeout: 60_000 });
    expect(await cardiologist.page.getByText(wrongName).count()).toBe(0);
  });
});

describe("an emergency without a contract", () => {
  it("says so on both sides, and takes the contract's name once there is one", async () => {
    const patient = "Giàng Thị Sáo";
    const lonely = await arrive(world, "suavt");
    showOnFailure("no-contract", () => [lonely, central]);
    try {
      const told = await listen(central.page);
      await sendCase(lonely, {
        ...toCardiology,
        patient,
        urgency: "emergency",
        specialty: "Chống độc – hồi sức",
      });
      const mark = vocabulary.mark.noContract;
      await main(lonely.page).getByText(mark, { exact: true }).waitFor({ timeout: 60_000 });
      const row = await rowOf(central, patient);
      // Heard, seen on the screen of the machine, and at the tab; never whose case it is.
      const number = (await row.locator(".number").first().textContent()) ?? "";
      await expect.poll(told).toContain(words.notify.emergency(number));
      await expect.poll(told).toContain("ring");
      expect((await told()).join()).not.toContain(patient);
      await expect.poll(() => central.page.title()).toMatch(/^\(\d+\) /);
      await row.getByRole("link").click();
      const far = main(central.page);
      await far.getByText(mark, { exact: true }).waitFor();
      const nameIt = far.getByRole("button", { name: view.nameContract, exact: true });
      expect(await nameIt.count()).toBe(0);

      await world.agreeContract("HD-12913-01901-2026", ["12913", "01901"]);
      await inDialog(central.page, view.nameContract, async (dialog) => {
        await dialog.waitFor();
        expect(await lookAtDialog(central.page, "dialog-contract")).toEqual([]);
        await dialog.getByLabel(view.note, { exact: true }).fill("Ký bổ sung sau cấp cứu.");
        await dialog.getByRole("button", { name: view.nameContract, exact: true }).click();
      });
      const named = view.contractIs("HD-12913-01901-2026");
      await far.getByText(named).waitFor();
      await main(lonely.page).getByText(named).waitFor({ timeout: 60_000 });
      expect(await main(lonely.page).getByText(mark, { exact: true }).count()).toBe(0);
      expect(lonely.faults).toEqual([]);
    } finally {
      await lonely.close();
    }
  });
});

describe("the frame", () => {
  it("names the screen in the tab but never the patient, and remembers across a lock what had arrived", async () => {
    showOnFailure("frame", everybody);
    const patient = "Lỳ Xì Mé";
    const path = await sendCase(station, { ...toCardiology, patient });
    const { page } = station;
    const arrived = page
      .getByRole("status", { name: words.status.label })
      .filter({ hasText: words.status.allArrived("") });
    await arrived.waitFor({ timeout: 60_000 });
    const title = () => page.title();
    const screen = (name: keyof typeof words.frame.titles) =>
      `${words.frame.titles[name]} · ${words.shell.product}`;
    await expect.poll(title).toContain(screen("case"));
    expect(await title()).not.toContain(patient);
    await station.go(`${path}/timeline`);
    await expect.poll(title).toContain(screen("timeline"));
    await page.reload();
    await page.getByLabel(words.shell.secret, { exact: true }).waitFor();
    expect(await title()).toBe(words.shell.product);
    await station.unlock();
    await arrived.waitFor();
    await expect.poll(title).toContain(screen("timeline"));
  });
});

describe("nobody answers", () => {
  it("shows whom to call when the deadline has passed, without a line as well", async () => {
    showOnFailure("deadline", everybody);
    const path = await sendCase(station, {
      ...toCardiology,
      patient: "Pờ Xì Lòng",
      urgency: "emergency",
    });
    const { page } = station;
    const overdue = main(page).getByText(view.overdue, { exact: true });
    const numbers = () =>
      main(page)
        .getByRole("link", { name: /^Gọi / })
        .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    await main(page).getByText(view.strip.arrived, { exact: true }).waitFor();
    expect(await overdue.count()).toBe(0);
    await station.go("/cases");
    const row = main(page).getByRole("link").filter({ hasText: "Pờ Xì Lòng" });
    await row.waitFor();
    await letTimePass(world, [station], 11 * 60_000);
    // Nobody touched the PC meanwhile: it has locked itself, and tells whoever comes back.
    await page.getByLabel(words.shell.secret, { exact: true }).waitFor();
    await station.unlock();
    await page
      .getByRole("status", { name: words.notify.news })
      .getByText(/quá hạn, chưa ai trả lời/)
      .waitFor();
    await row.getByText(words.search.late, { exact: true }).waitFor();
    await row.click();
    await overdue.waitFor();
    const first = main(page).getByRole("link", { name: /^Gọi / }).first();
    expect(await first.isVisible()).toBe(true);
    const online = await numbers();
    expect(online.length).toBeGreaterThan(2);
    expect(online.every((href) => /^tel:[+\d]+$/.test(href ?? ""))).toBe(true);

    await station.line.cut();
    await page.reload();
    await station.unlock();
    await station.go(path);
    await overdue.waitFor();
    expect(await first.isVisible()).toBe(true);
    expect(await numbers()).toEqual(online);
  });

  it("left no fault on any page", () => {
    for (const person of everybody()) expect(person.faults).toEqual([]);
  });
});
