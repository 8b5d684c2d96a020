import type { Locator } from "playwright-core";
import { words, type Person } from "./person.ts";

const view = words.caseView;
const { requests } = words;

/** Where a request goes next, and why. */
export interface Onward {
  readonly facility: string;
  readonly specialty: string;
  readonly reason: string;
}

/** The request's row in the coordinator's list; waits until it rings in. */
export async function rowOf(coordinator: Person, patient: string): Promise<Locator> {
  const { page } = coordinator;
  await page
    .getByRole("navigation")
    .getByRole("link", { name: words.frame.requests })
    .first()
    .click();
  await page.getByRole("heading", { name: requests.title, level: 1 }).waitFor();
  const row = page.getByRole("main").getByRole("article").filter({ hasText: patient });
  await row.waitFor({ timeout: 60_000 });
  return row;
}

/** From the coordinator's list: the request goes to another facility, which has it from then on. */
export async function sendOn(coordinator: Person, patient: string, onward: Onward): Promise<void> {
  const row = await rowOf(coordinator, patient);
  await row.getByRole("button", { name: view.sendOn, exact: true }).click();
  const dialog = coordinator.page.getByRole("dialog");
  await dialog.getByLabel(view.sendOnTo, { exact: true }).selectOption({ label: onward.facility });
  await dialog
    .getByLabel(view.specialty, { exact: true })
    .selectOption({ label: onward.specialty });
  await dialog.getByLabel(view.reason, { exact: true }).fill(onward.reason);
  await dialog.getByRole("button", { name: view.sendOn, exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

/** From the coordinator's list: another facility's specialist is asked in; the request stays here as well. */
export async function askIn(
  coordinator: Person,
  patient: string,
  onward: Onward & { readonly person?: string },
): Promise<void> {
  const row = await rowOf(coordinator, patient);
  await row.getByRole("button", { name: view.askIn, exact: true }).click();
  const dialog = coordinator.page.getByRole("dialog");
  await dialog.getByLabel(view.askInTo, { exact: true }).selectOption({ label: onward.facility });
  await dialog
    .getByLabel(view.specialty, { exact: true })
    .selectOption({ label: onward.specialty });
  if (onward.person !== undefined)
    await dialog
      .getByLabel(view.askInPerson, { exact: true })
      .selectOption({ label: onward.person });
  await dialog.getByLabel(view.reason, { exact: true }).fill(onward.reason);
  await dialog.getByRole("button", { name: view.askIn, exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

/** A message in the case's conversation. */
export async function say(person: Person, text: string): Promise<void> {
  await sendTalk(person, view.message, text);
}

/** A message that answers one of `author`, found by its text. */
export async function reply(
  person: Person,
  to: { readonly author: string; readonly text: string },
  text: string,
): Promise<void> {
  const message = conversation(person).getByRole("listitem").filter({ hasText: to.text });
  await message.waitFor({ timeout: 60_000 });
  await message.getByRole("button", { name: view.replyTo(to.author) }).click();
  await sendTalk(person, view.replyTo(to.author), text);
}

async function sendTalk(person: Person, label: string, text: string): Promise<void> {
  const field = person.page.getByRole("main").getByRole("textbox", { name: label, exact: true });
  await field.fill(text);
  await field
    .locator("xpath=ancestor::form")
    .getByRole("button", { name: view.sendMessage, exact: true })
    .click();
  await conversation(person).getByText(text).waitFor();
}

export const conversation = (person: Person): Locator =>
  person.page.getByRole("list", { name: view.conversation });
