import { demandAccess } from "../cases/routes.ts";
import type { Core } from "../core.ts";
import type { Handlers } from "../http/register.ts";
import { keepViews } from "./views.ts";

export const viewHandlers = (core: Core): Pick<Handlers, "views" | "accessLog"> => ({
  views: ({ session, input }) => keepViews(core, session, input.views),
  accessLog: async ({ session, params }) => {
    const log = `case/${params.case}`;
    const rows = await core.database.asFacility(session.facility, async (tx) => {
      await demandAccess(tx, log, session.facility);
      return tx
        .selectFrom("case_view")
        .select(["person", "facility", "device", "at", "told_by"])
        .where("log", "=", log)
        .orderBy("at")
        .execute();
    });
    return {
      views: rows.map(({ device, told_by, ...view }) => ({
        ...view,
        ...(device === null ? {} : { device }),
        ...(told_by === null ? {} : { toldBy: told_by }),
      })),
    };
  },
});
