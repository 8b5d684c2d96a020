import { describe, expect, test } from "vitest";
import { withoutPosition } from "./withoutPosition.ts";

const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const segment = (marker: number, body: readonly number[]) => [
  0xff,
  marker,
  (body.length + 2) >> 8,
  (body.length + 2) & 255,
  ...body,
];
/** Exif with an orientation and a GPS pointer, as phones write it. */
const exif = (turn: number) => [
  ...ascii("Exif"),
  0,
  0,
  0x4d,
  0x4d,
  0,
  42,
  0,
  0,
  0,
  8,
  0,
  2,
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
  0x88,
  0x25,
  0,
  4,
  0,
  0,
  0,
  1,
  0,
  0,
  0,
  60,
  0,
  0,
  0,
  0,
  ...ascii("GPS 22.6N 102.3E"),
];
const scan = [...segment(0xda, [1, 2, 3]), 0x11, 0xff, 0x00, 0x22, 0xff, 0xd9];
const jpeg = (turn: number, tail: readonly number[] = []) =>
  new Uint8Array([
    0xff,
    0xd8,
    ...segment(0xe0, ascii("JFIF\0")),
    ...segment(0xe1, exif(turn)),
    ...segment(0xe2, ascii("ICC_PROFILE\0x")),
    ...segment(0xed, ascii("Photoshop IPTC")),
    ...segment(0xfe, ascii("a comment")),
    ...segment(0xdb, [0, 1]),
    ...scan,
    ...tail,
  ]);
const textOf = (bytes: Uint8Array | undefined) =>
  bytes === undefined ? "" : String.fromCharCode(...bytes);

describe("JPEG", () => {
  test("position, maker and comment are gone, picture bytes are the same", () => {
    const clean = withoutPosition(jpeg(1), "image/jpeg");
    expect(textOf(clean)).not.toMatch(/GPS|Exif|IPTC|comment/);
    expect(textOf(clean)).toContain("JFIF");
    expect(textOf(clean)).toContain("ICC_PROFILE");
    expect([...(clean ?? [])].slice(-scan.length)).toEqual(scan);
  });
  test("which side is up is kept, and nothing else of the Exif", () => {
    const clean = withoutPosition(jpeg(6), "image/jpeg");
    expect(textOf(clean)).toContain("Exif");
    expect(textOf(clean)).not.toContain("GPS");
    expect(textOf(withoutPosition(clean ?? new Uint8Array(), "image/jpeg"))).toBe(textOf(clean));
  });
  test("a second picture appended by the phone goes with its Exif", () => {
    expect(textOf(withoutPosition(jpeg(1, [...jpeg(1)]), "image/jpeg"))).not.toContain("GPS");
  });
  test("a broken file is not given back", () => {
    expect(withoutPosition(jpeg(1).slice(0, 40), "image/jpeg")).toBeUndefined();
    expect(withoutPosition(new Uint8Array(), "image/jpeg")).toBeUndefined();
  });
});

const chunk = (kind: string, body: readonly number[]) => [
  0,
  0,
  0,
  body.length,
  ...ascii(kind),
  ...body,
  0,
  0,
  0,
  0,
];
test("PNG: text and Exif chunks go", () => {
  const png = new Uint8Array([
    0x89,
    ...ascii("PNG\r\n"),
    0x1a,
    0x0a,
    ...chunk("IHDR", [1]),
    ...chunk("eXIf", ascii("GPS")),
    ...chunk("tEXt", ascii("where")),
    ...chunk("IDAT", [7]),
    ...chunk("IEND", []),
  ]);
  const clean = textOf(withoutPosition(png, "image/png"));
  expect(clean).not.toMatch(/GPS|where/);
  expect(clean).toContain("IDAT");
});

const box = (kind: string, body: readonly number[]) => [
  0,
  0,
  0,
  body.length + 8,
  ...ascii(kind),
  ...body,
];
test("MP4: place in udta and meta is blanked, every offset stays", () => {
  const film = new Uint8Array([
    ...box("ftyp", ascii("isom")),
    ...box("moov", [
      ...box("mvhd", [1]),
      ...box("udta", ascii("+22.6+102.3/")),
      ...box("trak", box("meta", ascii("ISO6709"))),
    ]),
    ...box("mdat", ascii("picture")),
  ]);
  const clean = withoutPosition(film, "video/mp4");
  expect(clean?.length).toBe(film.length);
  expect(textOf(clean)).not.toMatch(/22\.6|ISO6709/);
  expect(textOf(clean)).toContain("picture");
});
