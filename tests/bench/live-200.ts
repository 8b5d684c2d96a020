import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findEngine, sharedFolder, startEngine, type Engine } from "@lientuyen/livekit";
import { doAct, server, Session, type Act, type By } from "@lientuyen/session";
import { AccessToken } from "livekit-server-sdk";
import pg from "pg";
import type { Page } from "playwright-core";
import * as v from "valibot";
import { live } from "../../apps/station/src/words/vi/live.ts";
import { arrive, words, type Person } from "../e2e/harness/person.ts";
import { openWorld, type World } from "../e2e/harness/world.ts";
import type { Bench, Figure } from "./harness/figure.ts";
import { slowDown } from "./harness/visit.ts";

const keys = { key: "APIbench", secret: "s".repeat(32) };
/** With the browser's own person they are two hundred. */
const members = 199;
const seen = 6;
const speaking = 2;
const processes = 4;
const watchMs = 20_000;
/** Who is not in by then stays out, and the figure says so. */
const patienceMs = 300_000;
const patient = "Lỳ Gó Chừ";

type Does = "listens" | "speaks" | "isSeen";
const doesAt = (n: number): Does =>
  n < seen ? "isSeen" : n < seen + speaking ? "speaks" : "listens";

/** 200 endpoints in one room: light clients, and one browser of a slow machine on the product's own screen. */
export const bench: Bench = {
  name: "live-200",
  run: async ({ say }) => {
    const folder = mkdtempSync(path.join(tmpdir(), "lientuyen-bench-200-"));
    const binary = await findEngine([sharedFolder()]);
    if (binary === undefined) throw new Error("the media engine is not here");
    const engine = await startEngine({ binary, folder, ...keys, network: undefined });
    const world = await openWorld({
      live: { ...keys, url: engine.url, publicUrl: undefined, state: () => "ready" },
    });
    const person = await arrive(world, "xapg");
    const crowd: ChildProcess[] = [];
    try {
      return await meet(world, engine, person, crowd, say);
    } finally {
      for (const child of crowd) child.kill("SIGKILL");
      await person.close();
      await world.close();
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const meet = async (
  world: World,
  engine: Engine,
  person: Person,
  crowd: ChildProcess[],
  say: (line: string) => void,
): Promise<readonly Figure[]> => {
  const { page } = person;
  await slowDown(page, 4);
  await join(person);
  const alone = await watchAll(engine.pid, person, page);
  const { session, names } = await fillSession(world);
  const startedMs = performance.now();
  const inside = await gather(engine.url, session, names, crowd);
  const joinedS = (performance.now() - startedMs) / 1_000;
  say(`${inside} of ${members} inside after ${joinedS.toFixed(1)} s`);
  await page.waitForFunction(() => document.querySelectorAll("video").length > 1, undefined, {
    timeout: 60_000,
  });
  const together = await watchAll(engine.pid, person, page);
  return figures(inside, joinedS, alone, together);
};

const join = async (person: Person): Promise<void> => {
  await person.go("/cases");
  const { page } = person;
  const row = page.getByRole("main").getByRole("link").filter({ hasText: patient });
  await row.first().click();
  await page.getByRole("link", { name: words.caseView.live, exact: true }).click();
  await page.getByRole("button", { name: live.joinWithVoice, exact: true }).click();
  await page.getByText(live.alone).waitFor();
};

/** 199 more people inside, by the session's own rules; they have no accounts. */
const fillSession = async (world: World) => {
  const client = new pg.Client({ connectionString: world.superuserUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; state: string }>(
      "select id, state from lientuyen.live_session where not ended",
    );
    const [row] = rows;
    if (row === undefined) throw new Error("no session");
    let state: Session = v.parse(Session, JSON.parse(row.state));
    const names = Array.from({ length: members }, () => `01901/${crypto.randomUUID()}`);
    const play = (by: By, act: Act): void => {
      const answer = doAct(state, by, act, Date.now());
      if (!answer.ok) throw new Error(`${act.act}: ${answer.why}`);
      state = answer.session;
    };
    for (const who of names) {
      play(server, { act: "invite", who, role: "member", untilMs: null });
      play(who, { act: "arrive", who });
    }
    const text = JSON.stringify(state);
    await client.query("update lientuyen.live_session set state = $2 where id = $1", [
      row.id,
      text,
    ]);
    return { session: row.id, names };
  } finally {
    await client.end();
  }
};

const program = fileURLToPath(new URL("./live/crowd.ts", import.meta.url));

/** @returns how many got in, in good time */
const gather = async (
  url: string,
  room: string,
  names: readonly string[],
  crowd: ChildProcess[],
): Promise<number> => {
  const tokens = await Promise.all(
    names.map(async (identity, n) => {
      const token = new AccessToken(keys.key, keys.secret, { identity });
      token.addGrant({ room, roomJoin: true });
      return { token: await token.toJwt(), does: doesAt(n) };
    }),
  );
  const counts = new Map<number, number>();
  const inside = (): number => [...counts.values()].reduce((sum, each) => sum + each, 0);
  for (let at = 0; at < processes; at++) {
    const child = fork(program, [], {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      env: { ...process.env, NODE_ENV: "production" },
    });
    crowd.push(child);
    child.on("message", (said) => {
      counts.set(at, v.parse(v.object({ inside: v.number() }), said).inside);
    });
    child.send({ url, members: tokens.filter((_, n) => n % processes === at) });
  }
  const endMs = performance.now() + patienceMs;
  while (inside() < names.length && performance.now() < endMs) await wait(200);
  return inside();
};

interface Use {
  /** Processors that were busy with it. */
  readonly cpu: number;
  readonly memoryMb: number;
}
interface Watched {
  readonly engine: Use;
  readonly browser: Use;
  /** Of all pictures that the browser shows, a second. */
  readonly frames: number;
  readonly pictures: number;
  /** The longest that the page did not answer, ms. */
  readonly stallMs: number;
}

const read = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
};
const tickMs = 10;
const busyMs = (pid: number): number => {
  const fields = read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * tickMs;
};
const memoryMb = (pid: number): number =>
  Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) / 1_000;

const browserPids = (profile: string): readonly number[] => {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const main = all.filter((pid) => read(`/proc/${pid}/cmdline`).includes(profile)).map(Number);
  const found = new Set(main);
  const parentOf = (pid: number): number =>
    Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const pid of all.map(Number)) if (found.has(parentOf(pid))) found.add(pid);
  }
  return [...found];
};

