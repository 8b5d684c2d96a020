import { openapi } from "@lientuyen/api";
import type { FastifyInstance } from "fastify";
import * as v from "valibot";

export const version = "0.1.0";

const Operation = v.object({
  operationId: v.string(),
  summary: v.string(),
  responses: v.record(v.string(), v.object({ description: v.string() })),
});
const Paths = v.record(v.string(), v.record(v.string(), Operation));

/** The contract as the machine reads it, and a plain page for people: no script, no style of its own. */
export const serveOpenapi = (app: FastifyInstance): void => {
  const document = openapi(version);
  const json = JSON.stringify(document);
  const page = pageOf(v.parse(Paths, document["paths"]));
  app.get("/openapi.json", async (_request, reply) =>
    reply.type("application/json; charset=utf-8").header("cache-control", "no-cache").send(json),
  );
  app.get("/openapi", async (_request, reply) =>
    reply.type("text/html; charset=utf-8").header("cache-control", "no-cache").send(page),
  );
};

const pageOf = (paths: v.InferOutput<typeof Paths>): string => {
  const rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const answers = Object.entries(operation.responses).map(
        ([status, { description }]) => `<li><code>${status}</code> ${escaped(description)}</li>`,
      );
      return `<h2 id="${operation.operationId}"><code>${method.toUpperCase()} ${escaped(path)}</code></h2><p>${escaped(operation.summary)}</p><ul>${answers.join("")}</ul>`;
    }),
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Liên Tuyến API</title><h1>Liên Tuyến API</h1><p>Schemas: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1)</p>${rows.join("")}</html>`;
};

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
