import { errorFields } from "../config/logbook.ts";
import type { Core } from "../core.ts";

/** Takes the bytes of destroyed files off the disk; what fails, or a crash left over, the next start takes. */
export const eraseDestroyed = async (core: Core): Promise<void> => {
  const waiting = await core.database.asSystem((tx) =>
    tx.selectFrom("destroyed_file").select(["log", "hash"]).where("erased", "=", false).execute(),
  );
  for (const { log, hash } of waiting) {
    try {
      await core.files.destroy(log, hash);
      await core.database.asSystem((tx) =>
        tx
          .updateTable("destroyed_file")
          .set({ erased: true })
          .where("log", "=", log)
          .where("hash", "=", hash)
          .execute(),
      );
    } catch (error) {
      core.logbook.error("eraseFailed", errorFields(error));
    }
  }
};
