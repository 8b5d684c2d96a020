// Many light stations in one process: each listens to the wake and fetches the feed when it is told. feed.ts starts some.
import { Agent, get, type IncomingMessage } from "node:http";
import { routes } from "@lientuyen/api";
import * as v from "valibot";

const Start = v.object({ port: v.number(), cookies: v.array(v.string()) });
const Page = v.object({
  next: v.number(),
  more: v.boolean(),
  items: v.array(v.object({ receipt: v.object({ entry: v.string() }) })),
});
type Page = v.InferOutput<typeof Page>;

/** What a listener says: a station stands, or has these receipts. `atMs` is the machine's clock. */
const say = (message: object): void =>
  void process.send?.({ ...message, atMs: performance.timeOrigin + performance.now() });

/** As packages/sync waits: 1 s, doubled each time, the upper half by chance. */
const firstPauseMs = 1_000;
const mostPauseMs = 60_000;

const openStation = (port: number, cookie: string, station: number): void => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let after: number | undefined;
  let told = 0;
  let reading = false;
  let pauseMs = firstPauseMs;
  let readPauseMs = firstPauseMs;
  const ask = (path: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      get({ port, path, agent, headers: { cookie } }, resolve).on("error", reject);
    });
  const read = async (): Promise<void> => {
    if (reading) return;
    reading = true;
    try {
      while (after !== undefined && after < told) {
        const page = await pageOf(await ask(`${routes.feed.path}?after=${after}`));
        after = Math.max(page.next, after);
        if (page.items.length > 0)
          say({ station, entries: page.items.map(({ receipt }) => receipt.entry) });
        // What was told concerns all; a page without anything new ends there.
        if (!page.more && page.items.length === 0) after = told;
      }
      readPauseMs = firstPauseMs;
    } catch {
      // Cut off, or the server has its hands full.
      setTimeout(() => void read(), readPauseMs * (0.5 + Math.random() / 2));
      readPauseMs = Math.min(mostPauseMs, readPauseMs * 2);
    }
    reading = false;
  };
  const hear = (position: number): void => {
    after ??= position;
    told = Math.max(told, position);
    void read();
  };
  const again = (): void => {
    const pause = pauseMs * (0.5 + Math.random() / 2);
    pauseMs = Math.min(mostPauseMs, pauseMs * 2);
    setTimeout(listen, pause);
  };
  const listen = (): void => {
    const request = get(
      { port, path: routes.wake.path, agent: false, headers: { cookie } },
      (response) => {
        if (response.statusCode !== 200) return void response.resume().once("close", again);
        pauseMs = firstPauseMs;
        say({ station, stands: true });
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece: string) => {
          text += piece;
          const events = text.split("\n\n");
          text = events.pop() ?? "";
          for (const event of events) {
            const position = /data: (\d+)/.exec(event)?.[1];
            if (position !== undefined) hear(Number(position));
          }
        });
        response.on("error", () => undefined);
        response.once("close", again);
      },
    );
    request.on("error", again);
  };
  listen();
};

const pageOf = async (response: IncomingMessage): Promise<Page> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of response) if (piece instanceof Uint8Array) pieces.push(piece);
  return v.parse(Page, JSON.parse(Buffer.concat(pieces).toString("utf8")));
};

let opened = 0;
process.on("message", (message) => {
  const { port, cookies } = v.parse(Start, message);
  for (const cookie of cookies) openStation(port, cookie, (opened += 1) - 1);
});
