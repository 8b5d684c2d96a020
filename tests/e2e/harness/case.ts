import { expect } from "vitest";
import type { Page } from "playwright-core";
import { words, type Person } from "./person.ts";

const view = words.caseView;
const decisions = words.decisions;

/** Waits until the request rings in, and opens it. */
export async function openFromWorklist(
  person: Person,
  patient: string,
  timeoutMs = 60_000,
): Promise<void> {
  const { page } = person;
  await page
    .getByRole("navigation")
    .getByRole("link", { name: words.frame.worklist ?? words.worklist.title })
    .first()
    .click();
  const all = page.getByRole("radio", { name: /^Tất cả/ });
  await all.check();
  const row = page.getByRole("main").getByRole("link").filter({ hasText: patient }).first();
  await row.waitFor({ timeout: timeoutMs });
  await row.click();
  await page.waitForURL(/\/case\//);
}

export async function accept(person: Person): Promise<void> {
  await person.page.getByRole("button", { name: view.accept, exact: true }).click();
  await person.page.getByText(view.acceptedByYou).first().waitFor();
}

export async function answerQuestion(person: Person, number: number, text: string): Promise<void> {
  const { page } = person;
  await page.getByLabel(view.answerLabel(number), { exact: true }).fill(text);
  await page
    .getByLabel(view.answerLabel(number), { exact: true })
    .locator("xpath=ancestor::form")
    .getByRole("button", { name: view.sendAnswer })
    .click();
  await page.getByRole("main").getByText(text).first().waitFor();
}

export async function recommend(person: Person, text: string): Promise<void> {
  const { page } = person;
  await page.getByLabel(view.addRecommendation, { exact: true }).fill(text);
  await page.getByRole("button", { name: view.sendRecommendation }).click();
  await page.getByRole("main").getByText(text).first().waitFor();
}

const choices = { accept: "Đồng ý", change: "Thay đổi", decline: "Không làm" } as const;

export async function decide(
  person: Person,
  number: number,
  what: keyof typeof choices,
  more: { readonly text?: string; readonly reason?: string } = {},
): Promise<void> {
  const { page } = person;
  const group = page.getByRole("group", { name: decisions.choose(number) });
  await group.waitFor({ timeout: 60_000 });
  await group.getByRole("radio", { name: choices[what] }).check();
  const form = group.locator("xpath=ancestor::form");
  if (more.text !== undefined)
    await form.getByLabel(decisions.changeText, { exact: true }).fill(more.text);
  if (more.reason !== undefined)
    await form.getByLabel(decisions.reason, { exact: true }).fill(more.reason);
  await form.getByRole("button", { name: decisions.decide }).click();
  await group.waitFor({ state: "detached" });
}

export async function tellOutcome(person: Person, result: string, text: string): Promise<void> {
  const { page } = person;
  await page.getByRole("button", { name: decisions.tellOutcome }).first().click();
  await page.getByRole("radio", { name: result, exact: true }).check();
  await page.getByLabel(decisions.outcomeText, { exact: true }).fill(text);
  await page.getByRole("dialog").getByRole("button", { name: decisions.sendOutcome }).click();
  await page.getByRole("main").getByText(text).first().waitFor();
}

/** The timeline says that the proof holds: signatures, contents and receipts checked in this browser. */
export async function endsWithProof(person: Person): Promise<void> {
  const { page } = person;
  const back = page.url();
  await openTimeline(page);
  await page
    .getByText(words.timeline.proofHolds, { exact: true })
    .first()
    .waitFor({ timeout: 60_000 });
  // Everything has its receipt: nothing of it is on this machine only.
  await expect
    .poll(() => page.getByText(words.timeline.notReceived).count(), { timeout: 60_000 })
    .toBe(0);
  await person.go(new URL(back).pathname);
}

export async function openTimeline(page: Page): Promise<void> {
  await page.getByRole("link", { name: view.timeline, exact: true }).first().click();
  await page.waitForURL(/\/timeline$/);
}

export async function askBack(person: Person, text: string): Promise<void> {
  const { page } = person;
  await page.getByRole("button", { name: view.askBack, exact: true }).click();
  await page.getByLabel(view.askBackLabel, { exact: true }).fill(text);
  await page.getByRole("button", { name: view.sendAskBack }).click();
  await page.getByRole("main").getByText(text).first().waitFor();
}

/** Hands the patient over to another facility with a note. */
export async function handOver(person: Person, facility: string, note: string): Promise<void> {
  const { page } = person;
  await page
    .getByRole("main")
    .getByRole("button", { name: decisions.handOver, exact: true })
    .click();
  const dialog = page.getByRole("dialog");
  await dialog
    .getByLabel(decisions.handOverWhich, { exact: true })
    .selectOption({ label: facility });
  await dialog.getByLabel(decisions.handOverNote, { exact: true }).fill(note);
  await dialog.getByRole("button", { name: decisions.sendHandOver }).click();
  await page.getByRole("main").getByText(note).first().waitFor();
}

export async function closeCase(person: Person): Promise<void> {
  const { page } = person;
  await page.getByRole("main").getByRole("button", { name: decisions.close, exact: true }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: decisions.close, exact: true })
    .click();
  await page.getByRole("main").getByText(view.closed, { exact: true }).first().waitFor();
}
