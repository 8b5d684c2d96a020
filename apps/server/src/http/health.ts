import type { Core } from "../core.ts";
import type { Handlers } from "./register.ts";

export const healthHandlers = (core: Core): Pick<Handlers, "healthz" | "readyz"> => ({
  healthz: async () => ({ ok: true }),
  // Migrated it is since the start; that PostgreSQL answers is asked anew.
  readyz: async () => {
    await core.database.asSystem((tx) =>
      tx.selectFrom("directory_state").select("version").executeTakeFirstOrThrow(),
    );
    return { ok: true, live: core.live?.state() ?? "off", deposits: core.deposits.state() };
  },
});
