import { fileTypeFromFile, fileTypeFromBuffer } from "file-type";
import { Failure } from "../http/failure.ts";

/** What is taken, and as what its first bytes may show themselves. Containers do not say whether they only sound. */
const shownAs: Readonly<Record<string, readonly string[]>> = {
  "image/jpeg": ["image/jpeg"],
  "image/png": ["image/png", "image/apng"],
  "image/webp": ["image/webp"],
  "image/heic": ["image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"],
  "application/pdf": ["application/pdf"],
  "application/dicom": ["application/dicom"],
  "video/mp4": ["video/mp4", "video/x-m4v"],
  "video/webm": ["video/webm"],
  "video/quicktime": ["video/quicktime"],
  "audio/webm": ["video/webm", "audio/webm"],
  "audio/ogg": ["audio/ogg", "audio/ogg; codecs=opus", "video/ogg"],
  "audio/mp4": ["audio/mp4", "audio/x-m4a", "video/mp4"],
  "audio/mpeg": ["audio/mpeg"],
  "audio/wav": ["audio/wav"],
};

export const isTaken = (type: string): boolean => Object.hasOwn(shownAs, type);

/** @throws Failure file_type_refused or file_type_mismatch */
export const demandType = async (
  type: string,
  content: { readonly path: string } | { readonly bytes: Uint8Array },
): Promise<void> => {
  if (!isTaken(type)) throw new Failure("file_type_refused");
  const seen = await ("path" in content
    ? fileTypeFromFile(content.path)
    : fileTypeFromBuffer(content.bytes));
  if (seen === undefined) throw new Failure("file_type_refused");
  if (!(shownAs[type] ?? []).includes(seen.mime)) throw new Failure("file_type_mismatch");
};
