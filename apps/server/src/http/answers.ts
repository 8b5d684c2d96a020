import { errors, routes, type ErrorCode } from "@lientuyen/api";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Core } from "../core.ts";
import { errorFields } from "../config/logbook.ts";
import { isUnavailable } from "../db/unavailable.ts";
import { Failure } from "./failure.ts";

export interface FailureAnswer {
  readonly status: number;
  readonly body: {
    readonly error: ErrorCode;
    readonly reference?: string;
    readonly detail?: string;
  };
}

const answerOf = (code: ErrorCode, detail?: string): FailureAnswer => ({
  status: errors[code].status,
  body: { error: code, ...(detail === undefined || detail === "" ? {} : { detail }) },
});

const fastifyCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "too_large",
  FST_ERR_CTP_EMPTY_JSON_BODY: "not_json",
  FST_ERR_CTP_INVALID_JSON_BODY: "not_json",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "bad_request",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "bad_request",
  FST_ERR_BAD_URL: "bad_request",
  FST_ERR_MAX_PARAM_LENGTH: "bad_request",
  FST_ERR_NOT_FOUND: "not_found",
};

/** The one place where an error becomes an answer; the unforeseen gives a reference and nothing of itself. */
export const answerTo = (core: Core, error: unknown, route: string): FailureAnswer => {
  if (error instanceof Failure) return answerOf(error.code, error.detail);
  if (isUnavailable(error)) return answerOf("unavailable");
  const code =
    error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "ENOSPC" || code === "EDQUOT") {
    core.logbook.error("storageFull", { route });
    return answerOf("storage_full");
  }
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE" && route === routes.addPhoto.path)
    return answerOf("file_too_large");
  // A NUL in a name, which no column holds.
  if (code === "22021") return answerOf("bad_request");
  const known = fastifyCodes[code];
  if (known !== undefined) return answerOf(known);
  const reference = Buffer.from(core.random(6)).toString("hex");
  core.logbook.error("requestFailed", { route, reference, ...errorFields(error) });
  return { status: errors.internal.status, body: { error: "internal", reference } };
};

export const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? "*";

export const sendFailure = (
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): FastifyReply => {
  const { status, body } = answerTo(core, error, routeOf(request));
  if (status === 503) void reply.header("retry-after", "2");
  return reply.code(status).type("application/json; charset=utf-8").send(JSON.stringify(body));
};

export const answerErrors = (app: FastifyInstance, core: Core): void => {
  app.setErrorHandler((error, request, reply) => sendFailure(core, request, reply, error));
};
