import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, type PersonsBrowser } from "./harness/browser.ts";

const seed = Number(process.env["CATALOGUE_SEED"] ?? Math.floor(Math.random() * 1_000_000));
const page = createServer((_request, response) => {
  response.setHeader("content-type", "text/html");
  response.end("<!doctype html><title>catalogue</title>");
});
let browser: PersonsBrowser;

const bundle = async (): Promise<string> => {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      target: "chrome109",
      lib: {
        entry: fileURLToPath(new URL("store/catalogue/rounds.ts", import.meta.url)),
        formats: ["iife"],
        name: "rounds",
      },
    },
  });
  const [result] = Array.isArray(built) ? built : [built];
  if (result === undefined || !("output" in result)) throw new Error("nothing was built");
  return result.output[0].code;
};

beforeAll(async () => {
  await new Promise<void>((resolve) => page.listen(0, "127.0.0.1", resolve));
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  page.close();
});

test(`open cases are there first and all cases afterwards, whatever was left in the middle (seed ${seed})`, async () => {
  const address = page.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  await browser.page.goto(`http://127.0.0.1:${address.port}/`);
  await browser.page.evaluate(await bundle());
  const faults = await browser.page.evaluate(
    ([from, rounds]) => window.catalogueRounds(from, rounds),
    [seed, 25] as const,
  );
  expect(faults).toEqual([]);
});
