import type { Core } from "../core.ts";
import type { Handlers } from "../http/register.ts";
import { securityHeaders } from "../http/headers.ts";
import type { Tx } from "../db/database.ts";
import type { Session } from "../identity/sessions.ts";
import { feedEnd, readDirectories, readFeed, type FeedPage, type FeedQuestion } from "./feed.ts";
import { packPage } from "./packPage.ts";
import { markPlace, placeAt } from "./place.ts";
import type { Wake } from "./wake.ts";

const mostItems = 500;
const beatMs = 20_000;

export interface Streams {
  readonly handlers: Pick<Handlers, "feed" | "packedFeed" | "wake">;
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
        const { epoch, page } = await pageAt(core, session, input);
        return { epoch, items: [...page.items], next: page.next, more: page.more };
      },
      packedFeed: async ({ session, input }) => {
        const { epoch, page } = await pageAt(core, session, input);
        return { epoch, ...(await packPage(core.primitives, page)) };
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
          // When the stream ends its connection does too: a server that stops does not wait for it to be idle for long.
          connection: "close",
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

interface Place {
  readonly epoch?: string | undefined;
  readonly after?: string | undefined;
  readonly limit?: string | undefined;
  readonly device?: string | undefined;
}

const pageAt = (
  core: Core,
  session: Session,
  input: Place,
): Promise<{ readonly epoch: number; readonly page: FeedPage }> =>
  core.database.asFacility(session.facility, async (tx) => {
    const limit = Math.min(mostItems, Math.max(1, Number(input.limit ?? mostItems)));
    const { epoch } = (await core.directory.current(tx)).server;
    // Another epoch's positions say nothing here: from the start.
    const after =
      input.epoch === undefined || Number(input.epoch) === epoch ? Number(input.after ?? 0) : 0;
    const page = await pageFor(core, tx, session, { after, limit, device: input.device });
    return { epoch, page };
  });

/** Who is clinical reads everything; who is not, directories, and leaves the rest to be read by others. */
const pageFor = async (
  core: Core,
  tx: Tx,
  { facility, clinical }: Session,
  question: FeedQuestion,
): Promise<FeedPage> => {
  const { whole, directories } = await placeAt(tx, facility, question.after);
  if (clinical) return readFeed(tx, core.logbook, facility, { ...question, after: whole });
  const page = await readDirectories(tx, core.logbook, { ...question, after: directories });
  return { ...page, next: await markPlace(tx, facility, { whole, directories: page.next }) };
};
