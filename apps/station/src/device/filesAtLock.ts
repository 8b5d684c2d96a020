import { lockFiles, type LockedFiles, type Step, type Sync } from "@lientuyen/sync";
import type { EncryptedDisk } from "./disk.ts";
import { UploadShape } from "./storedShapes.ts";

/** Files on their way, each with its own key: all that is left of the store in memory while the screen is locked. */
export const takeFilesAtLock = async (sync: Sync, disk: EncryptedDisk): Promise<LockedFiles> => {
  const waiting = sync.uploads().filter((row) => row.state === "waiting");
  const files = await Promise.all(
    waiting.map(async (row) => {
      const read = await disk.files.lockedReader(row.log, row.hash);
      return read === undefined ? [] : [{ row, read }];
    }),
  );
  return lockFiles(files.flat());
};

/** How far the files came while the screen was locked, before the engine reads the store. */
export const rememberSent = async (disk: EncryptedDisk, files: LockedFiles): Promise<void> => {
  const steps = await Promise.all(
    files.rows().map(async ({ log, hash, state, code, url, offset }): Promise<readonly Step[]> => {
      const row = await disk.rows.find("upload", `${log}|${hash}`, UploadShape);
      if (row?.state !== "waiting") return [];
      return [{ do: "putUpload", row: { ...row, state, code, url, offset } }];
    }),
  );
  // On a full disk nothing is lost: the engine asks the server.
  await disk.commit(steps.flat());
};
