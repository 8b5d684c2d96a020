import { mkdirSync, writeFileSync } from "node:fs";
import { onTestFailed } from "vitest";
import type { Person } from "./person.ts";

const folder = new URL("../../../test-results/", import.meta.url);

type Seen = Pick<Person, "account" | "page" | "faults">;

/** When the running test fails: what each person's screen showed, as a picture and as words, under test-results/. */
export function showOnFailure(title: string, people: () => readonly (Seen | undefined)[]): void {
  onTestFailed(async () => {
    mkdirSync(folder, { recursive: true });
    for (const [index, person] of people().entries()) {
      if (person === undefined) continue;
      const name = `${title.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 60)}-${index + 1}-${person.account}`;
      const shot = await person.page.screenshot({ fullPage: true }).catch(() => undefined);
      if (shot !== undefined) writeFileSync(new URL(`${name}.png`, folder), shot);
      const text = await person.page.locator("body").ariaSnapshot().catch(String);
      writeFileSync(
        new URL(`${name}.txt`, folder),
        `${person.page.url()}\n${person.faults.join("\n")}\n${text}`,
      );
    }
  });
}
