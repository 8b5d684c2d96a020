/**
 * Takes what a camera wrote about place, device and owner out of a file, without touching one picture byte:
 * only whole segments are left out. What can't be read as its format is given back as undefined
 * and must not leave the device.
 */
export function withoutPosition(
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
): Uint8Array<ArrayBuffer> | undefined {
  switch (type) {
    case "image/jpeg":
      return cleanJpeg(bytes);
    case "image/png":
      return cleanPng(bytes);
    case "image/webp":
      return cleanWebp(bytes);
    case "video/mp4":
    case "video/quicktime":
    case "audio/mp4":
      return cleanBoxes(bytes);
    default:
      return bytes;
  }
}

type Bytes = Uint8Array<ArrayBuffer>;

function join(parts: readonly Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const name = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));

// ------------------------------------------------------------------------------------------- JPEG

/** APP1 (Exif, XMP), APP3–APP13 and APP15 (makers', IPTC) and comments go; APP0, colour profile (APP2) and Adobe (APP14) stay. */
function cleanJpeg(bytes: Bytes): Bytes | undefined {
  const data = view(bytes);
  if (bytes.length < 4 || data.getUint16(0) !== 0xffd8) return undefined;
  const kept: Uint8Array[] = [bytes.subarray(0, 2)];
  let turn = 1;
  let at = 2;
  while (at + 4 <= bytes.length) {
    const marker = data.getUint16(at);
    if (marker === 0xffff) {
      at += 1; // fill byte
      continue;
    }
    if (marker === 0xffda) return join(withTurn(kept, turn, scans(bytes, at)));
    const end = at + 2 + data.getUint16(at + 2);
    if (marker < 0xff01 || end > bytes.length || end < at + 4) return undefined;
    const segment = bytes.subarray(at, end);
    if (marker === 0xffe1) turn = orientationOf(segment) ?? turn;
    else if (keepsSegment(marker, segment)) kept.push(segment);
    at = end;
  }
  return undefined;
}

function keepsSegment(marker: number, segment: Uint8Array): boolean {
  if (marker === 0xfffe) return false;
  if (marker < 0xffe0 || marker > 0xffef) return true;
  // APP2 also carries lists of further pictures (MPF) with Exif of their own.
  if (marker === 0xffe2) return name(segment, 4) === "ICC_";
  return marker === 0xffe0 || marker === 0xffee;
}

/** The picture's own data up to its end mark; phones append whole further pictures with their Exif behind it. */
function scans(bytes: Bytes, from: number): Uint8Array {
  for (let at = from + 2; at + 1 < bytes.length; at++) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return bytes.subarray(from, at + 2);
  }
  return bytes.subarray(from);
}

function withTurn(
  kept: readonly Uint8Array[],
  turn: number,
  scan: Uint8Array,
): readonly Uint8Array[] {
  const [start, ...rest] = kept;
  return start === undefined || turn === 1
    ? [...kept, scan]
    : [start, turnSegment(turn), ...rest, scan];
}

/** Exif that says nothing but which side is up. */
function turnSegment(turn: number): Uint8Array {
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0];
  const tiff = [
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    0x01,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    turn,
    0,
    0,
    0,
    0,
    0,
    0,
  ];
  return new Uint8Array([0xff, 0xe1, 0, 2 + exif.length + tiff.length, ...exif, ...tiff]);
}

/** Tag 0x0112 of the first directory. */
function orientationOf(segment: Uint8Array): number | undefined {
  if (name(segment, 4) !== "Exif" || segment.length < 20) return undefined;
  const tiff = view(segment.subarray(10));
  const little = tiff.getUint16(0) === 0x4949;
  const first = tiff.getUint32(4, little);
  if (first + 2 > tiff.byteLength) return undefined;
  const count = tiff.getUint16(first, little);
  for (let row = 0; row < count; row++) {
    const at = first + 2 + row * 12;
    if (at + 12 > tiff.byteLength) return undefined;
    if (tiff.getUint16(at, little) !== 0x0112) continue;
    const turn = tiff.getUint16(at + 8, little);
    return turn >= 1 && turn <= 8 ? turn : undefined;
  }
  return undefined;
}

// ------------------------------------------------------------------------------------------- PNG

const pngTold = new Set(["eXIf", "tEXt", "zTXt", "iTXt", "tIME"]);

function cleanPng(bytes: Bytes): Bytes | undefined {
  const data = view(bytes);
  const kept: Uint8Array[] = [bytes.subarray(0, 8)];
  let at = 8;
  while (at + 12 <= bytes.length) {
    const end = at + 12 + data.getUint32(at);
    if (end > bytes.length) return undefined;
    const chunk = name(bytes, at + 4);
    if (!pngTold.has(chunk)) kept.push(bytes.subarray(at, end));
    if (chunk === "IEND") return join(kept);
    at = end;
  }
  return undefined;
}

// ------------------------------------------------------------------------------------------- WebP

function cleanWebp(bytes: Bytes): Bytes | undefined {
  const data = view(bytes);
  const kept: Uint8Array[] = [bytes.slice(0, 12)];
  let at = 12;
  while (at + 8 <= bytes.length) {
    const size = data.getUint32(at + 4, true);
    const end = at + 8 + size + (size % 2);
    if (end > bytes.length + 1) return undefined;
    const chunk = name(bytes, at);
    if (chunk === "VP8X") {
      const head = bytes.slice(at, end);
      head[8] = (head[8] ?? 0) & ~0b0000_1100; // no Exif, no XMP
      kept.push(head);
    } else if (chunk !== "EXIF" && chunk !== "XMP ") kept.push(bytes.subarray(at, end));
    at = end;
  }
  const out = join(kept);
  view(out).setUint32(4, out.length - 8, true);
  return out;
}

// ------------------------------------------------------------------------------------------- MP4, MOV, M4A

/** `udta` and `meta` of the film hold place and device: renamed to `free` and zeroed, so that no offset inside the film moves. */
function cleanBoxes(bytes: Bytes): Bytes | undefined {
  const out = bytes.slice();
  return cleanLevel(out, 0, out.length, false) ? out : undefined;
}

function cleanLevel(out: Bytes, from: number, to: number, inFilm: boolean): boolean {
  const data = view(out);
  let at = from;
  while (at + 8 <= to) {
    const short = data.getUint32(at);
    const headBytes = short === 1 ? 16 : 8;
    const size = short === 1 ? Number(data.getBigUint64(at + 8)) : short === 0 ? to - at : short;
    if (size < headBytes || at + size > to) return false;
    const box = name(out, at + 4);
    if (box === "udta" || box === "meta" || (box === "uuid" && !inFilm)) {
      out.set([0x66, 0x72, 0x65, 0x65], at + 4);
      out.fill(0, at + headBytes, at + size);
    } else if (box === "moov" || box === "trak") {
      if (!cleanLevel(out, at + headBytes, at + size, true)) return false;
    }
    at += size;
  }
  return true;
}
