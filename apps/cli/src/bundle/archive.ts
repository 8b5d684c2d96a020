import { open } from "node:fs/promises";
import { Zip, ZipDeflate, ZipPassThrough } from "fflate";
import { hashOfName, indexName } from "./format.ts";
import { ArchiveFault, membersOf, unpack, type ZipMember } from "./zip.ts";

/** Plain zip ends at 4 GB and Node's buffers at 2; a case is far below. */
export const mostArchiveBytes = 2_000_000_000;
const mostIndexBytes = 200_000_000;
/** What the server takes as one file. */
const mostFileBytes = 200_000_000;
const mostFiles = 10_000;

export interface Archive {
  /** Hashes that files are named by. */
  readonly files: readonly string[];
  /** One member in memory, never more bytes than it said of itself; throws ArchiveFault. */
  readonly read: (name: string) => Uint8Array<ArrayBuffer>;
}

/**
 * Looks through a zip without unpacking: only the names that a bundle has, each once, none larger than it may
 * be. Nothing is ever written to a disk, so that no name leads anywhere.
 * @throws ArchiveFault
 */
export const openArchive = (bytes: Uint8Array): Archive => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const members = new Map<string, ZipMember>();
  let total = 0;
  for (const member of membersOf(view)) {
    total += member.size;
    checkMember(member, members, total);
    members.set(member.name, member);
  }
  if (!members.has(indexName)) throw new ArchiveFault(indexName);
  return {
    files: [...members.keys()].flatMap((name) => hashOfName(name) ?? []),
    read: (name) => {
      const member = members.get(name);
      if (member === undefined) throw new ArchiveFault(name);
      return new Uint8Array(unpack(view, member));
    },
  };
};

const checkMember = (
  { name, size }: ZipMember,
  before: ReadonlyMap<string, ZipMember>,
  total: number,
): void => {
  const most = name === indexName ? mostIndexBytes : mostFileBytes;
  const known = name === indexName || hashOfName(name) !== undefined;
  const few = before.size <= mostFiles && total <= mostArchiveBytes;
  if (!known || before.has(name) || size > most || !few)
    throw new ArchiveFault(JSON.stringify(name.slice(0, 100)));
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
