import { addFiles, choose, done, fill, step, writeQuestions } from "./form.ts";
import type { TestFile } from "./media.ts";
import { words, type Person } from "./person.ts";

const form = words.caseForm;

/** A short case, as far as the address says where it goes. */
export interface ShortCase {
  readonly patient: string;
  readonly question: string;
  readonly urgency: keyof typeof words.vocabulary.urgency;
  readonly specialty: string;
  readonly facility: RegExp;
  readonly photos?: readonly TestFile[];
}

/** Writes and sends a short case; its screen is open at the end. Answers the case's path. */
export async function sendCase(station: Person, what: ShortCase): Promise<string> {
  const { page } = station;
  await station.go("/new");
  await fill(page, form.patient.fields.name, what.patient);
  await fill(page, form.patient.fields.birth, "61 tuổi");
  await choose(page, words.vocabulary.sex.male);
  await done(page);
  if (what.photos !== undefined) {
    await step(page, "files");
    await addFiles(page, what.photos);
    for (const { name } of what.photos)
      await page.getByRole("main").getByRole("listitem").filter({ hasText: name }).waitFor();
    await done(page);
  }
  await step(page, "questions");
  await writeQuestions(page, [what.question]);
  await done(page);
  await step(page, "toWhom");
  await choose(page, new RegExp(`^${words.vocabulary.urgency[what.urgency]}`));
  await page
    .getByRole("main")
    .getByRole("combobox", { name: form.toWhom.specialty })
    .selectOption({ label: what.specialty });
  await choose(page, what.facility);
  await done(page);
  await step(page, "send");
  if (what.urgency !== "emergency") {
    await choose(page, form.consent.toldWho.patient);
    await choose(page, form.consent.hows.spoken);
    await choose(page, form.consent.grounds.consent);
  }
  await page.getByRole("main").getByRole("button", { name: form.send.send, exact: true }).click();
  await page.waitForURL(/\/case\/[0-9a-f-]+$/);
  return new URL(page.url()).pathname;
}
