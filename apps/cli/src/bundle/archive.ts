import { open } from "node:fs/promises";
import { unzipSync, Zip, ZipDeflate, ZipPassThrough, type UnzipFileInfo } from "fflate";
import { hashOfName, indexName } from "./format.ts";

/** Plain zip ends at 4 GB and Node's buffers at 2; a case is far below. */
export const mostArchiveBytes = 2_000_000_000;
const mostIndexBytes = 200_000_000;
/** What the server takes as one file. */
const mostFileBytes = 200_000_000;
const mostFiles = 10_000;

/** What is wrong with an archive before anything in it was read. */
export class ArchiveFault extends Error {}

export interface Archive {
  /** Hashes that files are named by. */
  readonly files: readonly string[];
  /** One member in memory, never more bytes than it said of itself. */
  readonly read: (name: string) => Uint8Array<ArrayBuffer>;
}

/**
 * Looks through a zip without unpacking: only the names that a bundle has, each once, none larger than it may
 * be. Nothing is ever written to a disk, so that no name leads anywhere.
 */
export const openArchive = (bytes: Uint8Array): Archive => {
  const names = new Set<string>();
  unpack(bytes, (member) => {
    checkMember(member, names);
    names.add(member.name);
    return false;
  });
  if (!names.has(indexName)) throw new ArchiveFault(indexName);
  return {
    files: [...names].flatMap((name) => hashOfName(name) ?? []),
    read: (wanted) => {
      const content = unpack(bytes, ({ name }) => name === wanted)[wanted];
      if (content === undefined) throw new ArchiveFault(wanted);
      return new Uint8Array(content);
    },
  };
};

const checkMember = ({ name, originalSize }: UnzipFileInfo, names: ReadonlySet<string>): void => {
  const most = name === indexName ? mostIndexBytes : mostFileBytes;
  const known = name === indexName || hashOfName(name) !== undefined;
  const sound = known && !names.has(name) && originalSize <= most && names.size <= mostFiles;
  if (!sound) throw new ArchiveFault(JSON.stringify(name.slice(0, 100)));
};

const unpack = (bytes: Uint8Array, filter: (member: UnzipFileInfo) => boolean) => {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof ArchiveFault) throw error;
    // The library's own errors, and what it runs into where lengths lie.
    throw new ArchiveFault(error instanceof Error ? error.message : "zip");
  }
};

export interface Member {
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
  /** Text is; pictures are squeezed already. */
  readonly squeeze: boolean;
}

/** Writes a new zip piece by piece, readable by its owner alone; a file that is there stays (`EEXIST`). */
export const writeArchive = async (file: string, members: readonly Member[]): Promise<void> => {
  const handle = await open(file, "wx", 0o600);
  try {
    const made: Uint8Array[] = [];
    const zip = new Zip((error, piece) => {
      if (error !== null) throw error;
      made.push(piece);
    });
    const drain = async (): Promise<void> => {
      for (const piece of made.splice(0)) await handle.writeFile(piece);
    };
    for (const { name, content, squeeze } of members) {
      const member = squeeze ? new ZipDeflate(name, { level: 6 }) : new ZipPassThrough(name);
      zip.add(member);
      for await (const piece of content) {
        member.push(piece);
        await drain();
      }
      member.push(new Uint8Array(0), true);
      await drain();
    }
    zip.end();
    await drain();
    await handle.sync();
  } finally {
    await handle.close();
  }
};
