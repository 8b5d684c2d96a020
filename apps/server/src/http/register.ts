import { routes, type RouteName, type Who } from "@lientuyen/api";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import * as v from "valibot";
import type { Core } from "../core.ts";
import type { Session } from "../identity/sessions.ts";
import type { Transport } from "../identity/transports.ts";
import { Failure } from "./failure.ts";
import { demandProtocol, findCaller, type Caller } from "./guard.ts";

type Table = typeof routes;
type Parsed<S> = [S] extends [v.GenericSchema]
  ? [S] extends [never]
    ? undefined
    : v.InferOutput<S>
  : undefined;
type SessionOf<W> = W extends "signedIn" | "clinical" | "administrator" ? Session : undefined;
type TransportOf<W> = W extends "transport" ? Transport : undefined;

/** A parsed, authorised request of one route. */
export interface Call<N extends RouteName> {
  readonly input: Parsed<Table[N]["in"]>;
  readonly params: Parsed<Exclude<Table[N]["params"], undefined>>;
  readonly session: SessionOf<Table[N]["who"]>;
  readonly sessionToken: string | undefined;
  readonly transport: TransportOf<Table[N]["who"]>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What a handler gives back: the answer, or nothing where it has answered itself (`reply` sent or hijacked). */
type Answer<N extends RouteName> = Table[N]["out"] extends v.GenericSchema
  ? v.InferInput<Table[N]["out"]>
  : void;
export type Handler<N extends RouteName> = (call: Call<N>) => Promise<Answer<N>>;
export type Handlers = { readonly [N in RouteName]: Handler<N> };

/** One registration for a row of the table: guard, parse, handle, answer. */
export const registerRoute = <N extends RouteName>(
  app: FastifyInstance,
  core: Core,
  name: N,
  handler: Handler<N>,
  secure: boolean,
): void => {
  const route: Table[N] = routes[name];
  const judgesProtocol = route.errors.some((code) => code === "old_protocol");
  app.route({
    method: route.method,
    url: route.path,
    // A HEAD of its own would answer without the guard's knowledge of it.
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      if (judgesProtocol) demandProtocol(request);
      const caller = await findCaller(core, route.who, request, secure);
      const call = callOf(name, caller, request, reply);
      const answer: unknown = await handler(call);
      if (reply.sent || route.media !== undefined) return reply;
      if (route.out === undefined) return reply.code(204).send();
      return reply
        .header("cache-control", "no-store")
        .type("application/json; charset=utf-8")
        .send(JSON.stringify(answer));
    },
  });
};

const callOf = <N extends RouteName>(
  name: N,
  caller: Caller,
  request: FastifyRequest,
  reply: FastifyReply,
): Call<N> => {
  const route: Table[N] = routes[name];
  return {
    input: parsed<Table[N]["in"]>(route.in, route.method === "GET" ? request.query : request.body),
    params: parsed<Exclude<Table[N]["params"], undefined>>(paramsOf(name), request.params),
    session: sessionOf<Table[N]["who"]>(route.who, caller),
    sessionToken: caller.sessionToken,
    transport: transportOf<Table[N]["who"]>(route.who, caller),
    request,
    reply,
  };
};

// Overloads say what TypeScript cannot conclude of a conditional type: the schema's own output, the guard's own finding.

function paramsOf<N extends RouteName>(name: N): Exclude<Table[N]["params"], undefined>;
function paramsOf(name: RouteName): v.GenericSchema | undefined {
  return routes[name].params;
}

function parsed<S extends v.GenericSchema | undefined>(schema: S, value: unknown): Parsed<S>;
function parsed(schema: v.GenericSchema | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const read = v.safeParse(schema, value);
  if (read.success) return read.output;
  throw new Failure("bad_request", v.getDotPath(read.issues[0]) ?? "");
}

function sessionOf<W extends Who>(who: W, caller: Caller): SessionOf<W>;
function sessionOf(who: Who, { session }: Caller): Session | undefined {
  if (who !== "signedIn" && who !== "clinical" && who !== "administrator") return undefined;
  if (session === undefined) throw new Failure("not_signed_in");
  return session;
}

function transportOf<W extends Who>(who: W, caller: Caller): TransportOf<W>;
function transportOf(who: Who, { transport }: Caller): Transport | undefined {
  if (who !== "transport") return undefined;
  if (transport === undefined) throw new Failure("not_signed_in");
  return transport;
}
