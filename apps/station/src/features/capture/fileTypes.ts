import type { CaseBody } from "@lientuyen/record";

export type FileRole = CaseBody<"fileAdded">["role"];

export interface FileKind {
  readonly type: string;
  readonly role: FileRole;
}

const MiB = 1024 * 1024;

/** The largest file of each role that a station sends. */
export const limits: Record<FileRole, number> = {
  photo: 60 * MiB,
  document: 50 * MiB,
  video: 100 * MiB,
  voice: 30 * MiB,
};

/** What file choosers offer. */
export const accepted = {
  photo: "image/jpeg,image/png,image/webp",
  any: "image/jpeg,image/png,image/webp,application/pdf,video/mp4,video/webm,video/quicktime,audio/*",
} as const;

const starts = (bytes: Uint8Array, at: number, text: string): boolean =>
  [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));

/** Looks at the first bytes; a name or a claimed type proves nothing. `claimed` only tells sound from picture inside one container. */
export function sniff(head: Uint8Array, claimed: string): FileKind | undefined {
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff)
    return { type: "image/jpeg", role: "photo" };
  if (head[0] === 0x89 && starts(head, 1, "PNG")) return { type: "image/png", role: "photo" };
  if (starts(head, 0, "RIFF") && starts(head, 8, "WEBP"))
    return { type: "image/webp", role: "photo" };
  if (starts(head, 0, "RIFF") && starts(head, 8, "WAVE"))
    return { type: "audio/wav", role: "voice" };
  if (starts(head, 0, "%PDF-")) return { type: "application/pdf", role: "document" };
  if (starts(head, 0, "OggS")) return { type: "audio/ogg", role: "voice" };
  if (starts(head, 0, "ID3") || (head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2))
    return { type: "audio/mpeg", role: "voice" };
  if (head[0] === 0x1a && head[1] === 0x45 && head[2] === 0xdf && head[3] === 0xa3)
    return webm(claimed);
  if (starts(head, 4, "ftyp")) return boxed(head, claimed);
  return undefined;
}

function webm(claimed: string): FileKind {
  return claimed.startsWith("audio/")
    ? { type: "audio/webm", role: "voice" }
    : { type: "video/webm", role: "video" };
}

function boxed(head: Uint8Array, claimed: string): FileKind | undefined {
  // Pictures in this container (HEIC, AVIF) cannot be read by every browser of the far side.
  if (["heic", "heix", "hevc", "mif1", "msf1", "avif"].some((brand) => starts(head, 8, brand)))
    return undefined;
  if (starts(head, 8, "M4A") || claimed.startsWith("audio/"))
    return { type: "audio/mp4", role: "voice" };
  if (starts(head, 8, "qt")) return { type: "video/quicktime", role: "video" };
  return { type: "video/mp4", role: "video" };
}
