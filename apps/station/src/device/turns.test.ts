import { expect, test } from "vitest";
import { openTurns } from "./turns.ts";

test("one after the other, past what fails; each end is told when it no longer counts as waiting", async () => {
  const told: string[] = [];
  const turns = openTurns(
    () => told.push(`ended, ${turns.waiting()} left`),
    (error) => told.push(String(error)),
  );
  const first = turns.take(() => Promise.reject(new Error("broken")));
  const second = turns.take(async () => void told.push("second"));
  expect(turns.waiting()).toBe(2);
  await expect(first).rejects.toThrow("broken");
  await second;
  await turns.settled();
  expect(told).toEqual(["Error: broken", "ended, 1 left", "second", "ended, 0 left"]);
});
