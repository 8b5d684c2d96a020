import type { FileView } from "@lientuyen/record";
import type { Device } from "../../device/device.ts";
import { addFile } from "../capture/addFiles.ts";
import { prepare } from "../capture/prepare.ts";
import type { Stroke } from "./board.ts";
import { drawIn } from "./marks.ts";

/**
 * Keeps a picture with its marks as a new file of the case: drawn into the original where that can be had, else into
 * what was sent first. False where neither is here.
 */
export const keepMarks = async (
  device: Device,
  log: string,
  file: FileView,
  strokes: readonly Stroke[],
  caption: string,
): Promise<boolean> => {
  const original =
    file.original === undefined
      ? undefined
      : await device.files.read(log, file.original.body.file).catch(() => undefined);
  const picture = original ?? (await device.files.read(log, file.file));
  if (picture === undefined) return false;
  const drawn = await drawIn(picture, strokes);
  if (drawn === undefined) return false;
  const prepared = await prepare(drawn);
  if (!prepared.ok) return false;
  await addFile(device, log, prepared.file, { caption });
  return true;
};
