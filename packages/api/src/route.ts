import type * as v from "valibot";
import type { ErrorCode } from "./errors.ts";

type Schema = v.GenericSchema;

/** Who may call a route; checked before its handler runs. */
export type Who =
  | "anyone" // no session
  | "signedIn" // a session of any role
  | "clinical" // a session of anyone but who is IT administrator and nothing else
  | "administrator" // role itAdministrator of the session's facility
  | "transport" // the device's transport key: sealed outbox while locked
  | "cameraLink"; // a short-lived link to one case

/** One route, said once: the server, the typed client, openapi.json and the tests' generators are taken from it. */
export interface Route<
  In extends Schema | undefined,
  Out extends Schema | undefined,
  Params extends Schema | undefined = Schema | undefined,
  W extends Who = Who,
> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "HEAD" | "DELETE";
  /** Fastify path, e.g. `/v1/cases/:case`. */
  readonly path: string;
  readonly who: W;
  readonly errors: readonly ErrorCode[];
  /** JSON body (POST, PUT) or query (GET); path parameters in `params`. */
  readonly in: In;
  readonly out: Out;
  readonly params?: Params;
  readonly summary: string;
  /** Set where the answer is not JSON (a stream, a file). */
  readonly media?: string;
}

export const route = <
  const In extends Schema | undefined,
  const Out extends Schema | undefined,
  const Params extends Schema | undefined = undefined,
  const W extends Who = Who,
>(
  r: Route<In, Out, Params, W>,
): Route<In, Out, Params, W> => r;
