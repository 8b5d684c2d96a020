import { crc32, deflateRawSync } from "node:zlib";

export interface ZipMember {
  readonly name: string;
  readonly content: Uint8Array;
  readonly squeeze: boolean;
  /** Sum and sizes follow the content. */
  readonly described: boolean;
}

/** What may be written otherwise than it is: each on the member of that place in the list. */
export interface ZipTrick {
  readonly member: number;
  /** Header fields as the directory, the member's own header and its descriptor tell them. */
  readonly central?: Partial<Fields>;
  readonly local?: Partial<Fields>;
  readonly descriptor?: Partial<Fields>;
  /** Other packed bytes than those of the content. */
  readonly repack?: (packed: Buffer) => Buffer;
  /** Bytes that nothing tells of, before the member. */
  readonly before?: Buffer;
  /** Bytes behind the directory's row: extra field and comment, with their lengths told. */
  readonly centralExtra?: Buffer;
  readonly comment?: Buffer;
  readonly localExtra?: Buffer;
}

interface Fields {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly name: string;
  readonly offset: number;
  readonly disk: number;
  readonly signature: number;
}

const numbers = (...fields: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer =>
  Buffer.concat(
    fields.map(([bytes, value]) => {
      const field = Buffer.alloc(bytes);
      field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );

const localOf = (fields: Fields, extra: Buffer): Buffer =>
  Buffer.concat([
    numbers([4, fields.signature], [2, 20], [2, fields.flags], [2, fields.method], [4, 0]),
    numbers([4, fields.crc], [4, fields.packed], [4, fields.size]),
    numbers([2, Buffer.byteLength(fields.name, "latin1")], [2, extra.length]),
    Buffer.from(fields.name, "latin1"),
    extra,
  ]);

const centralOf = (fields: Fields, extra: Buffer, comment: Buffer): Buffer =>
  Buffer.concat([
    numbers([4, 0x02014b50], [2, 20], [2, 20], [2, fields.flags], [2, fields.method], [4, 0]),
    numbers([4, fields.crc], [4, fields.packed], [4, fields.size]),
    numbers([2, Buffer.byteLength(fields.name, "latin1")], [2, extra.length], [2, comment.length]),
    numbers([2, fields.disk], [2, 0], [4, 0], [4, fields.offset]),
    Buffer.from(fields.name, "latin1"),
    extra,
    comment,
  ]);

const none = Buffer.alloc(0);

/** A zip of these members, one after the other, with the tricks that are asked for. */
export const writeZip = (
  members: readonly ZipMember[],
  tricks: readonly ZipTrick[] = [],
): Buffer => {
  const pieces: Buffer[] = [];
  const rows: Buffer[] = [];
  let at = 0;
  const put = (piece: Buffer): void => {
    pieces.push(piece);
    at += piece.length;
  };
  members.forEach(({ name, content, squeeze, described }, place) => {
    const trick = tricks.find(({ member }) => member === place);
    put(trick?.before ?? none);
    const plain = squeeze ? deflateRawSync(content) : Buffer.from(content);
    const packed = trick?.repack?.(plain) ?? plain;
    const fields: Fields = {
      flags: described ? 8 : 0,
      method: squeeze ? 8 : 0,
      crc: crc32(content),
      packed: packed.length,
      size: content.length,
      name,
      offset: at,
      disk: 0,
      signature: 0x04034b50,
    };
    const sums = described ? { crc: 0, packed: 0, size: 0 } : {};
    put(localOf({ ...fields, ...sums, ...trick?.local }, trick?.localExtra ?? none));
    put(packed);
    const after = { ...fields, signature: 0x08074b50, ...trick?.descriptor };
    if (described)
      put(numbers([4, after.signature], [4, after.crc], [4, after.packed], [4, after.size]));
    const { centralExtra = none, comment = none } = trick ?? {};
    rows.push(centralOf({ ...fields, ...trick?.central }, centralExtra, comment));
  });
  const directory = Buffer.concat(rows);
  const start = at;
  const end = numbers(
    ...([
      [4, 0x06054b50],
      [4, 0],
      [2, rows.length],
      [2, rows.length],
    ] as const),
    ...([
      [4, directory.length],
      [4, start],
      [2, 0],
    ] as const),
  );
  return Buffer.concat([...pieces, directory, end]);
};
