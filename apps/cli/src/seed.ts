import path from "node:path";
import { demoLines, keepDemoPasswords } from "./demo.ts";
import type { Settings } from "./environment.ts";
import { ensureReady, openInstallation, unchecked } from "./installation.ts";
import { say } from "./progress.ts";
import { greeting } from "./words.ts";

/** Makes the demo network where there is none yet, and stops. */
export const seed = async (settings: Settings, root: string): Promise<void> => {
  const opened = await openInstallation({ ...settings, demo: true }, unchecked);
  try {
    await ensureReady(opened, path.join(root, "apps/station/dist"));
    say(greeting.demo, ...demoLines(await keepDemoPasswords(opened.folder)));
  } finally {
    await opened.close();
  }
};
