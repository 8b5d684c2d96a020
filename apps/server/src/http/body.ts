import { gunzip } from "node:zlib";
import { promisify } from "node:util";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Limits } from "../config/options.ts";
import { isDeeperThan } from "./depth.ts";
import { Failure } from "./failure.ts";

const inflate = promisify(gunzip);
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Photographs of a camera link come as they are. */
export const readPhotoBodies = (app: FastifyInstance, limits: Limits): void => {
  app.addContentTypeParser(
    /^image\//,
    { parseAs: "buffer", bodyLimit: limits.photoBytes },
    async (_request: FastifyRequest, bytes: Buffer) => bytes,
  );
};

/** JSON bodies: bounded on the wire, bounded after gzip, bounded in depth, valid UTF-8; only then parsed. */
export const readJsonBodies = (app: FastifyInstance, limits: Limits): void => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/json",
    { parseAs: "buffer", bodyLimit: limits.bodyBytes },
    async (request: FastifyRequest, wire: Buffer) => {
      if (wire.length === 0) return undefined;
      const text = decode(await plainBytes(request, wire, limits));
      if (isDeeperThan(limits.jsonDepth, text)) throw new Failure("too_deep");
      try {
        const value: unknown = JSON.parse(text);
        return value;
      } catch {
        throw new Failure("not_json");
      }
    },
  );
};

const plainBytes = async (
  request: FastifyRequest,
  wire: Buffer,
  limits: Limits,
): Promise<Buffer> => {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding === "identity") return wire;
  if (encoding !== "gzip") throw new Failure("bad_request", "content-encoding");
  try {
    return await inflate(wire, { maxOutputLength: limits.inflatedBytes });
  } catch (error) {
    const bomb = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    throw new Failure(bomb ? "too_large" : "not_json");
  }
};

const decode = (bytes: Buffer): string => {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Failure("not_json");
  }
};
