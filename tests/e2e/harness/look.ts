import { AxeBuilder } from "@axe-core/playwright";
import { mkdirSync } from "node:fs";
import type { Page } from "playwright-core";

const folder = new URL("../../../test-results/screens/", import.meta.url);
const sights = { pc: { width: 1024, height: 600 }, phone: { width: 360, height: 740 } } as const;
const grave: ReadonlySet<string> = new Set(["serious", "critical"]);

/** Looks at what is on the page now on a small laptop and on a phone; answers what is wrong with it, in words. */
export async function look(page: Page, name: string): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const wrong: string[] = [];
  for (const sight of ["pc", "phone"] as const) {
    await page.setViewportSize(sights[sight]);
    await settled(page);
    const label = `${name}-${sight}`;
    const found = [...(await overflowing(page)), ...(await axeFaults(page))];
    wrong.push(...found.map((fault) => `${label}: ${fault}`));
    await page.screenshot({
      path: new URL(`${label}.png`, folder).pathname,
      fullPage: true,
    });
  }
  await page.setViewportSize(sights.pc);
  return wrong;
}

/** Looks at the dialog that is open: on the phone by axe as well, which is the slower part. */
export async function lookAtDialog(page: Page, name: string): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const wrong: string[] = [];
  for (const sight of ["pc", "phone"] as const) {
    await page.setViewportSize(sights[sight]);
    await settled(page);
    const found = await overflowing(page, "dialog[open]");
    if (sight === "phone") found.push(...(await axeFaults(page, undefined, "dialog[open]")));
    wrong.push(...found.map((fault) => `${name}-${sight}: ${fault}`));
    await page.screenshot({ path: new URL(`${name}-${sight}.png`, folder).pathname });
  }
  await page.setViewportSize(sights.pc);
  return wrong;
}

/** Nothing is loading, and every picture on the page has been drawn. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector("main h1, main h2, main .banner") !== null &&
      document.querySelector(".waiting") === null &&
      [...document.images].every((image) => image.complete) &&
      document.getAnimations().every((animation) => animation.playState !== "running"),
  );
}

/** Sideways scrolling of the page, words that do not fit their button, buttons too low for a finger. */
async function overflowing(page: Page, within = "html"): Promise<string[]> {
  return page.evaluate((selector) => {
    const root = document.querySelector(selector) ?? document.documentElement;
    const faults: string[] = [];
    /** Texts of one short word on what is pressed: never to be broken. */
    const textsIn = (element: Element): Text[] =>
      [...element.querySelectorAll("button, a, .choice label, summary, .tag")].flatMap((one) => {
        const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
        const texts: Text[] = [];
        while (walker.nextNode() !== null)
          if (
            walker.currentNode instanceof Text &&
            /^\s*\p{L}{2,14}\s*$/u.test(walker.currentNode.data)
          )
            texts.push(walker.currentNode);
        return texts;
      });
    const nameOf = (element: Element): string =>
      `${element.tagName.toLowerCase()}.${element.className} "${(element.textContent ?? "").trim().slice(0, 40)}"`;
    for (const box of [root, ...root.querySelectorAll(".dialog-body")]) {
      if (box.scrollWidth <= box.clientWidth) continue;
      const right = box.getBoundingClientRect().left + box.clientWidth + 1;
      const widest = [...box.querySelectorAll("body *, dialog *")]
        .filter((element) => element.getBoundingClientRect().right > right)
        .slice(0, 3);
      faults.push(
        `scrolls sideways, ${box.scrollWidth} > ${box.clientWidth}: ${widest.map(nameOf).join(", ")}`,
      );
    }
    for (const button of root.querySelectorAll("button, a.button, .choice label, summary, .tag")) {
      if (!(button instanceof HTMLElement) || button.offsetParent === null) continue;
      if (getComputedStyle(button).overflow === "hidden" && button.clientWidth <= 1) continue;
      if (
        button.scrollWidth > button.clientWidth + 1 ||
        button.scrollHeight > button.clientHeight + 2
      )
        faults.push(
          `does not fit: ${nameOf(button)} ${button.scrollWidth}×${button.scrollHeight} in ${button.clientWidth}×${button.clientHeight}`,
        );
      // The status line is one line; everything else is a thumb wide.
      const low = button.closest(".status") === null ? 44 : 32;
      if (button.matches("button, a.button, .choice label") && button.offsetHeight < low)
        faults.push(`too low for a finger: ${nameOf(button)} ${button.offsetHeight}`);
    }
    for (const text of textsIn(root)) {
      const range = document.createRange();
      range.selectNodeContents(text);
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1)
        faults.push(`a word is broken: "${text.data.trim()}"`);
    }
    const header = root.querySelector<HTMLElement>(".header");
    if (header !== null && header.offsetHeight > 190)
      faults.push(`the header leaves no room: ${header.offsetHeight}`);
    return faults;
  }, within);
}

/** What axe calls serious or critical; `rules` names some to run alone, `within` a part of the page. */
export async function axeFaults(
  page: Page,
  rules?: readonly string[],
  within = "html",
): Promise<readonly string[]> {
  await settled(page);
  const axe = new AxeBuilder({ page }).setLegacyMode().include(within);
  const { violations } = await (rules === undefined ? axe : axe.withRules([...rules])).analyze();
  return violations
    .filter(({ impact }) => grave.has(impact ?? ""))
    .flatMap(({ id, help, nodes }) =>
      nodes
        .slice(0, 4)
        .map((node) => `${id} (${help}): ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`),
    );
}
