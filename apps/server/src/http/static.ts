import { createReadStream, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Failure } from "./failure.ts";
import { pageHeaders } from "./headers.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".wasm": "application/wasm",
  ".mp3": "audio/mpeg",
  ".wav": "audio/wav",
  ".ogg": "audio/ogg",
  ".txt": "text/plain; charset=utf-8",
};

/** Serves the built app: compressed copies where they lie beside, any other address is the app's own page. */
export const serveApp = (app: FastifyInstance, staticDir: string): void => {
  const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const path = pathOf(request.url);
    if (path === undefined || path === "/v1" || path.startsWith("/v1/"))
      throw new Failure("not_found");
    const found = await findFile(staticDir, path);
    if (found !== undefined) return send(request, reply, found, path);
    // A missing script must not come back as a page.
    if (path.startsWith("/assets/") || extname(path) !== "") throw new Failure("not_found");
    const page = await findFile(staticDir, "/index.html");
    if (page === undefined) throw new Failure("not_found");
    return send(request, reply, page, "/index.html");
  };
  app.get("/*", { exposeHeadRoute: true }, serve);
  app.setNotFoundHandler(() => {
    throw new Failure("not_found");
  });
};

/** Decoded path; undefined where it is none, or leaves the folder. */
const pathOf = (url: string): string | undefined => {
  const raw = url.split(/[?#]/, 1)[0] ?? "/";
  try {
    const path = decodeURIComponent(raw);
    if (path.includes("\0") || path.split(/[/\\]/).includes("..")) return undefined;
    return path;
  } catch {
    return undefined;
  }
};

interface Found {
  readonly file: string;
  readonly stats: Stats;
}

const findFile = async (staticDir: string, path: string): Promise<Found | undefined> => {
  const file = normalize(join(staticDir, path.endsWith("/") ? `${path}index.html` : path));
  if (!file.startsWith(normalize(staticDir) + sep)) return undefined;
  return existing(file);
};

const existing = async (file: string): Promise<Found | undefined> => {
  try {
    const stats = await stat(file);
    return stats.isFile() ? { file, stats } : undefined;
  } catch {
    return undefined;
  }
};

/** Scripts and styles of a page; a worker's script is a context of its own, as a page is. */
const isPart = (path: string): boolean =>
  path.startsWith("/assets/") && /\.(js|css)$/.test(path) && !/worker/i.test(path);

const encodings = [
  { name: "br", ending: ".br" },
  { name: "gzip", ending: ".gz" },
] as const;

const send = async (
  request: FastifyRequest,
  reply: FastifyReply,
  found: Found,
  path: string,
): Promise<FastifyReply> => {
  const accepted = request.headers["accept-encoding"] ?? "";
  void reply
    .header("vary", "accept-encoding")
    .type(types[extname(path)] ?? types[extname(found.file)] ?? "application/octet-stream");
  // Names under /assets/ carry a hash of their content; pages and the service worker are asked for each time.
  void reply.header(
    "cache-control",
    path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
  );
  if (isPart(path)) for (const name of pageHeaders) void reply.removeHeader(name);
  const tag = `"${found.stats.size.toString(36)}-${Math.trunc(found.stats.mtimeMs).toString(36)}"`;
  void reply.header("etag", tag);
  if (request.headers["if-none-match"] === tag) return reply.code(304).send();
  for (const { name, ending } of encodings) {
    const packed = accepted.includes(name) ? await existing(found.file + ending) : undefined;
    if (packed === undefined) continue;
    return stream(request, reply.header("content-encoding", name), packed);
  }
  return stream(request, reply, found);
};

const stream = (
  request: FastifyRequest,
  reply: FastifyReply,
  { file, stats }: Found,
): FastifyReply => {
  void reply.header("content-length", stats.size);
  return request.method === "HEAD" ? reply.send() : reply.send(createReadStream(file));
};
