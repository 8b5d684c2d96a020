import { holdContest } from "../conformance/contest.ts";
import type { Bench } from "./harness/figure.ts";

const each = 1_000;
const seed = Number(process.env["CONFORMANCE_SEED"] ?? Date.now() % 1_000_000);

/** The verifier of bundles and the second one, in Python, over the same honest and spoilt bundles. */
export const bench: Bench = {
  name: "conformance",
  run: async ({ say }) => {
    say(`CONFORMANCE_SEED=${seed}`);
    const outcome = await holdContest({ seed, honest: each, spoilt: each, say });
    const { honest, spoilt, ways, disputes, ms } = outcome;
    for (const dispute of disputes) say(JSON.stringify(dispute));
    const bundles = honest + spoilt;
    return [
      {
        id: "honest",
        value: honest,
        unit: "bundles",
        goal: { atLeast: each },
        note: `seed ${seed}`,
      },
      {
        id: "spoilt",
        value: spoilt,
        unit: "bundles",
        goal: { atLeast: each },
        note: `spoilt in ${ways} ways`,
      },
      {
        id: "disputes",
        value: disputes.length,
        unit: "bundles",
        goal: { atMost: 0 },
        note: "another verdict, another fault or another entry named by one of the two, or not what the story asks for",
      },
      { id: "typescript", value: ms.typescript / bundles, unit: "ms a bundle" },
      { id: "python", value: ms.python / bundles, unit: "ms a bundle" },
    ];
  },
};
