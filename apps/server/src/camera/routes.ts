import { createHash } from "node:crypto";
import { sql } from "kysely";
import { demandAccess } from "../cases/routes.ts";
import { instant, type Core } from "../core.ts";
import { attach } from "../files/routes.ts";
import { demandType } from "../files/fileTypes.ts";
import type { FileStorage } from "../files/storage.ts";
import { Failure } from "../http/failure.ts";
import type { Handlers } from "../http/register.ts";
import type { Session } from "../identity/sessions.ts";
import { hashToken, makeToken } from "../identity/tokens.ts";

type Names = "openCameraLink" | "cameraLinkPhotos" | "takePhoto" | "addPhoto";

/** The PC may fetch a while longer what the phone brought in the last minute. */
const fetchMs = 3_600_000;
const mostPhotos = 100;

/** The phone as the station's camera: a link that only adds photographs, and only to one case. */
export const cameraHandlers = (core: Core, files: FileStorage): Pick<Handlers, Names> => ({
  openCameraLink: async ({ session, input }) => {
    const token = makeToken(core.random);
    const expiresAt = core.now() + core.limits.cameraLinkMs;
    await core.database.asFacility(session.facility, async (tx) => {
      await demandAccess(tx, input.log, session.facility).catch(() => {
        throw new Failure("forbidden");
      });
      await tx
        .insertInto("camera_link")
        .values({
          token_hash: hashToken(token),
          log: input.log,
          person: session.person,
          facility: session.facility,
          expires_at_ms: expiresAt,
        })
        .execute();
    });
    await dropOldLinks(core, files);
    return { token, expiresAt: instant(expiresAt) };
  },
  cameraLinkPhotos: async ({ session, params }) => {
    const link = await demandLink(core, session, params.token);
    const rows = await core.database.asFacility(session.facility, (tx) =>
      tx
        .selectFrom("camera_photo")
        .select(["hash", "size", "type"])
        .where("link", "=", link)
        .orderBy("added_at_ms")
        .orderBy("hash")
        .execute(),
    );
    return { photos: rows };
  },
  takePhoto: async ({ session, params, reply }) => {
    const link = await demandLink(core, session, params.token);
    const photo = await core.database.asFacility(session.facility, (tx) =>
      tx
        .selectFrom("camera_photo")
        .select(["size", "type"])
        .where("link", "=", link)
        .where("hash", "=", params.hash)
        .executeTakeFirst(),
    );
    if (photo === undefined) throw new Failure("not_found");
    attach(reply, photo.type);
    await reply.header("content-length", photo.size).send(files.readPhoto(link, params.hash));
  },
  addPhoto: async ({ params, request }) => {
    const link = hashToken(params.token);
    const row = await core.database.asSystem((tx) =>
      tx
        .selectFrom("camera_link")
        .select(["expires_at_ms", "facility"])
        .where("token_hash", "=", link)
        .executeTakeFirst(),
    );
    if (row === undefined || row.expires_at_ms < core.now()) throw new Failure("link_expired");
    const bytes = request.body;
    if (!Buffer.isBuffer(bytes) || bytes.length === 0) throw new Failure("file_empty");
    await demandType("image/jpeg", { bytes });
    if ((await files.free()) - bytes.length < core.limits.keptFreeBytes)
      throw new Failure("storage_full");
    const hash = createHash("sha256").update(bytes).digest("base64url");
    await files.keepPhoto(link, hash, bytes);
    await notePhoto(core, link, { hash, size: bytes.length, facility: row.facility });
    return { hash };
  },
});

/** @throws Failure link_expired where it is another facility's, too old, or none. */
const demandLink = async (core: Core, session: Session, token: string): Promise<string> => {
  const link = hashToken(token);
  const row = await core.database.asFacility(session.facility, (tx) =>
    tx
      .selectFrom("camera_link")
      .select("expires_at_ms")
      .where("token_hash", "=", link)
      .executeTakeFirst(),
  );
  if (row === undefined || row.expires_at_ms + fetchMs < core.now())
    throw new Failure("link_expired");
  return link;
};

const notePhoto = (
  core: Core,
  link: string,
  photo: { readonly hash: string; readonly size: number; readonly facility: string },
): Promise<void> =>
  core.database.asSystem(async (tx) => {
    const { rows } = await sql<{
      count: number;
    }>`select count(*) as count from camera_photo where link = ${link}`.execute(tx);
    if ((rows[0]?.count ?? 0) >= mostPhotos) throw new Failure("too_many");
    await tx
      .insertInto("camera_photo")
      .values({ link, ...photo, type: "image/jpeg", added_at_ms: core.now() })
      .onConflict((it) => it.doNothing())
      .execute();
  });

const dropOldLinks = async (core: Core, files: FileStorage): Promise<void> => {
  const gone = await core.database.asSystem((tx) =>
    tx
      .deleteFrom("camera_link")
      .where("expires_at_ms", "<", core.now() - fetchMs)
      .returning("token_hash")
      .execute(),
  );
  for (const { token_hash } of gone) await files.dropPhotos(token_hash);
};
