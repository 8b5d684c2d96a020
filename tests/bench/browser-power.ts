import pg from "pg";
import { seeded } from "@lientuyen/sync/testing";
import { openTimeline } from "../e2e/harness/case.ts";
import { arrive, words, type Person } from "../e2e/harness/person.ts";
import { openWorld, type World } from "../e2e/harness/world.ts";
import { planCuts, playThrough, type Cut } from "../e2e/power/cuts.ts";
import { openDesk, type Desk } from "../e2e/power/desk.ts";
import { answerAll, deciding, tell, writing, type Telling } from "../e2e/power/snakebite.ts";
import type { Bench } from "./harness/figure.ts";

const tellings = 5;
const cutsEach = 10;
const seed = Number(process.env["POWER_SEED"] ?? Date.now() % 1_000_000);

/** Chromium killed by SIGKILL at random moments of story 1; the profile is opened again and the story goes on. */
export const bench: Bench = {
  name: "browser-power",
  run: async ({ say }) => {
    say(`POWER_SEED=${seed}`);
    const world = await openWorld({ cases: false });
    const desk = await openDesk(world, "suavt");
    const specialist = await arrive(world, "huydq");
    const next = seeded(seed);
    const all = { cuts: 0, slowestBackMs: 0, faults: [] as string[], doubled: 0, lost: 0 };
    let undisturbed: Counts | undefined;
    try {
      for (let number = 0; number <= tellings; number++) {
        const telling = tell(number);
        // The first is told without a cut: what the others' logs are compared with.
        const cuts = number === 0 ? [] : planCuts([...writing, ...deciding], cutsEach, next);
        const startedMs = performance.now();
        const played = await tellOne({ world, desk, specialist, telling, cuts });
        all.cuts += played.cuts;
        all.slowestBackMs = Math.max(all.slowestBackMs, played.slowestBackMs);
        all.faults.push(...telling.faults);
        const counts = await countEntries(world, telling);
        undisturbed ??= counts;
        const differing = compare(undisturbed, counts);
        all.doubled += differing.doubled;
        all.lost += differing.lost;
        say(
          `${telling.patient}: ${played.cuts} cuts, ${Math.round((performance.now() - startedMs) / 1000)} s ${differing.said}`,
        );
      }
    } finally {
      await specialist.close();
      await desk.close();
      await world.close();
    }
    const { looks, lost, lostMs } = desk.found();
    for (const line of [...lost, ...all.faults, ...desk.faults]) say(line);
    const none = { atMost: 0 };
    return [
      {
        id: "kills",
        value: all.cuts,
        unit: "kills",
        goal: { atLeast: tellings * cutsEach },
        note: `seed ${seed}; half of them within 120 ms of a button that writes`,
      },
      {
        id: "typed-lost",
        value: lost.length,
        unit: "fields",
        goal: none,
        note: `of ${looks} looks at a field after a kill: typed a second before it or earlier, and not there`,
      },
      {
        id: "oldest-stroke-lost",
        value: Math.max(0, ...lostMs),
        unit: "ms",
        goal: { atMost: 1_000 },
      },
      { id: "entries-lost", value: all.lost + all.faults.length, unit: "entries", goal: none },
      {
        id: "entries-doubled",
        value: all.doubled,
        unit: "entries",
        goal: none,
        note: "beside the same story told without a kill",
      },
      {
        id: "page-faults",
        value: desk.faults.length,
        unit: "faults",
        goal: none,
        note: "uncaught errors in the pages",
      },
      {
        id: "slowest-back",
        value: all.slowestBackMs / 1_000,
        unit: "s",
        note: "from the start of the browser until the home screen, PIN included",
      },
    ];
  },
};

interface Setting {
  readonly world: World;
  readonly desk: Desk;
  readonly specialist: Person;
  readonly telling: Telling;
  readonly cuts: readonly Cut[];
}

async function tellOne({ desk, specialist, telling, cuts }: Setting) {
  await desk.go("/");
  await desk.line.cut();
  const written = await playThrough(desk, telling, writing, cuts);
  desk.line.shape({ bitsPerSecond: 64_000, oneWayDelayMs: 300 });
  await desk.line.mend();
  const answering = answerAll(specialist, telling);
  const decided = await Promise.all([playThrough(desk, telling, deciding, cuts), answering]);
  desk.line.shape(undefined);
  await desk.go(telling.home ?? "/");
  await endsWithProof(desk);
  return {
    cuts: written.cuts + decided[0].cuts,
    slowestBackMs: Math.max(written.slowestBackMs, decided[0].slowestBackMs),
  };
}

type Counts = ReadonlyMap<string, number>;

/** Entries of the telling's log on the server, by kind; who looked when is no part of the story. */
async function countEntries(world: World, { home }: Telling): Promise<Counts> {
  const database = new pg.Client({ connectionString: world.superuserUrl });
  await database.connect();
  try {
    const { rows } = await database.query<{ kind: string; count: string }>(
      "select kind, count(*) from lientuyen.entry where log = $1 and kind <> 'seen' group by kind",
      [home?.slice(1)],
    );
    return new Map(rows.map(({ kind, count }) => [kind, Number(count)]));
  } finally {
    await database.end();
  }
}

function compare(wanted: Counts, found: Counts) {
  let doubled = 0;
  let lost = 0;
  const said: string[] = [];
  for (const kind of new Set([...wanted.keys(), ...found.keys()])) {
    const difference = (found.get(kind) ?? 0) - (wanted.get(kind) ?? 0);
    doubled += Math.max(0, difference);
    lost += Math.max(0, -difference);
    if (difference !== 0) said.push(`${kind} ${difference > 0 ? "+" : ""}${difference}`);
  }
  return { doubled, lost, said: said.join(", ") };
}

/** Everything has its receipt, and the proof holds in the station's own browser. */
async function endsWithProof(desk: Desk): Promise<void> {
  const page = desk.page();
  await openTimeline(page);
  await page.getByText(words.timeline.proofHolds, { exact: true }).first().waitFor();
  while ((await page.getByText(words.timeline.notReceived).count()) > 0)
    await page.waitForTimeout(200);
}
