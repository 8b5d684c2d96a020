import type { Bytes } from "@lientuyen/record";
import sharp from "sharp";
import type { Motif } from "./plot.ts";
import { numbersFrom } from "./random.ts";

const width = 640;
const height = 480;

/** Drawn, not photographed: nobody's skin. */
const drawings: Readonly<Record<Motif, (next: () => number) => string>> = {
  skin: (next) =>
    `<rect width="640" height="480" fill="#d8a888"/>${spots(next, 26, "#b4483c", 6, 26)}`,
  wound: (next) =>
    `<rect width="640" height="480" fill="#cf9c7c"/><path d="${waves(next, 240, 40, 60)}" stroke="#7a1620" stroke-width="14" fill="none" stroke-linecap="round"/>${spots(next, 8, "#8a3a34", 4, 12)}`,
  film: (next) =>
    `<rect width="640" height="480" fill="#0d0f12"/>${ribs()}${spots(next, 5, "#9aa3ad", 10, 34)}`,
  trace: (next) =>
    `<rect width="640" height="480" fill="#fff4f2"/>${grid()}<path d="${beats(next)}" stroke="#151515" stroke-width="2.5" fill="none"/>`,
  paper: (next) => `<rect width="640" height="480" fill="#f6f4ee"/>${lines(next)}`,
};

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

const spots = (
  next: () => number,
  count: number,
  colour: string,
  least: number,
  most: number,
): string =>
  range(count)
    .map(
      () =>
        `<ellipse cx="${120 + next() * 400}" cy="${90 + next() * 300}" rx="${least + next() * (most - least)}" ry="${least + next() * (most - least)}" fill="${colour}" opacity="${0.35 + next() * 0.4}"/>`,
    )
    .join("");

const waves = (next: () => number, middle: number, height_: number, step: number): string =>
  range(8)
    .map((i) => `${i === 0 ? "M" : "L"}${100 + i * step} ${middle + (next() - 0.5) * height_}`)
    .join(" ");

const ribs = (): string =>
  range(7)
    .map(
      (i) =>
        `<path d="M320 ${90 + i * 46} q-120 -40 -210 30 M320 ${90 + i * 46} q120 -40 210 30" stroke="#5b636d" stroke-width="12" fill="none" opacity="0.7"/>`,
    )
    .join("");

const grid = (): string =>
  [
    ...range(33).map((i) => `<path d="M${i * 20} 0V480" stroke="#f0b9b2"/>`),
    ...range(25).map((i) => `<path d="M0 ${i * 20}H640" stroke="#f0b9b2"/>`),
  ].join("");

const beats = (next: () => number): string => {
  const rows = [120, 240, 360].map(
    (base) =>
      `M20 ${base}` +
      range(7)
        .map(
          () => ` h${18 + next() * 10} q8 -14 16 0 h8 l5 10 l8 -70 l8 84 l6 -24 h12 q12 -22 24 0`,
        )
        .join(""),
  );
  return rows.join(" ");
};

const lines = (next: () => number): string =>
  range(14)
    .map(
      (i) =>
        `<rect x="70" y="${60 + i * 26}" width="${240 + next() * 260}" height="7" fill="#5a5a5a" opacity="0.6"/>`,
    )
    .join("");

export interface Picture {
  readonly content: Bytes;
  readonly width: number;
  readonly height: number;
}

/** A small JPEG that follows from its motif and words. */
export const drawPicture = async (motif: Motif, words: string): Promise<Picture> => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawings[motif](numbersFrom(words))}</svg>`;
  const content = await sharp(Buffer.from(svg)).jpeg({ quality: 72 }).toBuffer();
  return { content: new Uint8Array(content), width, height };
};
