import { expect, test } from "vitest";
import { openCompany } from "./company.ts";

const turn = () => new Promise<void>((resolve) => void setImmediate(() => setImmediate(resolve)));

test("what is wanted at once is asked by one question, each key once, and each gets its own answer", async () => {
  const asked: (readonly string[])[] = [];
  const find = openCompany((keys) => {
    asked.push(keys);
    return Promise.resolve(new Map(keys.filter((key) => key !== "c").map((key) => [key, key])));
  });
  const found = await Promise.all(["a", "b", "a", "c"].map(find));
  expect(found).toEqual(["a", "b", "a", undefined]);
  expect(asked).toEqual([["a", "b", "c"]]);
});

test("nobody gets an answer to a question from before their own", async () => {
  let stored = "old";
  const opened: (() => void)[] = [];
  const find = openCompany(async (keys) => {
    const read = stored;
    await new Promise<void>((resolve) => opened.push(resolve));
    return new Map(keys.map((key) => [key, read]));
  });
  const first = find("a");
  await turn();
  stored = "new";
  const second = find("a");
  await turn();
  for (const open of opened) open();
  expect([await first, await second]).toEqual(["old", "new"]);
});

test("a question that fails fails for those who asked it, and not for the next", async () => {
  let fails = true;
  const find = openCompany((keys) =>
    fails
      ? Promise.reject(new Error("away"))
      : Promise.resolve(new Map(keys.map((key) => [key, 1]))),
  );
  const both = await Promise.allSettled([find("a"), find("b")]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  fails = false;
  expect(await find("a")).toBe(1);
});

test("however many ask, few questions are under way, and all are answered", async () => {
  let underWay = 0;
  let most = 0;
  const find = openCompany(async (keys) => {
    most = Math.max(most, (underWay += 1));
    await turn();
    underWay -= 1;
    return new Map(keys.map((key) => [key, key]));
  });
  const keys = Array.from({ length: 1_000 }, (_, n) => String(n));
  expect(await Promise.all(keys.map(find))).toEqual(keys);
  expect(most).toBeLessThanOrEqual(4);
});
