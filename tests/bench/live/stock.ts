import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import type { Engine } from "@lientuyen/livekit";
import { openMedia } from "../../../apps/server/src/sessions/media.ts";
import type { Page } from "playwright-core";
import { ownAddress } from "./badLine.ts";

/** LiveKit's own client with its defaults, as its documentation shows them: what ours is measured against. */
const page = `<!doctype html><meta charset="utf-8"><title>stock</title><script type="module">
import { Room } from "/client.js";
window.join = async (url, who) => {
  // A page asks its server for a token, as every one does.
  const token = await (await fetch("/token?" + who)).text();
  const room = new Room({ adaptiveStream: true, dynacast: true });
  room.on("trackSubscribed", (track) => document.body.append(track.attach()));
  await room.connect(url, token);
  await room.localParticipant.enableCameraAndMicrophone();
};
</script><body></body>`;

export interface Stock {
  readonly url: string;
  /** Opens the page; nothing is joined yet. */
  readonly open: (page: Page) => Promise<void>;
  /** Answers the page's clock at the click; whether it came in is seen by its ears. */
  readonly join: (page: Page, room: string, who: string) => Promise<number>;
  readonly close: () => Promise<void>;
}

declare global {
  interface Window {
    join: (url: string, whoWhere: string) => Promise<void>;
  }
}

/** A bare page beside the engine, signalling passed on as it is. */
export const openStock = async (
  engine: () => Engine,
  keys: { readonly key: string; readonly secret: string },
): Promise<Stock> => {
  const client = await readFile(new URL(import.meta.resolve("livekit-client")));
  const media = openMedia({
    ...keys,
    url: engine().url,
    publicUrl: undefined,
    state: () => "ready",
  });
  const answerTo = async (url: string): Promise<string | Buffer> => {
    if (url === "/client.js") return client;
    const [where, query = ""] = url.split("?");
    if (where !== "/token") return page;
    const [room = "", who = ""] = query.split("/");
    return media.makeToken(who, room, true);
  };
  const server = createServer((request, response) => {
    const { url = "" } = request;
    response.setHeader("content-type", url === "/client.js" ? "text/javascript" : "text/html");
    void answerTo(url).then((body) => response.end(body));
  });
  server.on("upgrade", (request, socket, head) => {
    const upstream = connect(engine().port, "127.0.0.1", () => {
      const lines = [`${request.method} ${request.url} HTTP/1.1`];
      for (let at = 0; at < request.rawHeaders.length; at += 2)
        lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
      upstream.write(`${lines.join("\r\n")}\r\n\r\n`);
      upstream.write(head);
      socket.pipe(upstream).pipe(socket);
    });
    for (const side of [socket, upstream])
      side
        .on("error", () => side.destroy())
        .on("close", () => (socket.destroy(), upstream.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const host = `${ownAddress()}:${port}`;
  return {
    url: `http://${host}`,
    open: async (tab) => void (await tab.goto(`http://${host}/`)),
    join: async (tab, room, who) => {
      await media.openRoom(room);
      return tab.evaluate(
        ([url, given]) => {
          void window.join(url, given).catch(() => undefined);
          return performance.now();
        },
        [`ws://${host}`, `${room}/${who}`] as const,
      );
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
