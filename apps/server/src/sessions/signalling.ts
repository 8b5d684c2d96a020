import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { mediaGrants } from "@lientuyen/session";
import type { FastifyInstance } from "fastify";
import type { Core } from "../core.ts";
import { findLiveSession } from "./store.ts";
import { openMedia } from "./media.ts";

/** The engine's own path; nothing of the app lies under it. */
const isSignalling = (url: string): boolean => /^\/rtc(\/|\?|$)/.test(url);

const refuse = (socket: Duplex, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
};

const tokenIn = ({ url = "", headers }: IncomingMessage): string => {
  const [, query = ""] = url.split("?");
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
  return new URLSearchParams(query).get("access_token") ?? bearer ?? "";
};

/** A token says who somebody was when it was made; the session says whether they are let in now. */
const isLetIn = async (core: Core, request: IncomingMessage): Promise<boolean> => {
  if (core.live === undefined) return false;
  const claims = await openMedia(core.live).readToken(tokenIn(request));
  if (claims === undefined) return false;
  const stored = await core.database.asSystem((tx) => findLiveSession(tx, claims.room));
  return stored !== undefined && mediaGrants(stored.state, claims.who) !== undefined;
};

/** Sends the request on as it came, but for the host, and then only carries bytes. */
const relay = (request: IncomingMessage, socket: Duplex, head: Buffer, engine: URL): void => {
  const upstream = connect({ host: engine.hostname, port: Number(engine.port) });
  const end = (): void => {
    upstream.destroy();
    socket.destroy();
  };
  upstream.once("connect", () => {
    const lines = [`${request.method} ${request.url} HTTP/1.1`, `host: ${engine.host}`];
    for (let at = 0; at < request.rawHeaders.length; at += 2)
      if (request.rawHeaders[at]?.toLowerCase() !== "host")
        lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
    upstream.write(`${lines.join("\r\n")}\r\n\r\n`);
    upstream.write(head);
    socket.pipe(upstream).pipe(socket);
  });
  for (const side of [upstream, socket]) side.once("error", end).once("close", end);
};

/**
 * The media engine's signalling through the app's own door: one address, one certificate, and nobody in who has been
 * sent away since the token was made. Media themselves go past it.
 */
export const serveSignalling = (app: FastifyInstance, core: Core): void => {
  const open = new Set<Duplex>();
  app.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    const engine = core.live?.publicUrl === undefined ? core.live?.url : undefined;
    if (!isSignalling(request.url ?? "") || engine === undefined)
      return refuse(socket, "404 Not Found");
    isLetIn(core, request).then(
      (letIn) =>
        letIn ? relay(request, socket, head, new URL(engine)) : refuse(socket, "401 Unauthorized"),
      () => refuse(socket, "503 Service Unavailable"),
    );
  });
  app.addHook("preClose", async () => {
    for (const socket of open) socket.destroy();
  });
};
