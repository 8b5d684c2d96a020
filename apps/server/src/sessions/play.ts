import { doAct, type Act, type Answer, type By } from "@lientuyen/session";
import type { Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import { Failure } from "../http/failure.ts";
import { noteRecording } from "../recordings/store.ts";
import { saveLiveSession, takeLiveSession, type StoredSession } from "./store.ts";

/** What one act makes of a session, and of it is kept. */
const keep = async (
  core: Core,
  tx: Tx,
  stored: StoredSession,
  answer: Extract<Answer, { readonly ok: true }>,
): Promise<StoredSession> => {
  const next = { ...stored, state: answer.session };
  if (answer.session === stored.state) return next;
  await saveLiveSession(core, tx, next, answer.happened);
  await noteRecording(core, tx, stored, answer.session);
  return next;
};

/**
 * One act, alone with its session until it is kept.
 * @throws Failure not_found, session_refused with the refusal as its detail
 */
export const playAct = async (
  core: Core,
  tx: Tx,
  id: string,
  by: By,
  act: Act,
): Promise<StoredSession> => {
  const stored = await takeLiveSession(tx, id);
  if (stored === undefined) throw new Failure("not_found");
  const answer = doAct(stored.state, by, act, core.now());
  if (!answer.ok) throw new Failure("session_refused", answer.why);
  return keep(core, tx, stored, answer);
};
