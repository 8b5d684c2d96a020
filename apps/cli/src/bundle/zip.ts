import { crc32, inflateRawSync } from "node:zlib";
import * as v from "valibot";

/** What is wrong with an archive before anything in it was read. */
export class ArchiveFault extends Error {}

/** One member as the zip's directory tells it. */
export interface ZipMember {
  readonly name: string;
  /** Bytes, unpacked. */
  readonly size: number;
  readonly method: number;
  readonly crc: number;
  /** Where its packed bytes lie. */
  readonly start: number;
  readonly end: number;
}

const end = { signature: 0x06054b50, bytes: 22 };
const central = { signature: 0x02014b50, bytes: 46 };
const local = { signature: 0x04034b50, bytes: 30 };
const descriptor = { signature: 0x08074b50, bytes: 16 };
/** Sizes and sum stand after the member's bytes. */
const describedAfter = 0x0008;
/** The name is UTF-8; it makes no difference to the names that a bundle has. */
const namedInUtf8 = 0x0800;
const methods: readonly number[] = [0, 8];

/**
 * The members of a zip of the one form that docs/verify.md tells: one after the other from the first byte,
 * then the directory, then its end, and nothing between, before or behind. Two readers of such a zip see the
 * same files, whatever they look at first.
 * @throws ArchiveFault
 */
export const membersOf = (bytes: Buffer): readonly ZipMember[] => {
  const { count, start, stop } = readEnd(bytes);
  const members: ZipMember[] = [];
  let at = start;
  let free = 0;
  for (let i = 0; i < count; i++) {
    const row = readRow(bytes, at, stop);
    const place = placeOf(bytes, row, free, start);
    const { name, size, method, crc } = row;
    members.push({ name, size, method, crc, start: place.start, end: place.end });
    at += central.bytes + name.length;
    free = place.free;
  }
  if (at !== stop || free !== start) throw new ArchiveFault("zip: more than its directory tells");
  return members;
};

const readEnd = (bytes: Buffer) => {
  const stop = bytes.length - end.bytes;
  if (stop < 0 || bytes.readUInt32LE(stop) !== end.signature) throw new ArchiveFault("zip");
  const [disks, count] = [bytes.readUInt32LE(stop + 4), bytes.readUInt16LE(stop + 8)];
  const [length, start] = [bytes.readUInt32LE(stop + 12), bytes.readUInt32LE(stop + 16)];
  const alone = disks === 0 && bytes.readUInt16LE(stop + 10) === count;
  const bare = bytes.readUInt16LE(stop + 20) === 0;
  if (!alone || !bare || start + length !== stop) throw new ArchiveFault("zip: its end");
  return { count, start, stop };
};

interface Row {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** One row of the directory: no extra fields, no comment, on this disk. */
const readRow = (bytes: Buffer, at: number, stop: number): Row => {
  if (at + central.bytes > stop || bytes.readUInt32LE(at) !== central.signature)
    throw new ArchiveFault("zip: its directory");
  const [flags, method] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10)];
  const nameEnd = at + central.bytes + bytes.readUInt16LE(at + 28);
  const more = bytes.readUInt32LE(at + 30) | bytes.readUInt16LE(at + 34);
  const known = (flags & ~(describedAfter | namedInUtf8)) === 0 && methods.includes(method);
  if (!known || more !== 0 || nameEnd > stop) throw new ArchiveFault("zip: its directory");
  return {
    name: bytes.toString("latin1", at + central.bytes, nameEnd),
    flags,
    method,
    crc: bytes.readUInt32LE(at + 16),
    packed: bytes.readUInt32LE(at + 20),
    size: bytes.readUInt32LE(at + 24),
    offset: bytes.readUInt32LE(at + 42),
  };
};

/** The member begins where the one before ended, and its own header says what the directory says. */
const placeOf = (bytes: Buffer, row: Row, free: number, limit: number) => {
  const described = (row.flags & describedAfter) !== 0;
  const start = free + local.bytes + row.name.length;
  const stop = start + row.packed;
  const after = described ? stop + descriptor.bytes : stop;
  const inside = row.offset === free && after <= limit;
  if (!inside || !isHeaderOf(bytes, row, described)) throw new ArchiveFault("zip: a member");
  if (described && !isDescribed(bytes, row, stop)) throw new ArchiveFault("zip: a member");
  return { start, end: stop, free: after };
};

const isHeaderOf = (bytes: Buffer, row: Row, described: boolean): boolean => {
  const at = row.offset;
  const nameAt = at + local.bytes;
  const sums = [row.crc, row.packed, row.size].map((value) => (described ? 0 : value));
  return (
    bytes.readUInt32LE(at) === local.signature &&
    bytes.readUInt16LE(at + 6) === row.flags &&
    bytes.readUInt16LE(at + 8) === row.method &&
    sums.every((value, i) => bytes.readUInt32LE(at + 14 + 4 * i) === value) &&
    bytes.readUInt16LE(at + 26) === row.name.length &&
    bytes.readUInt16LE(at + 28) === 0 &&
    bytes.toString("latin1", nameAt, nameAt + row.name.length) === row.name
  );
};

const isDescribed = (bytes: Buffer, { crc, packed, size }: Row, at: number): boolean =>
  [descriptor.signature, crc, packed, size].every(
    (value, i) => bytes.readUInt32LE(at + 4 * i) === value,
  );

const Inflated = v.object({
  buffer: v.instance(Buffer),
  engine: v.object({ bytesWritten: v.number() }),
});

/**
 * The member's content, in memory and never more bytes than the directory tells.
 * @throws ArchiveFault where it has another size or sum, or its deflate stream ends elsewhere than it does
 */
export const unpack = (bytes: Buffer, member: ZipMember): Buffer => {
  const packed = bytes.subarray(member.start, member.end);
  const content = member.method === 0 ? packed : inflate(packed, member.size);
  if (content.length !== member.size || crc32(content) !== member.crc)
    throw new ArchiveFault(member.name);
  return content;
};

const inflate = (packed: Buffer, size: number): Buffer => {
  try {
    const options = { maxOutputLength: Math.max(size, 1), info: true };
    const { buffer, engine } = v.parse(Inflated, inflateRawSync(packed, options));
    if (engine.bytesWritten === packed.length) return buffer;
  } catch {
    // Said below: broken, cut, or larger than it said.
  }
  throw new ArchiveFault("zip: deflate");
};
