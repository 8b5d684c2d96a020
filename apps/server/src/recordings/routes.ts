import { chairOf } from "@lientuyen/session";
import { demandAccess } from "../cases/routes.ts";
import { instant, type Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import type { Handlers } from "../http/register.ts";
import { findLiveSession } from "../sessions/store.ts";
import { listRecordings, type Recording } from "./store.ts";

const stateOf = ({ endedAtMs, outcome }: Recording) => {
  if (endedAtMs === null) return { state: "recording" } as const;
  if (outcome === undefined) return { state: "joining" } as const;
  if (outcome.outcome === "silent") return { state: "silent" } as const;
  const { file, durationMs, gaps } = outcome;
  return { state: "ready", file, durationMs, gaps } as const;
};

const withChair = async (tx: Tx, recording: Recording) => {
  const stored = await findLiveSession(tx, recording.session);
  return {
    ...recording,
    chair: stored === undefined ? recording.startedBy : chairOf(stored.state).who,
  };
};

export const recordingHandlers = (core: Core): Pick<Handlers, "recordings"> => ({
  recordings: async ({ session, params }) => {
    const log = `case/${params.case}`;
    const found = await core.database.asFacility(session.facility, async (tx) => {
      await demandAccess(tx, log, session.facility);
      return Promise.all((await listRecordings(tx, log)).map((each) => withChair(tx, each)));
    });
    return {
      recordings: found.map((each) => ({
        recording: each.id,
        session: each.session,
        startedBy: each.startedBy,
        chair: each.chair,
        startedAt: instant(each.startedAtMs),
        ...stateOf(each),
      })),
    };
  },
});
