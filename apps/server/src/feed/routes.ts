import type { Core } from "../core.ts";
import type { Handlers } from "../http/register.ts";
import { securityHeaders } from "../http/headers.ts";
import type { Tx } from "../db/database.ts";
import type { Session } from "../identity/sessions.ts";
import { feedEnd, readDirectories, readFeed, type FeedPage } from "./feed.ts";
import { markPlace, placeAt } from "./place.ts";
import type { Wake } from "./wake.ts";

const mostItems = 500;
const beatMs = 20_000;

export interface Streams {
  readonly handlers: Pick<Handlers, "feed" | "wake">;
  /** Ends every open stream, so that the server can close. */
  readonly end: () => void;
}

export const feedStreams = (core: Core, wake: Wake): Streams => {
  const open = new Set<() => void>();
  return {
    end: () => {
      for (const stop of open) stop();
    },
    handlers: {
      feed: async ({ session, input }) => {
        const limit = Math.min(mostItems, Math.max(1, Number(input.limit ?? mostItems)));
        return core.database.asFacility(session.facility, async (tx) => {
          const { epoch } = (await core.directory.current(tx)).server;
          // Another epoch's positions say nothing here: from the start.
          const after =
            input.epoch === undefined || Number(input.epoch) === epoch
              ? Number(input.after ?? 0)
              : 0;
          const page = await pageFor(core, tx, session, after, limit);
          return { epoch, items: [...page.items], next: page.next, more: page.more };
        });
      },
      wake: async ({ session, reply, request }) => {
        const concern = session.clinical ? session.facility : undefined;
        const endNow = (): Promise<number> =>
          core.database.asFacility(session.facility, (tx) => feedEnd(tx, concern));
        const end = await endNow();
        reply.hijack();
        const { raw } = reply;
        raw.writeHead(200, {
          ...securityHeaders,
          "content-type": "text/event-stream",
          "cache-control": "no-store",
          "x-accel-buffering": "no",
        });
        const tell = (position: number): void =>
          void raw.write(`event: position\ndata: ${position}\n\n`);
        tell(end);
        const unsubscribe = wake.subscribe(concern, tell);
        // Something may have been numbered while nobody listened.
        const offReconnect = wake.onReconnect(() => {
          endNow().then(tell, () => undefined);
        });
        const beat = setInterval(() => void raw.write(": \n\n"), beatMs);
        const stop = (): void => {
          clearInterval(beat);
          unsubscribe();
          offReconnect();
          open.delete(stop);
          raw.end();
        };
        open.add(stop);
        request.raw.once("close", stop);
      },
    },
  };
};

/** Who is clinical reads everything; who is not, directories, and leaves the rest to be read by others. */
const pageFor = async (
  core: Core,
  tx: Tx,
  { facility, clinical }: Session,
  after: number,
  limit: number,
): Promise<FeedPage> => {
  const { whole, directories } = await placeAt(tx, facility, after);
  if (clinical) return readFeed(tx, core.logbook, facility, whole, limit);
  const page = await readDirectories(tx, core.logbook, directories, limit);
  return { ...page, next: await markPlace(tx, facility, { whole, directories: page.next }) };
};
