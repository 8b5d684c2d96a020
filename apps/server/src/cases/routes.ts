import type { Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import { accessOf } from "../entries/lookup.ts";
import { readLog } from "../feed/feed.ts";
import { Failure } from "../http/failure.ts";
import type { Handlers } from "../http/register.ts";
import { noteView } from "../views/views.ts";

type Names = "caseEntries" | "worklist" | "caseByNumber" | "quarantine";

export const caseHandlers = (core: Core): Pick<Handlers, Names> => ({
  caseEntries: async ({ session, params, input }) => {
    const log = `case/${params.case}`;
    return core.database.asFacility(session.facility, async (tx) => {
      await demandAccess(tx, log, session.facility);
      if (input.why !== "sync") await noteView(core, tx, session, log);
      return { items: [...(await readLog(tx, core.logbook, log))] };
    });
  },
  worklist: async ({ session }) => {
    const rows = await core.database.asFacility(session.facility, (tx) =>
      tx
        .selectFrom("worklist")
        .selectAll()
        .where("to_facility", "=", session.facility)
        .where("state", "in", openStates)
        .orderBy((it) => it.fn<number>("array_position", [it.val(urgencies), "urgency"]))
        .orderBy("due_at")
        .execute(),
    );
    return {
      rows: rows.map((row) => ({
        case: row.log,
        request: row.request,
        number: row.number,
        from: row.from_facility,
        specialty: row.specialty,
        urgency: row.urgency,
        state: row.state,
        receivedAt: row.received_at,
        ...(row.due_at === null ? {} : { dueAt: row.due_at }),
      })),
    };
  },
  caseByNumber: async ({ session, params }) => {
    const row = await core.database.asFacility(session.facility, (tx) =>
      tx
        .selectFrom("case_number")
        .select("log")
        .where("number", "=", params.number)
        .limit(1)
        .executeTakeFirst(),
    );
    if (row === undefined) throw new Failure("not_found");
    return { log: row.log };
  },
  quarantine: async ({ session }) => {
    const rows = await core.database.asFacility(session.facility, (tx) =>
      tx
        .selectFrom("quarantine")
        .select(["entry", "key", "person", "log", "arrived_at"])
        .orderBy("arrived_at")
        .execute(),
    );
    return { rows: rows.map(({ arrived_at, ...row }) => ({ ...row, arrivedAt: arrived_at })) };
  },
});

const openStates = ["sent", "allocated", "accepted", "answering", "sentOn"];
const urgencies = ["emergency", "urgent", "routine"];

/** The application's own check; row-level security stands beneath it. @throws Failure not_found */
export const demandAccess = async (tx: Tx, log: string, facility: string): Promise<void> => {
  if ((await accessOf(tx, log, facility)) !== "active") throw new Failure("not_found");
};
