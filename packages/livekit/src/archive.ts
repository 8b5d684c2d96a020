import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { engineVersion } from "./binary.ts";

export interface Archive {
  readonly url: string;
  /** Of the archive, hex; anything else is thrown away. */
  readonly sha256: string;
}

const release = `https://github.com/livekit/livekit/releases/download/v${engineVersion}/livekit_${engineVersion}`;
/** The release's own checksums. */
const archives: Readonly<Record<string, Archive>> = {
  "linux-x64": {
    url: `${release}_linux_amd64.tar.gz`,
    sha256: "c020fac437b7cc9b776eef1ad5ea8af77be9acfa07602eca20a3a44930dfbc70",
  },
  "linux-arm64": {
    url: `${release}_linux_arm64.tar.gz`,
    sha256: "332015305518765fe05bad74fc3a9d9583e635e7dd130de3c4fc563d69c550f3",
  },
};

/** The release for this machine; undefined where there is none. */
export const archiveHere = (): Archive | undefined =>
  archives[`${process.platform}-${process.arch}`];

const block = 512;
const textAt = (tar: Buffer, start: number, length: number): string =>
  tar.toString("utf8", start, start + length).split("\0")[0] ?? "";

/** One file out of a tar: a header of 512 bytes (name at 0, size in octal at 124), then its content in blocks. */
const fileOf = (tar: Buffer, wanted: string): Buffer | undefined => {
  for (let at = 0; at + block <= tar.length;) {
    const size = Number.parseInt(textAt(tar, at + 124, 12).trim() || "0", 8);
    if (!Number.isSafeInteger(size)) return undefined;
    const start = at + block;
    if (textAt(tar, at, 100).replace(/^\.\//, "") === wanted)
      return tar.subarray(start, start + size);
    at = start + Math.ceil(size / block) * block;
  }
  return undefined;
};

/**
 * Fetches the release and takes the program out of it.
 * @throws Error where it cannot be reached, is another file than the one that is pinned, or holds no such program
 */
export const fetchEngine = async (archive: Archive, signal: AbortSignal): Promise<Buffer> => {
  const answer = await fetch(archive.url, { signal });
  if (!answer.ok) throw new Error(`${archive.url}: ${answer.status}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== archive.sha256)
    throw new Error(`${archive.url}: SHA-256 ${found} is not the pinned one`);
  const program = fileOf(gunzipSync(bytes), "livekit-server");
  if (program === undefined) throw new Error(`${archive.url}: no livekit-server in it`);
  return program;
};
