import { readdir, readFile, rename, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { filesPath } from "@lientuyen/api";
import { Hash, LogName } from "@lientuyen/record";
import { FileStore } from "@tus/file-store";
import { Server, type ServerOptions } from "@tus/server";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import * as v from "valibot";
import type { Core } from "../core.ts";
import { accessOf } from "../entries/lookup.ts";
import { answerTo, type FailureAnswer } from "../http/answers.ts";
import { Failure } from "../http/failure.ts";
import { demandSession, demandTransport } from "../http/guard.ts";
import { securityHeaders } from "../http/headers.ts";
import { isTaken } from "./fileTypes.ts";
import { takeFile } from "./held.ts";
import type { FileStorage } from "./storage.ts";
import type { UploadLocks } from "./uploadLocks.ts";

/*
 * Only this file and its locks know tus. Bytes gather in the uploads folder; the last ones are answered
 * after size, hash and type were checked and the file was kept. `<id>.done` remembers a finished
 * upload, so that whoever lost that last answer learns of it by HEAD.
 */

type Incoming = Parameters<NonNullable<ServerOptions["onUploadCreate"]>>[0];
type Upload = Parameters<NonNullable<ServerOptions["onUploadFinish"]>>[1];

const Metadata = v.object({
  log: v.pipe(LogName, v.startsWith("case/")),
  hash: Hash,
  type: v.pipe(v.string(), v.maxLength(80)),
});
/** Who sends, and which upload it is about. */
interface Judged {
  readonly facility: string;
  readonly id: string | undefined;
}

const uploadId = /^[0-9a-f]{32}$/;
const staleMs = 14 * 24 * 3_600_000;

export const serveUploads = (
  app: FastifyInstance,
  core: Core,
  files: FileStorage,
  locks: UploadLocks,
  secure: boolean,
): void => {
  const judged = new WeakMap<object, Judged>();
  const store = new FileStore({ directory: files.uploadsDir });
  const finish = (upload: Upload, facility: string): Promise<void> =>
    finishUpload(core, files, store, upload, facility);
  const judgedOf = (request: Incoming): Judged | undefined => {
    const raw = request.runtime?.node?.req;
    return raw === undefined ? undefined : judged.get(raw);
  };
  const facilityOf = (request: Incoming): string => {
    const facility = judgedOf(request)?.facility;
    if (facility === undefined) throw new Failure("not_signed_in");
    return facility;
  };
  const tus = new Server({
    path: filesPath,
    relativeLocation: true,
    datastore: store,
    locker: locks,
    maxSize: core.limits.fileBytes,
    allowedOrigins: () => false,
    // The upload that was judged below, whatever else the address holds.
    getFileIdFromRequest: (request) => judgedOf(request)?.id,
    namingFunction: () => Buffer.from(core.random(16)).toString("hex"),
    onUploadCreate: async (request, upload) => {
      await demandUpload(core, files, upload, facilityOf(request));
      return { metadata: { ...upload.metadata, facility: facilityOf(request) } };
    },
    onUploadFinish: async (request, upload) => {
      await finish(upload, facilityOf(request));
      return {};
    },
    onResponseError: async (_request, error) => tusAnswer(core, files, error),
  });

  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const facility = await uploaderOf(core, request, secure);
    const id = idIn(request);
    judged.set(request.raw, { facility, id });
    if (id !== undefined) {
      const done = await doneNow(files, store, locks, { id, facility }, finish);
      if (done !== undefined) return answerDone(reply, done);
    } else if (request.method !== "POST") throw new Failure("not_found");
    reply.hijack();
    for (const [name, value] of Object.entries(securityHeaders)) reply.raw.setHeader(name, value);
    reply.raw.setHeader("cache-control", "no-store");
    await tus.handle(request.raw, reply.raw);
    return reply;
  };

  void app.register(async (scope) => {
    // The bytes are tus's own to read.
    scope.addContentTypeParser("application/offset+octet-stream", (_request, _payload, done) =>
      done(null),
    );
    scope.route({ method: "POST", url: filesPath, handler: handle });
    scope.route({ method: ["HEAD", "PATCH"], url: `${filesPath}/:id`, handler: handle });
    const timer = setInterval(() => void sweep(core, files), 6 * 3_600_000);
    timer.unref();
    scope.addHook("onReady", () => sweep(core, files));
    scope.addHook("onClose", async () => clearInterval(timer));
  });
};

/** A signed-in page, or the transport of a locked one. */
const uploaderOf = async (
  core: Core,
  request: FastifyRequest,
  secure: boolean,
): Promise<string> => {
  if (request.headers.authorization !== undefined)
    return (await demandTransport(core, request)).facility;
  const { session } = await demandSession(core, request, secure);
  if (session === undefined) throw new Failure("not_signed_in");
  return session.facility;
};

