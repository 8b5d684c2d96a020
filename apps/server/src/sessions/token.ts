import { mediaGrants } from "@lientuyen/session";
import { errorFields } from "../config/logbook.ts";
import type { Core } from "../core.ts";
import { Failure } from "../http/failure.ts";
import { tokenSeconds } from "./media.ts";
import { readyMedia } from "./room.ts";
import type { StoredSession } from "./store.ts";

/**
 * What somebody of the session enters its room with.
 * @throws Failure forbidden for who is not inside, live_absent while there is no engine
 */
export const tokenFor = async (
  core: Core,
  { session, state }: Pick<StoredSession, "session" | "state">,
  who: string,
) => {
  const grants = mediaGrants(state, who);
  if (grants === undefined) throw new Failure("forbidden");
  const media = readyMedia(core);
  if (media === undefined) throw new Failure("live_absent");
  await media.openRoom(session).catch((error: unknown) => {
    core.logbook.warn("mediaFailed", errorFields(error));
    throw new Failure("live_absent");
  });
  const token = await media.makeToken(who, session, grants.publish);
  const url = core.live?.publicUrl;
  return { ...(url === undefined ? {} : { url }), token, seconds: tokenSeconds };
};
