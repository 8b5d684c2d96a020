import type { Locator, Page } from "playwright-core";
import { board } from "../../../apps/station/src/words/vi/board.ts";
import type { Person } from "./person.ts";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** The picture that everybody in the call is shown, with its marks and pointers. */
export const stage = (page: Page): Locator => page.getByRole("application");
/** Finished lines, and those being drawn. */
export const marks = (page: Page): Locator => stage(page).locator("[data-mark]");

/** From inside a call: puts one of the case's pictures before everybody, by its caption or name. */
export async function showPicture({ page }: Person, name: string | RegExp): Promise<void> {
  await page
    .getByRole("button", { name: new RegExp(`^(${board.show}|${board.showOther})$`) })
    .click();
  await page.getByRole("dialog").getByRole("button", { name }).click();
  await stage(page).getByRole("img", { name }).waitFor();
}

/** Points there: parts of the frame's width and height, 0–1. */
export async function pointAt({ page }: Person, x: number, y: number): Promise<void> {
  await button(page, board.modes.point).click();
  await page.mouse.move(...(await pixelsOf(page, x, y)));
}

/** Draws a line by hand through these places of the frame. */
export async function drawLine(
  { page }: Person,
  places: readonly (readonly [number, number])[],
): Promise<void> {
  await button(page, board.modes.draw).click();
  const [first = [0.5, 0.5] as const, ...rest] = places;
  await page.mouse.move(...(await pixelsOf(page, ...first)));
  await page.mouse.down();
  for (const place of rest)
    await page.mouse.move(...(await pixelsOf(page, ...place)), { steps: 6 });
  await page.mouse.up();
}

/** The picture with its marks becomes a picture of the case; answers its caption. */
export async function keepMarked({ page }: Person, name: string): Promise<string> {
  await button(page, board.keep).click();
  await page.getByText(board.kept).waitFor();
  return board.keptCaption(name);
}

async function pixelsOf(page: Page, x: number, y: number): Promise<[number, number]> {
  const box = await stage(page).boundingBox();
  if (box === null) throw new Error("nothing is shown");
  return [box.x + box.width * x, box.y + box.height * y];
}