const idIn = (request: FastifyRequest): string | undefined => {
  const last = request.url.split("?", 1)[0]?.slice(filesPath.length + 1);
  if (last === undefined || last === "") return undefined;
  if (!uploadId.test(last)) throw new Failure("not_found");
  return last;
};

const demandUpload = async (
  core: Core,
  files: FileStorage,
  upload: Upload,
  facility: string,
): Promise<void> => {
  const read = v.safeParse(Metadata, upload.metadata);
  if (!read.success) throw new Failure("bad_request", "upload-metadata");
  if (upload.size === undefined) throw new Failure("bad_request", "upload-length");
  if (upload.size === 0) throw new Failure("file_empty");
  if (!isTaken(read.output.type)) throw new Failure("file_type_refused");
  const access = await core.database.asFacility(facility, (tx) =>
    accessOf(tx, read.output.log, facility),
  );
  if (access === "none") throw new Failure("not_found");
  if ((await files.free()) - upload.size < core.limits.keptFreeBytes) throw storageFull(core);
};

const storageFull = (core: Core): Failure => {
  core.logbook.error("storageFull");
  return new Failure("storage_full");
};

/**
 * Size of a finished upload. A whole one whose check was interrupted is checked again, by one process alone.
 * @throws Failure not_found: another facility's upload does not exist here
 */
const doneNow = async (
  files: FileStorage,
  store: FileStore,
  locks: UploadLocks,
  { id, facility }: { readonly id: string; readonly facility: string },
  finish: (upload: Upload, facility: string) => Promise<void>,
): Promise<number | undefined> => {
  // In this order: its mark is there before a finished upload goes.
  const upload = await store.getUpload(id).catch(() => undefined);
  const done = await doneSize(files, id);
  if (done !== undefined) return done;
  if (upload === undefined || upload.metadata?.["facility"] !== facility)
    throw new Failure("not_found");
  if (upload.offset !== upload.size) return undefined;
  return locks.holding(id, async () => {
    const meanwhile = await doneSize(files, id);
    if (meanwhile !== undefined) return meanwhile;
    await finish(upload, facility);
    return doneSize(files, id);
  });
};

const finishUpload = async (
  core: Core,
  files: FileStorage,
  store: FileStore,
  upload: Upload,
  facility: string,
): Promise<void> => {
  const { log, hash, type } = v.parse(Metadata, upload.metadata);
  const path = join(files.uploadsDir, upload.id);
  try {
    await takeFile(core, files, { log, hash, type, size: upload.size ?? 0, facility }, path);
  } catch (error) {
    // What failed its check will fail again: the sender starts anew.
    if (error instanceof Failure) await store.remove(upload.id);
    throw error;
  }
  await writeFile(`${path}.done.new`, String(upload.size), { flush: true });
  await rename(`${path}.done.new`, `${path}.done`);
  await store.remove(upload.id).catch(() => undefined);
};

const doneSize = async (files: FileStorage, id: string): Promise<number | undefined> => {
  const text = await readFile(join(files.uploadsDir, `${id}.done`), "utf8").catch(() => undefined);
  return text === undefined ? undefined : Number(text);
};

const answerDone = (reply: FastifyReply, size: number): FastifyReply =>
  reply
    .code(reply.request.method === "HEAD" ? 200 : 204)
    .headers({
      "tus-resumable": "1.0.0",
      "upload-offset": size,
      "upload-length": size,
      "cache-control": "no-store",
    })
    .send();

const ofTus = v.object({ status_code: v.number(), body: v.string() });

const tusAnswer = async (
  core: Core,
  files: FileStorage,
  error: unknown,
): Promise<{ status_code: number; body: string }> => {
  const own = v.safeParse(ofTus, error);
  const answer = own.success
    ? await ofStatus(core, files, own.output.status_code)
    : answerTo(core, error, filesPath);
  return { status_code: answer.status, body: JSON.stringify(answer.body) };
};

/** tus keeps its own statuses (409 wrong offset, 423 locked …); only the body speaks our language. */
const ofStatus = async (core: Core, files: FileStorage, status: number): Promise<FailureAnswer> => {
  if (status === 413) return { status, body: { error: "file_too_large" } };
  if (status === 404 || status === 410) return { status, body: { error: "not_found" } };
  // An extension of tus that nobody here speaks.
  if (status === 501) return { status: 400, body: { error: "bad_request" } };
  if (status < 500) return { status, body: { error: "bad_request" } };
  // tus hides why writing failed; the disk says it.
  const full = (await files.free().catch(() => 0)) < core.limits.keptFreeBytes;
  return answerTo(core, full ? storageFull(core) : new Error("upload not written"), filesPath);
};

/** Uploads that nobody continued, and marks of finished ones. */
const sweep = async (core: Core, files: FileStorage): Promise<void> => {
  for (const name of await readdir(files.uploadsDir)) {
    const path = join(files.uploadsDir, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats !== undefined && core.now() - stats.mtimeMs > staleMs)
      await unlink(path).catch(() => undefined);
  }
};
