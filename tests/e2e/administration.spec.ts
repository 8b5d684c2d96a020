import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser } from "./harness/browser.ts";
import { openFromWorklist } from "./harness/case.ts";
import { showOnFailure } from "./harness/failure.ts";
import { look, lookAtDialog } from "./harness/look.ts";
import { arrive, words, type Person } from "./harness/person.ts";
import { conversation, say } from "./harness/referral.ts";
import { openWorld, type World } from "./harness/world.ts";

const { administration: t, caseView: view, shell, vocabulary } = words;
/** A request to dermatology at the province that the seed left open. */
const patient = "Giàng Thị Chia";
const newcomer = "BS. Vàng Thị Hoa";
const account = "hoavt";

let password = "";
let world: World;
let administrator: Person;
let doctor: Person | undefined;
let colleague: Person | undefined;
const everybody = () => [administrator, doctor, colleague];

beforeAll(async () => {
  // A folder that nobody mounted.
  world = await openWorld({ depositAt: [{ kind: "folder", folder: "/nonexistent/kept" }] });
  administrator = await arrive(world, "dunglt");
});
afterAll(async () => {
  for (const person of everybody()) await person?.close();
  await world?.close();
});

const main = (): Locator => administrator.page.getByRole("main");
const part = async (name: string): Promise<void> => {
  const { page } = administrator;
  await page.getByRole("navigation").getByRole("link", { name: words.frame.people }).click();
  await main().getByRole("radio", { name, exact: true }).check();
};

/** What happens when somebody signs in with this password on a machine that never saw them. */
const signsIn = async (who: string, password: string): Promise<"in" | "refused"> => {
  const browser = await openBrowser();
  try {
    const { page } = browser;
    await page.goto(world.url);
    await page.getByLabel(shell.account, { exact: true }).fill(who);
    await page.getByLabel(shell.password, { exact: true }).fill(password);
    await page.keyboard.press("Enter");
    const chosen = page.getByRole("heading", { name: shell.chooseSecretTitle });
    const refused = page.getByText(shell.failures.wrong_sign_in);
    await chosen.or(refused).waitFor({ timeout: 60_000 });
    return (await refused.isVisible()) ? "refused" : "in";
  } finally {
    await browser.close();
  }
};

/** By the way that the status line shows, and back to the case. */
const signInAgain = async (person: Person): Promise<void> => {
  const { page } = person;
  const path = new URL(page.url()).pathname;
  const signIn = page.getByRole("banner").getByRole("link", { name: words.status.signIn });
  await signIn.click({ timeout: 60_000 });
  const field = page.getByRole("main").getByLabel(shell.password, { exact: true });
  await field.fill(password);
  await page.keyboard.press("Enter");
  await signIn.waitFor({ state: "detached", timeout: 60_000 });
  await person.go(path);
};

