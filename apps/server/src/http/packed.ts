import { gzip } from "node:zlib";
import { promisify } from "node:util";
import { routes } from "@lientuyen/api";
import type { FastifyInstance } from "fastify";
import { routeOf } from "./answers.ts";

const pack = promisify(gzip);
/** Answers below this grow by compression. */
const leastBytes = 500;
/** What a weak line carries most of. No other: an answer that holds a secret must not show its likeness by its length. */
const packed: ReadonlySet<string> = new Set([
  routes.entries.path,
  routes.packedEntries.path,
  routes.feed.path,
  routes.packedFeed.path,
]);

/** Receipts and the feed go out compressed where the other side can read it. */
export const packAnswers = (app: FastifyInstance): void => {
  app.addHook("onSend", async (request, reply, payload) => {
    if (typeof payload !== "string" || payload.length < leastBytes) return payload;
    if (!packed.has(routeOf(request))) return payload;
    void reply.header("vary", "accept-encoding");
    if (!/\bgzip\b/.test(request.headers["accept-encoding"] ?? "")) return payload;
    void reply.header("content-encoding", "gzip");
    return pack(payload);
  });
};
