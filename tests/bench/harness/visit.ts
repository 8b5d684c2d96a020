import { connect } from "node:net";
import type { Page } from "playwright-core";
import { words } from "../../e2e/harness/person.ts";

/** A poor line at a health station; 400 ms is the way there and back. */
export const poorLine = { bitsPerSecond: 256_000, oneWayDelayMs: 200 };

/** Every script runs so many times slower, as on a cheap machine. */
export async function slowDown(page: Page, times: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: times });
}

/** Usable: the field is there and holds what was typed into it. */
export async function typeInto(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await field.fill(text);
  if ((await field.inputValue()) !== text) throw new Error(`${label} lost what was typed`);
}

/** From the home screen to a new case whose first field takes the name. */
export async function openCaseForm(page: Page): Promise<void> {
  await page.getByRole("link", { name: words.home.newCase }).last().click();
  await typeInto(page, words.caseForm.patient.fields.name, "Lò Thị Bua");
}

export const secondsSince = (startedMs: number): number => (performance.now() - startedMs) / 1000;

/**
 * Seconds from the page's first request until the field first stood there, as the page itself saw it: the bench's own
 * looking costs time on a busy machine. `watch` before going there.
 */
export async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    new MutationObserver((_changes, observer) => {
      if (document.querySelector("input") === null) return;
      performance.mark("first-field");
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
}

export async function secondsToField(page: Page): Promise<number> {
  return await page.evaluate(
    () => (performance.getEntriesByName("first-field")[0]?.startTime ?? Infinity) / 1000,
  );
}

/** The app's files that this page has used so far, as addresses. */
export async function usedFiles(page: Page): Promise<readonly string[]> {
  const used = await page.evaluate(() =>
    [
      ...performance.getEntriesByType("navigation"),
      ...performance.getEntriesByType("resource"),
    ].map(({ name }) => name),
  );
  return [...new Set(used)].filter((name) => !new URL(name).pathname.startsWith("/v1/"));
}

/** What these files cost on the line: answers with their headers, compressed as browsers ask for them. */
export async function bytesOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map((file) => answerBytes(new URL(file))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const answerBytes = ({ hostname, port, pathname }: URL): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.on("error", reject);
    socket.on("close", () => resolve(socket.bytesRead));
    socket.resume();
    socket.write(
      `GET ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\naccept-encoding: br\r\nconnection: close\r\n\r\n`,
    );
  });

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** All values of several runs, for a note. */
export const runsNote = (values: readonly number[]): string =>
  `median of ${values.map((value) => value.toFixed(2)).join(", ")}`;