const watchAll = async (engine: number, person: Person, page: Page): Promise<Watched> => {
  const pids = browserPids(person.profile);
  const sum = (of: (pid: number) => number): number => pids.reduce((all, pid) => all + of(pid), 0);
  await page.evaluate(() => {
    let [last, worst] = [performance.now(), 0];
    const look = (): void => {
      const now = performance.now();
      worst = Math.max(worst, now - last);
      last = now;
      document.documentElement.dataset["stall"] = String(worst);
    };
    setInterval(look, 20);
  });
  const frames = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("video")].map(
        (video) => video.getVideoPlaybackQuality().totalVideoFrames,
      ),
    );
  const [engineBefore, browserBefore, before] = [busyMs(engine), sum(busyMs), await frames()];
  const fromMs = performance.now();
  await wait(watchMs);
  const tookMs = performance.now() - fromMs;
  const after = await frames();
  const shown = after.map((count, at) => Math.max(0, count - (before[at] ?? 0)));
  const stall = await page.evaluate(() => Number(document.documentElement.dataset["stall"]));
  return {
    engine: { cpu: (busyMs(engine) - engineBefore) / tookMs, memoryMb: memoryMb(engine) },
    browser: { cpu: (sum(busyMs) - browserBefore) / tookMs, memoryMb: sum(memoryMb) },
    frames: (shown.reduce((all, each) => all + each, 0) / tookMs) * 1_000,
    pictures: shown.filter((count) => count > 0).length,
    stallMs: Math.round(stall),
  };
};

const figures = (
  inside: number,
  joinedS: number,
  alone: Watched,
  together: Watched,
): readonly Figure[] => [
  { id: "inside", value: inside + 1, unit: "endpoints", goal: { atLeast: 200 } },
  {
    id: "all-in-after",
    value: joinedS,
    unit: "s",
    note: `${processes} processes of light clients, one after the other in each; ${seen} send a picture of 180 lines, ${seen + speaking} a voice, everybody takes the voices and no picture`,
  },
  { id: "engine-cpu", value: together.engine.cpu, unit: "processors" },
  { id: "engine-memory", value: together.engine.memoryMb, unit: "MB" },
  {
    id: "browser-cpu",
    value: together.browser.cpu,
    unit: "processors",
    note: `all its processes, page slowed down four times; alone in the call ${alone.browser.cpu.toFixed(2)}. The crowd runs on the same machine`,
  },
  {
    id: "browser-memory",
    value: together.browser.memoryMb,
    unit: "MB",
    note: `alone in the call ${Math.round(alone.browser.memoryMb)} MB`,
  },
  {
    id: "pictures",
    value: together.pictures,
    unit: "that move on the screen",
    goal: { atMost: 9 },
  },
  { id: "frames", value: together.frames, unit: "frames/s of all pictures" },
  {
    id: "longest-stall",
    value: together.stallMs,
    unit: "ms",
    note: `that the page did not answer in ${watchMs / 1_000} s; alone in the call ${alone.stallMs}`,
  },
];