describe("the IT administrator", () => {
  it("is told that checkpoints do not get where others keep them", async () => {
    showOnFailure("checkpoints-away", everybody);
    await part(t.people);
    await main().getByText(t.depositsFailing).waitFor();
    expect(await look(administrator.page, "checkpoints-away")).toEqual([]);
  });

  it("adds a person with an account, who then signs in", async () => {
    showOnFailure("adds-a-person", everybody);
    await part(t.people);
    await main().getByRole("button", { name: t.add, exact: true }).click();
    const dialog = administrator.page.getByRole("dialog");
    const field = (label: string) => dialog.getByLabel(label, { exact: true });
    await field(t.name).fill("Vàng Thị Hoa");
    await field(t.titleField).fill("BS.");
    await field(t.certificate).fill("000299/LC-CCHN");
    await field(t.phone).fill("0900 000 299");
    await field(t.role).selectOption({ label: vocabulary.role.physician });
    await field(t.specialty).selectOption({ label: "Da liễu" });
    await field(t.account).fill(account);
    // A short password is refused at its field, and nothing typed is lost.
    await field(t.password).fill("ngan");
    await dialog.getByRole("button", { name: t.save, exact: true }).click();
    await dialog.getByText(t.shortPassword).waitFor();
    expect(await field(t.name).inputValue()).toBe("Vàng Thị Hoa");
    await dialog.getByRole("button", { name: t.suggest, exact: true }).click();
    password = await field(t.password).inputValue();
    expect(password.length).toBeGreaterThanOrEqual(14);
    await dialog.getByRole("button", { name: t.save, exact: true }).click();
    await main().getByText(t.added("Vàng Thị Hoa")).waitFor();
    await main().getByRole("article", { name: newcomer }).getByText(account).waitFor();

    doctor = await arrive(world, account, {}, password);
    await doctor.page.getByRole("banner").getByText("Vàng Thị Hoa").waitFor();
  });

  it("resets a password: the new one signs in, the old one no longer", async () => {
    showOnFailure("resets-a-password", everybody);
    const old = world.passwordOf("thanhlv");
    await part(t.people);
    const card = main().getByRole("article", { name: "BS. Lò Văn Thành" });
    await card.getByRole("button", { name: t.resetOf("BS. Lò Văn Thành") }).click();
    const shown = card.getByRole("status").or(card.getByRole("alert")).locator("code");
    const fresh = (await shown.first().textContent()) ?? "";
    expect(fresh.length).toBeGreaterThanOrEqual(14);
    expect(await signsIn("thanhlv", old)).toBe("refused");
    expect(await signsIn("thanhlv", fresh)).toBe("in");
  });

  it("disowns a device: what it writes later waits until it is released", async () => {
    showOnFailure("disowns-a-device", everybody);
    if (doctor === undefined) throw new Error("nobody signed in");
    colleague = await arrive(world, "maiht");
    const before = "Tôi đã xem ảnh.";
    const later = "Bôi kem hai lần mỗi ngày.";
    await openFromWorklist(colleague, patient);
    await openFromWorklist(doctor, patient);
    await say(doctor, before);
    await conversation(colleague).getByText(before).waitFor({ timeout: 60_000 });

    await part(t.devices);
    const panel = main().getByRole("region").filter({ hasText: newcomer });
    await panel.getByRole("button", { name: t.disownDevice }).click();
    const dialog = administrator.page.getByRole("dialog");
    await dialog.waitFor();
    expect(await lookAtDialog(administrator.page, "dialog-disown")).toEqual([]);
    await dialog.getByLabel(t.disownReason, { exact: true }).fill("Mất máy tính xách tay");
    await dialog.getByRole("button", { name: t.disownDevice, exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await panel.getByText(t.disowned, { exact: true }).first().waitFor();

    // A machine that was lost is signed out. Who still has it in their hands and knows the password may send.
    await say(doctor, later);
    await signInAgain(doctor);
    await doctor.page.getByRole("main").getByText(view.quarantined(1)).waitFor({ timeout: 60_000 });
    await doctor.page.getByText(words.frame.disownedText.device).waitFor();
    await part(t.quarantine);
    const held = main().getByRole("listitem").filter({ hasText: newcomer });
    await held.waitFor();
    expect(await conversation(colleague).getByText(later).count()).toBe(0);

    await held.getByRole("button", { name: t.release, exact: true }).click();
    await dialog.waitFor();
    expect(await lookAtDialog(administrator.page, "dialog-release")).toEqual([]);
    await dialog.getByLabel(t.releaseReason, { exact: true }).fill("Đã gọi, đúng là BS. Hoa viết");
    await dialog.getByRole("button", { name: t.release, exact: true }).click();
    await main().getByText(t.quarantineEmpty).waitFor();
    await conversation(colleague).getByText(later).waitFor({ timeout: 60_000 });
    await doctor.page
      .getByText(view.quarantined(1))
      .waitFor({ state: "detached", timeout: 60_000 });
  });

  it("left no fault on any page", () => {
    for (const person of everybody()) expect(person?.faults).toEqual([]);
  });

  it("is told of a copied profile, as is whoever holds its key, on every screen", async () => {
    showOnFailure("copied-profile", everybody);
    const { page } = administrator;
    await world.flagAsCopied("dunglt");
    await page.getByText(words.frame.clonedTitle).waitFor();
    await part(t.devices);
    await main().getByText(t.clonedHelp).waitFor();
    await main().getByText(t.cloned, { exact: true }).first().waitFor();
    expect(await look(page, "copied-profile")).toEqual([]);
  });
});
