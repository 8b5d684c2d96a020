/** RFC 3533's checksum: polynomial 0x04c11db7, from zero, not reflected. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++)
    value = (value & 0x80000000) === 0 ? value << 1 : (value << 1) ^ 0x04c11db7;
  return value >>> 0;
});
const checksum = (bytes: Uint8Array): number => {
  let value = 0;
  for (const byte of bytes) value = ((value << 8) ^ (table[(value >>> 24) ^ byte] ?? 0)) >>> 0;
  return value;
};

const page = (
  packets: readonly Uint8Array[],
  granule: bigint,
  n: number,
  flags: number,
): Uint8Array => {
  const laces = packets.flatMap(({ length }) => [
    ...Array.from({ length: Math.floor(length / 255) }, () => 255),
    length % 255,
  ]);
  const head = Buffer.alloc(27);
  head.write("OggS");
  head.writeUInt8(flags, 5);
  head.writeBigInt64LE(granule, 6);
  head.writeUInt32LE(1, 14); // the one stream of the file
  head.writeUInt32LE(n, 18);
  head.writeUInt8(laces.length, 26);
  const whole = Buffer.concat([head, Buffer.from(laces), ...packets]);
  whole.writeUInt32LE(checksum(whole), 22);
  return whole;
};

/** At 48 kHz, of the encoder's own delay; players leave them out. */
const preSkip = 312;
const opusHead = (inputRate: number): Uint8Array => {
  const head = Buffer.alloc(19);
  head.write("OpusHead");
  head.writeUInt8(1, 8);
  head.writeUInt8(1, 9); // one channel
  head.writeUInt16LE(preSkip, 10);
  head.writeUInt32LE(inputRate, 12);
  return head;
};
const opusTags = (): Uint8Array => {
  const vendor = Buffer.from("lientuyen");
  const tags = Buffer.alloc(8 + 4 + vendor.length + 4);
  tags.write("OpusTags");
  tags.writeUInt32LE(vendor.length, 8);
  vendor.copy(tags, 12);
  return tags;
};

export interface OggWriter {
  /** A packet of 20 ms; at times the bytes of a page come of it. */
  readonly add: (packet: Uint8Array) => Uint8Array | undefined;
  /** The last page. */
  readonly end: () => Uint8Array;
}

/** A page a second: where a player may begin. */
const packetsPerPage = 50;
const granulesPerPacket = 960n;

/** Opus in Ogg (RFC 7845), one channel, packets of 20 ms. `head` is the beginning of the file. */
export const writeOgg = (inputRate: number): OggWriter & { readonly head: Uint8Array } => {
  const head = Buffer.concat([page([opusHead(inputRate)], 0n, 0, 2), page([opusTags()], 0n, 1, 0)]);
  let n = 2;
  let granule = 0n;
  let waiting: Uint8Array[] = [];
  const flush = (flags: number): Uint8Array => {
    const bytes = page(waiting, granule, n++, flags);
    waiting = [];
    return bytes;
  };
  return {
    head,
    add: (packet) => {
      waiting.push(packet);
      granule += granulesPerPacket;
      return waiting.length < packetsPerPage ? undefined : flush(0);
    },
    end: () => flush(4),
  };
};
