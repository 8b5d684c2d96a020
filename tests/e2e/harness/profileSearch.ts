import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync, inflateRawSync } from "node:zlib";

/**
 * Looks for words in everything that a browser profile holds on disk: raw, and after undoing LevelDB's blocks
 * (Snappy), the fragments of its write-ahead log, and gzip. Each word is looked for in UTF-8 and in UTF-16.
 */
export async function filesHolding(
  folder: string,
  words: readonly string[],
): Promise<readonly string[]> {
  const needles = words.flatMap((word) => [
    Buffer.from(word, "utf8"),
    Buffer.from(word, "utf16le"),
    Buffer.from(word, "utf16le").swap16(),
    Buffer.from(word.normalize("NFD"), "utf8"),
  ]);
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const name of names) {
    if (!name.isFile()) continue;
    const path = join(name.parentPath, name.name);
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    if (layersOf(content).some((layer) => needles.some((needle) => layer.includes(needle))))
      found.push(path.slice(folder.length + 1));
  }
  return found;
}

/** The content as it lies there, and what can be read out of it. */
function layersOf(content: Buffer): readonly Buffer[] {
  const unpacked = [...tableBlocks(content), logRecords(content)];
  return [content, ...unpacked, ...[content, ...unpacked].flatMap(gzipMembers), ...brotli(content)];
}

// ------------------------------------------------------------ LevelDB tables (.ldb)

const tableMagic = Buffer.from("57fb808b247547db", "hex");
const footerLength = 48;

function tableBlocks(content: Buffer): readonly Buffer[] {
  if (content.length < footerLength || !content.subarray(-8).equals(tableMagic)) return [];
  const footer = content.subarray(-footerLength);
  const [metaOffset, a] = varint(footer, 0);
  const [, b] = varint(footer, a);
  const [indexOffset, c] = varint(footer, b);
  const [indexSize] = varint(footer, c);
  void metaOffset;
  const index = block(content, indexOffset, indexSize);
  return handlesIn(index).map(([offset, size]) => block(content, offset, size));
}

/** A block and its trailer: one byte says whether it is compressed. */
function block(content: Buffer, offset: number, size: number): Buffer {
  const bytes = content.subarray(offset, offset + size);
  return content[offset + size] === 1 ? unsnappy(bytes) : bytes;
}

/** Values of an index block: offset and size of each data block. */
function handlesIn(index: Buffer): readonly (readonly [number, number])[] {
  const restarts = index.readUInt32LE(index.length - 4);
  const end = index.length - 4 - restarts * 4;
  const handles: [number, number][] = [];
  for (let at = 0; at < end;) {
    const [, afterShared] = varint(index, at);
    const [unshared, afterUnshared] = varint(index, afterShared);
    const [valueLength, afterLength] = varint(index, afterUnshared);
    const value = afterLength + unshared;
    const [offset, next] = varint(index, value);
    const [size] = varint(index, next);
    handles.push([offset, size]);
    at = value + valueLength;
  }
  return handles;
}

function varint(bytes: Buffer, from: number): readonly [value: number, next: number] {
  let value = 0;
  for (let at = from, scale = 1; ; at++, scale *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * scale;
    if (byte < 128) return [value, at + 1];
  }
}

function unsnappy(packed: Buffer): Buffer {
  const [length, start] = varint(packed, 0);
  const out = Buffer.alloc(length);
  let to = 0;
  for (let at = start; at < packed.length;) {
    const tag = packed[at] ?? 0;
    const kind = tag & 3;
    if (kind === 0) {
      const extra = Math.max(0, (tag >> 2) - 59);
      const size = (extra === 0 ? tag >> 2 : packed.readUIntLE(at + 1, extra)) + 1;
      packed.copy(out, to, at + 1 + extra, at + 1 + extra + size);
      to += size;
      at += 1 + extra + size;
      continue;
    }
    const size = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const width = kind === 1 ? 1 : kind === 2 ? 2 : 4;
    const low = packed.readUIntLE(at + 1, width);
    const back = kind === 1 ? ((tag >> 5) << 8) | low : low;
    for (let i = 0; i < size; i++, to++) out[to] = out[to - back] ?? 0;
    at += 1 + width;
  }
  return out;
}

// ------------------------------------------------------------ LevelDB write-ahead logs (.log)

const logBlock = 32_768;

/** Every record whole: long ones are cut at blocks of 32 KB, with seven bytes of header between the parts. */
function logRecords(content: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let base = 0; base < content.length; base += logBlock) {
    const end = Math.min(base + logBlock, content.length);
    for (let at = base; at + 7 <= end;) {
      const length = content.readUInt16LE(at + 4);
      const type = content[at + 6] ?? 0;
      if (type < 1 || type > 4 || at + 7 + length > end) break;
      parts.push(content.subarray(at + 7, at + 7 + length));
      at += 7 + length;
    }
  }
  return Buffer.concat(parts);
}

// ------------------------------------------------------------ gzip and brotli

const gzipHead = Buffer.from([0x1f, 0x8b, 0x08]);

function gzipMembers(content: Buffer): readonly Buffer[] {
  const out: Buffer[] = [];
  for (let at = content.indexOf(gzipHead); at !== -1; at = content.indexOf(gzipHead, at + 1)) {
    try {
      out.push(gunzipSync(content.subarray(at), { finishFlush: 2, maxOutputLength: 50_000_000 }));
    } catch {
      try {
        out.push(inflateRawSync(content.subarray(at + 10), { finishFlush: 2 }));
      } catch {
        // three bytes that look like one
      }
    }
  }
  return out;
}

/** The HTTP cache keeps answers as they came. */
function brotli(content: Buffer): readonly Buffer[] {
  try {
    return [brotliDecompressSync(content, { finishFlush: 1, maxOutputLength: 50_000_000 })];
  } catch {
    return [];
  }
}
