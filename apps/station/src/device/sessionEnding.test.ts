import { expect, test } from "vitest";
import { createSessionEnding } from "./sessionEnding.ts";

/** A server whose answers come when the test says so. */
const slowServer = () => {
  const asked: { readonly signal: AbortSignal; readonly answer: (ended: boolean) => void }[] = [];
  const end = (signal: AbortSignal) =>
    new Promise<boolean>((answer, fail) => {
      asked.push({ signal, answer });
      signal.addEventListener("abort", () => fail(new Error("stopped")));
    });
  return { asked, end };
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("who signs in while the last session is being ended stops that first", async () => {
  const { asked, end } = slowServer();
  const ending = createSessionEnding(end);
  ending.want();
  let stoppedFirst: boolean | undefined;
  await ending.suspendFor(async () => {
    stoppedFirst = asked[0]?.signal.aborted;
    ending.look();
    await settled();
    expect(asked).toHaveLength(1);
    ending.forget();
  });
  expect(stoppedFirst).toBe(true);
  ending.look();
  await settled();
  expect(asked).toHaveLength(1);
});

test("after a wrong password the last session is still ended", async () => {
  const { asked, end } = slowServer();
  const ending = createSessionEnding(end);
  ending.want();
  await ending.suspendFor(() => Promise.resolve("wrong password"));
  await settled();
  expect(asked).toHaveLength(2);
  asked[1]?.answer(true);
  await settled();
  ending.look();
  expect(asked).toHaveLength(2);
});

test("without a line it is tried again at each look, once at a time", async () => {
  const { asked, end } = slowServer();
  const ending = createSessionEnding(end);
  ending.look();
  expect(asked).toHaveLength(0);
  ending.want();
  ending.look();
  expect(asked).toHaveLength(1);
  asked[0]?.answer(false);
  await settled();
  ending.look();
  expect(asked).toHaveLength(2);
});
