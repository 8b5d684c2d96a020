import { server, type Session } from "@lientuyen/session";
import { setTimeout as wait } from "node:timers/promises";
import type { Core } from "../core.ts";
import { errorFields } from "../config/logbook.ts";
import { Failure } from "../http/failure.ts";
import { tokenSeconds, type Media } from "./media.ts";
import { playAct } from "./play.ts";
import { watch, type Absences } from "./reconcile.ts";
import { markOf, readyMedia, settleRoom } from "./room.ts";
import { listSessionsToWatch, type StoredSession } from "./store.ts";

export interface SessionWatch {
  /** Twice is fine. */
  readonly close: () => Promise<void>;
}

const pauseMs = 1_000;

const isAnybodyThere = ({ phase, people }: Session): boolean =>
  phase === "ended" ||
  people.some(({ place }) => place === "inside" || place === "lost" || place === "removed");

type Play = Parameters<typeof playAct>[4];

/** Refused: somebody else, another server process perhaps, was faster. */
const playAsServer = async (core: Core, id: string, act: Play): Promise<void> => {
  const by = act.act === "arrive" ? act.who : server;
  await core.database
    .asSystem((tx) => playAct(core, tx, id, by, act))
    .catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
    });
};

/**
 * Once a second: the rooms are as the sessions say, dead links and returned ones become acts, and a chair who is gone
 * is stood in for. Any number of server processes may do it.
 */
export const startSessionWatch = (core: Core): SessionWatch => {
  const stop = new AbortController();
  const absences = new Map<string, Absences>();
  const told = new Map<string, string>();

  /** What the program itself did, or another process: the room learns of it within a round. */
  const tell = async (media: Media, stored: StoredSession): Promise<void> => {
    const mark = markOf(stored);
    if (told.get(stored.session) === mark) return;
    await media.tell(stored.session, mark);
    told.set(stored.session, mark);
  };

  const look = async (media: Media, stored: StoredSession): Promise<void> => {
    const { session: id, state } = stored;
    const present = await settleRoom(media, stored);
    if (state.phase === "ended") {
      told.delete(id);
      return void absences.delete(id);
    }
    await tell(media, stored);
    const watched = watch(state, present, absences.get(id) ?? new Map(), core.now());
    absences.set(id, watched.absences);
    for (const act of watched.acts) await playAsServer(core, id, act);
    await playAsServer(core, id, { act: "tick" });
  };

  const round = async (): Promise<void> => {
    const media = readyMedia(core);
    if (media === undefined) return absences.clear();
    const since = core.now() - tokenSeconds * 1_000;
    const sessions = await core.database.asSystem((tx) => listSessionsToWatch(tx, since));
    for (const stored of sessions) if (isAnybodyThere(stored.state)) await look(media, stored);
  };

  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await round().catch((error: unknown) => {
        core.logbook.warn("mediaFailed", errorFields(error));
      });
      await wait(pauseMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const running = core.live === undefined ? Promise.resolve() : run();
  return {
    close: async () => {
      stop.abort();
      await running;
    },
  };
};
