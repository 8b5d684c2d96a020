import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { TestFile } from "./media.ts";
import { words } from "./person.ts";

const form = words.caseForm;

/** Opens a step of the case form from its list of steps. */
export async function step(page: Page, name: keyof typeof form.steps): Promise<void> {
  // On a phone the list is folded behind the line that says which step this is.
  const folded = page.getByRole("main").locator(".case-form-steps-top > summary");
  await folded.waitFor({ state: "attached" });
  if (await folded.isVisible()) await folded.click();
  await page
    .getByRole("navigation", { name: form.stepsLabel })
    .getByRole("link", { name: form.steps[name] })
    .click();
  await page.waitForURL(new RegExp(`/form/${name}$`));
}

/** "Xong": writes the step's entries. */
export async function done(page: Page): Promise<void> {
  const before = page.url();
  await page.getByRole("main").getByRole("button", { name: form.done, exact: true }).click();
  await page.waitForURL((url) => url.href !== before);
}

export async function fill(page: Page, label: string, text: string): Promise<void> {
  await page.getByRole("main").getByLabel(label, { exact: true }).fill(text);
}

/** A hardware scanner types fast and ends with Enter. */
export async function scan(page: Page, text: string): Promise<void> {
  const field = page.getByRole("main").getByRole("textbox", { name: form.patient.scan });
  await field.focus();
  await page.keyboard.insertText(text);
  await page.keyboard.press("Enter");
}

export async function typeVitals(
  page: Page,
  readings: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [label, value] of Object.entries(readings))
    await page
      .getByRole("main")
      .getByRole("textbox", { name: new RegExp(`^${label}`) })
      .fill(value);
}

export async function choose(page: Page, name: string | RegExp): Promise<void> {
  // The radio itself is visually hidden under its label in the design: a click on it is a click on the label.
  await page.getByRole("main").getByRole("radio", { name }).check();
}

export async function addFiles(page: Page, files: readonly TestFile[]): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("main").getByRole("button", { name: words.capture.ways.file }).click(),
  ]);
  // By path: 18 MB through the debugging line would take longer than the person.
  const folder = mkdtempSync(join(tmpdir(), "lientuyen-chosen-"));
  const paths = files.map((file) => join(folder, file.name));
  for (const [index, file] of files.entries()) writeFileSync(paths[index] ?? "", file.buffer);
  await chooser.setFiles(paths);
}

export async function writeQuestions(page: Page, questions: readonly string[]): Promise<void> {
  for (const [index, question] of questions.entries()) {
    if (index > 0) await page.getByRole("button", { name: form.questions.add }).click();
    await fill(page, form.questions.label(index + 1), question);
  }
}

/** Takes a better picture of the same thing: the first one stays in the record, behind it. */
export async function retake(page: Page, name: string, better: TestFile): Promise<void> {
  const item = page.getByRole("main").getByRole("listitem").filter({ hasText: name });
  await item.getByRole("button", { name: words.capture.retake }).click();
  await addFiles(page, [better]);
  await page.getByRole("main").getByRole("listitem").filter({ hasText: better.name }).waitFor();
  await item.waitFor({ state: "detached" });
}

/** From the case page: to the files, add them, and back to the case. */
export async function addFilesToCase(page: Page, files: readonly TestFile[]): Promise<void> {
  const home = new URL(page.url()).pathname;
  await page.getByRole("link", { name: words.caseView.addPhoto }).click();
  await addFiles(page, files);
  for (const file of files)
    await page.getByRole("main").getByRole("listitem").filter({ hasText: file.name }).waitFor();
  await page.getByRole("main").getByRole("button", { name: form.done, exact: true }).click();
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, home);
}
