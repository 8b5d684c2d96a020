import { migrate as bringForward } from "@lientuyen/server";
import type { Settings } from "./environment.ts";
import { openInstallation, unchecked } from "./installation.ts";
import { during } from "./progress.ts";

/** Brings the database to this program's schema, and stops. */
export const migrate = async (settings: Settings): Promise<void> => {
  const opened = await openInstallation(settings, unchecked);
  try {
    await during("migrating", () => bringForward(opened.database.adminUrl ?? opened.database.url));
  } finally {
    await opened.close();
  }
};
