import type { Core } from "../core.ts";
import type { Handlers } from "./register.ts";

export const healthHandlers = (core: Core): Pick<Handlers, "healthz" | "probe" | "readyz"> => ({
  healthz: async () => ({ ok: true }),
  // Random, so that nothing on the way makes it smaller; six bits a letter.
  probe: async ({ input }) => ({
    down: Buffer.from(core.random(Math.ceil((input.down * 3) / 4)))
      .toString("base64url")
      .slice(0, input.down),
  }),
  // Migrated it is since the start; that PostgreSQL answers is asked anew.
  readyz: async () => {
    await core.database.asSystem((tx) =>
      tx.selectFrom("directory_state").select("version").executeTakeFirstOrThrow(),
    );
    return { ok: true, live: core.live?.state() ?? "off", deposits: core.deposits.state() };
  },
});
