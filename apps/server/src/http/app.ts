import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import cookie from "@fastify/cookie";
import fastify, { type FastifyInstance } from "fastify";
import { routes, type RouteName } from "@lientuyen/api";
import { cameraHandlers } from "../camera/routes.ts";
import { caseHandlers } from "../cases/routes.ts";
import type { Core } from "../core.ts";
import { entryHandlers } from "../entries/routes.ts";
import { feedStreams } from "../feed/routes.ts";
import type { Wake } from "../feed/wake.ts";
import { fileHandlers } from "../files/routes.ts";
import { serveUploads } from "../files/uploads.ts";
import type { UploadLocks } from "../files/uploadLocks.ts";
import { identityHandlers } from "../identity/routes.ts";
import { guestHandlers } from "../sessions/guests.ts";
import { recordingHandlers } from "../recordings/routes.ts";
import { sessionHandlers } from "../sessions/routes.ts";
import { serveSignalling } from "../sessions/signalling.ts";
import { treeHandlers } from "../tree/routes.ts";
import { witnessHandlers } from "../tree/witness.ts";
import { viewHandlers } from "../views/routes.ts";
import { answerErrors, routeOf, sendFailure } from "./answers.ts";
import { readJsonBodies, readPhotoBodies } from "./body.ts";
import { securityHeaders, sendSecurityHeaders } from "./headers.ts";
import { healthHandlers } from "./health.ts";
import { serveOpenapi } from "./openapiPage.ts";
import { packAnswers } from "./packed.ts";
import { registerRoute, type Handlers } from "./register.ts";
import { serveApp } from "./static.ts";

export interface AppParts {
  readonly core: Core;
  readonly wake: Wake;
  readonly uploadLocks: UploadLocks;
  readonly staticDir: string;
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
}

/** The HTTP door: every route of the table, uploads, the app's own files. */
export const buildApp = async ({
  core,
  wake,
  uploadLocks,
  staticDir,
  tls,
}: AppParts): Promise<FastifyInstance> => {
  const secure = tls !== undefined;
  const app = newFastify(tls, core);
  await app.register(cookie);
  sendSecurityHeaders(app, secure);
  answerErrors(app, core);
  packAnswers(app);
  logRequests(app, core);
  readJsonBodies(app, core.limits);
  readPhotoBodies(app, core.limits);
  const { files } = core;
  const streams = feedStreams(core, wake);
  const handlers: Handlers = {
    ...identityHandlers(core, secure),
    ...entryHandlers(core),
    ...streams.handlers,
    ...caseHandlers(core),
    ...viewHandlers(core),
    ...treeHandlers(core),
    ...witnessHandlers(core),
    ...sessionHandlers(core),
    ...guestHandlers(core),
    ...recordingHandlers(core),
    ...fileHandlers(core, files),
    ...cameraHandlers(core, files),
    ...healthHandlers(core),
  };
  for (const name of routeNames()) registerNamed(app, core, name, handlers, secure);
  serveUploads(app, core, files, uploadLocks, secure);
  serveOpenapi(app);
  serveApp(app, staticDir);
  serveSignalling(app, core);
  app.addHook("preClose", async () => {
    streams.end();
    letGo(app.server);
  });
  return app;
};

const newFastify = (tls: AppParts["tls"], core: Core): FastifyInstance =>
  fastify({
    logger: false,
    // What no route was found for, and what was no HTTP at all, speaks the catalogue's language too.
    frameworkErrors: (error, request, reply) => {
      sendFailure(core, request, reply.headers(securityHeaders), error);
    },
    clientErrorHandler: (_error, socket) => {
      if (socket.writable) socket.end(notHttp);
      else socket.destroy();
    },
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 300 },
    // The same typed instance with and without TLS: only the listener under it differs.
    serverFactory: (handler) =>
      tls === undefined
        ? createHttp({ keepAliveTimeout }, handler)
        : createHttps({ ...tls, keepAliveTimeout }, handler),
  });

/** How long an answer under way may still take when the server ends. */
const graceMs = 5_000;

/**
 * Closes connections as their answers end, and after the grace those that are left: browsers open some ahead that
 * never asked anything, and a server that waited for them would take a minute to stop.
 */
const letGo = (server: FastifyInstance["server"]): void => {
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  const end = setTimeout(() => server.closeAllConnections(), graceMs);
  server.once("close", () => {
    clearInterval(sweep);
    clearTimeout(end);
  });
};

/** Node's own 5 s begin when an answer was handed over, and end while a weak line still carries it. */
const keepAliveTimeout = 75_000;

const notHttpBody = JSON.stringify({ error: "bad_request" });
const notHttp = [
  "HTTP/1.1 400 Bad Request",
  "content-type: application/json; charset=utf-8",
  `content-length: ${notHttpBody.length}`,
  "connection: close",
  "",
  notHttpBody,
].join("\r\n");

const isRouteName = (name: string): name is RouteName => Object.hasOwn(routes, name);
const routeNames = (): readonly RouteName[] => Object.keys(routes).filter(isRouteName);

/** Binds the name once, so that handler and route are known to be of the same row. */
const registerNamed = <N extends RouteName>(
  app: FastifyInstance,
  core: Core,
  name: N,
  handlers: Pick<Handlers, N>,
  secure: boolean,
): void => {
  registerRoute(app, core, name, handlers[name], secure);
};

const logRequests = (app: FastifyInstance, core: Core): void => {
  app.addHook("onResponse", async (request, reply) => {
    const durationMs = Math.round(reply.elapsedTime);
    core.logbook.info("request", {
      method: request.method,
      route: routeOf(request),
      status: reply.statusCode,
      durationMs,
    });
  });
};
