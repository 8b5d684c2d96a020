import type { Page } from "playwright-core";
import { words as english } from "../../../apps/station/src/words/en/index.ts";
import { words } from "./person.ts";

const inLanguage = { vi: words, en: english } as const;
type Language = keyof typeof inLanguage;

/** Changes the language by the person's own menu, as a person does it. */
export async function speak(page: Page, from: Language, to: Language): Promise<void> {
  await page.getByRole("banner").getByRole("button").last().click();
  await page
    .getByRole("dialog")
    .getByRole("radio", { name: inLanguage[from].shell[to === "vi" ? "vietnamese" : "english"] })
    .check();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: inLanguage[to].frame.close, exact: true })
    .click();
}
