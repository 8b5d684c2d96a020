import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findEngine, sharedFolder, startEngine } from "@lientuyen/livekit";
import { words, type Person } from "./person.ts";
import { openWorld, type World } from "./world.ts";

const keys = { key: "APItest", secret: "s".repeat(32) };
const binary = (await findEngine([sharedFolder()])) ?? "";

/** False where the media engine cannot be had on this machine. */
export const hasEngine = binary !== "";

export interface LiveWorld {
  readonly world: World;
  /** By SIGKILL; started again at the same address when `meanwhile` has been seen. */
  readonly killEngine: (meanwhile: () => Promise<void>) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The demo network beside a real media engine; `name` is in its folder's. */
export async function openLiveWorld(name: string): Promise<LiveWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), `lientuyen-e2e-${name}-`));
  const options = { binary, folder, ...keys, network: undefined };
  let engine = await startEngine(options);
  const { url } = engine;
  const world = await openWorld({
    live: { ...keys, url, publicUrl: undefined, state: () => "ready" },
  });
  return {
    world,
    killEngine: async (meanwhile) => {
      process.kill(engine.pid, "SIGKILL");
      await engine.ended;
      await meanwhile();
      engine = await startEngine({ ...options, port: engine.port });
    },
    close: async () => {
      await world.close();
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** By the list of cases to the door of the session over this patient's. */
export async function goToLive(person: Person, patient: string): Promise<void> {
  const { page } = person;
  await person.go("/cases");
  const row = page.getByRole("main").getByRole("link").filter({ hasText: patient });
  await row.first().click();
  await page.getByRole("link", { name: words.caseView.live, exact: true }).click();
}
