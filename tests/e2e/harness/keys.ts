import { expect } from "vitest";
import type { Locator, Page } from "playwright-core";

/*
 * A person without a mouse. Locators here only ask what has the focus; nothing is done but by keys.
 */

const mostTabs = 80;

/** Tab, until this has the focus; on the way every stop has to be seen and not be covered. */
export async function tabTo(target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const page = target.page();
  await target.first().waitFor();
  const passed: string[] = [];
  for (let i = 0; i < mostTabs; i++) {
    if (await hasFocus(target)) return;
    await page.keyboard.press(key);
    const stop = await focusSeen(page);
    passed.push(stop.name);
    expect(stop, `what has the focus after ${passed.join(" > ")}`).toMatchObject({
      outlined: true,
      covered: false,
    });
  }
  throw new Error(`Tab never comes to ${String(target)}: ${passed.join(" > ")}`);
}

export async function pressOn(target: Locator): Promise<void> {
  await tabTo(target);
  await target.page().keyboard.press("Enter");
}

export async function typeIn(target: Locator, text: string): Promise<void> {
  await tabTo(target);
  await target.page().keyboard.type(text);
}

/** Arrows, until this radio button or this line of a list is the chosen one. */
export async function arrowTo(group: Locator, isChosen: () => Promise<boolean>): Promise<void> {
  const { keyboard } = group.page();
  await tabTo(group);
  // A group of which none is chosen yet: the space bar takes the one that has the focus.
  if (await group.evaluateAll((all) => all.every((one) => !one.matches(":checked"))))
    if ((await group.first().getAttribute("type")) === "radio") await keyboard.press("Space");
  for (let i = 0; i < 40; i++) {
    if (await isChosen()) return;
    await keyboard.press("ArrowDown");
  }
  throw new Error(`Arrows never come to it: ${String(group)}`);
}

export async function chooseRadio(page: Page, label: string, name: string | RegExp): Promise<void> {
  const group = page.getByRole("group", { name: label, exact: true });
  await arrowTo(group.getByRole("radio"), () => group.getByRole("radio", { name }).isChecked());
}

export async function chooseLine(page: Page, label: string, line: string): Promise<void> {
  const list = page.getByRole("main").getByRole("combobox", { name: label });
  await arrowTo(list, async () => (await list.locator("option:checked").textContent()) === line);
}

const hasFocus = (target: Locator): Promise<boolean> =>
  target.evaluateAll((all) => all.some((one) => one === document.activeElement));

/** Whether a person sees where they are: a ring around it, inside the window, with nothing over it. */
const focusSeen = (
  page: Page,
): Promise<{ readonly name: string; readonly outlined: boolean; readonly covered: boolean }> =>
  page.evaluate(() => {
    const active = document.activeElement;
    if (!(active instanceof HTMLElement) || active === document.body)
      return { name: "(the window)", outlined: true, covered: false };
    const around = active.closest("label") ?? active;
    const ringed = [active, around].some((element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
    });
    const { left, top, width, height } = active.getBoundingClientRect();
    const over = document.elementFromPoint(left + width / 2, top + Math.min(height / 2, 60));
    return {
      name: `${active.tagName.toLowerCase()} ${(active.getAttribute("aria-label") ?? around.textContent ?? "").trim().slice(0, 40)}`,
      outlined: ringed,
      covered: !(over !== null && (around.contains(over) || over.contains(around))),
    };
  });
