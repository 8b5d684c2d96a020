import type { FastifyReply } from "fastify";
import { demandAccess } from "../cases/routes.ts";
import type { Core } from "../core.ts";
import { Failure } from "../http/failure.ts";
import type { Handlers } from "../http/register.ts";
import { findNamedFile } from "./held.ts";
import type { FileStorage } from "./storage.ts";

export const fileHandlers = (
  core: Core,
  files: FileStorage,
): Pick<Handlers, "file" | "filesHeld"> => ({
  file: async ({ session, params, request, reply }) => {
    const log = `case/${params.case}`;
    const file = await core.database.asFacility(session.facility, async (tx) => {
      await demandAccess(tx, log, session.facility);
      return findNamedFile(tx, log, params.hash);
    });
    if (file === undefined || !(await files.has(log, params.hash))) throw new Failure("not_found");
    const range = rangeOf(request.headers.range, file.size);
    attach(reply, file.type);
    void reply.header("accept-ranges", "bytes").header("etag", `"${params.hash}"`);
    if (range === undefined)
      return void (await reply
        .header("content-length", file.size)
        .send(files.read(log, params.hash)));
    if (range === "unsatisfiable")
      return void (await reply.code(416).header("content-range", `bytes */${file.size}`).send());
    const { start, end } = range;
    void reply
      .code(206)
      .header("content-range", `bytes ${start}-${end}/${file.size}`)
      .header("content-length", end - start + 1);
    await reply.send(files.read(log, params.hash, range));
  },
  filesHeld: async ({ session, params }) => {
    const log = `case/${params.case}`;
    const rows = await core.database.asFacility(session.facility, async (tx) => {
      await demandAccess(tx, log, session.facility);
      return tx.selectFrom("file").select("hash").where("log", "=", log).execute();
    });
    return { held: rows.map(({ hash }) => hash) };
  },
});

/** Never shown by the browser by itself, whatever it holds. */
export const attach = (reply: FastifyReply, type: string): void => {
  void reply.type(type).headers({
    "content-disposition": "attachment",
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; sandbox",
  });
};

type Range = { readonly start: number; readonly end: number };

/** One range as browsers ask for it; several at once get the whole (RFC 9110, 14.2). */
const rangeOf = (header: string | undefined, size: number): Range | "unsatisfiable" | undefined => {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  return start >= size || start > end ? "unsatisfiable" : { start, end };
};
