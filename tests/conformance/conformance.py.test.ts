import { expect, test } from "vitest";
import { holdContest } from "./contest.ts";

const seed = Number(process.env["CONFORMANCE_SEED"] ?? Date.now() % 1_000_000);

// The thousands are the bench's (npm run bench conformance).
test(`the verifier in Python says of each bundle what this one says: seed ${seed}`, async () => {
  process.stdout.write(`CONFORMANCE_SEED=${seed}\n`);
  const { disputes } = await holdContest({ seed, honest: 20, spoilt: 40 });
  expect(disputes).toEqual([]);
}, 300_000);
