import { oldestProtocol, type Who } from "@lientuyen/api";
import type { FastifyRequest } from "fastify";
import type { Core } from "../core.ts";
import { isAdministrator } from "../identity/me.ts";
import { findSession, type Session } from "../identity/sessions.ts";
import { csrfOf, isSameText } from "../identity/tokens.ts";
import { findTransport, type Transport } from "../identity/transports.ts";
import { Failure } from "./failure.ts";

/** Who calls, as far as the route demands it. */
export interface Caller {
  readonly session: Session | undefined;
  readonly sessionToken: string | undefined;
  readonly transport: Transport | undefined;
}

/** `__Host-` binds the cookie to this host and to TLS; without TLS browsers refuse that name. */
export const cookieName = (secure: boolean): string => (secure ? "__Host-lientuyen" : "lientuyen");

const nobody: Caller = { session: undefined, sessionToken: undefined, transport: undefined };

/** @throws Failure not_signed_in, csrf or forbidden. */
export const findCaller = async (
  core: Core,
  who: Who,
  request: FastifyRequest,
  secure: boolean,
): Promise<Caller> => {
  if (who === "anyone" || who === "cameraLink") {
    if (changes(request)) demandOwnOrigin(request);
    return nobody;
  }
  if (who === "transport") return { ...nobody, transport: await demandTransport(core, request) };
  const caller = await demandSession(core, request, secure);
  if (
    who === "administrator" &&
    caller.session !== undefined &&
    !(await isAdministrator(core, caller.session))
  )
    throw new Failure("forbidden");
  // Who only keeps the machines running has no part in care.
  if (who === "clinical" && caller.session?.clinical !== true) throw new Failure("forbidden");
  return caller;
};

/** A session by cookie; with a changing request its CSRF token and an own origin. */
export const demandSession = async (
  core: Core,
  request: FastifyRequest,
  secure: boolean,
): Promise<Caller> => {
  const sessionToken = request.cookies[cookieName(secure)];
  if (sessionToken === undefined) throw new Failure("not_signed_in");
  const session = await findSession(core, sessionToken);
  if (session === undefined) throw new Failure("not_signed_in");
  if (changes(request)) {
    demandOwnOrigin(request);
    const given = request.headers["x-lientuyen-csrf"];
    if (typeof given !== "string" || !isSameText(given, csrfOf(sessionToken)))
      throw new Failure("csrf");
  }
  return { session, sessionToken, transport: undefined };
};

export const demandTransport = async (core: Core, request: FastifyRequest): Promise<Transport> => {
  const token = /^Bearer ([A-Za-z0-9_-]{43})$/.exec(request.headers.authorization ?? "")?.[1];
  const transport = token === undefined ? undefined : await findTransport(core, token);
  if (transport === undefined) throw new Failure("not_signed_in");
  return transport;
};

const changes = (request: FastifyRequest): boolean =>
  request.method !== "GET" && request.method !== "HEAD";

/** A browser names the page's origin with every changing request; whoever is no browser names none. */
const demandOwnOrigin = (request: FastifyRequest): void => {
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") throw new Failure("csrf");
  const { origin } = request.headers;
  if (origin === undefined) return;
  if (!URL.canParse(origin) || new URL(origin).host !== request.headers.host)
    throw new Failure("csrf");
};

/** @throws Failure old_protocol where the client speaks less than the floor. */
export const demandProtocol = (request: FastifyRequest): void => {
  const given = request.headers["x-lientuyen-protocol"];
  if (given === undefined) return;
  if (typeof given !== "string" || !/^\d{1,6}$/.test(given))
    throw new Failure("bad_request", "x-lientuyen-protocol");
  if (Number(given) < oldestProtocol) throw new Failure("old_protocol");
};
