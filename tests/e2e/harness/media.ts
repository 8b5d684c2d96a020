import { randomBytes } from "node:crypto";
import sharp from "sharp";

export interface TestFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A photograph as a camera makes one: noise that does not compress, EXIF with a position where asked. */
export async function makePhoto(
  name: string,
  options: {
    readonly width?: number;
    readonly height?: number;
    readonly quality?: number;
    readonly position?: boolean;
  } = {},
): Promise<TestFile> {
  const width = options.width ?? 1200;
  const height = options.height ?? 900;
  let image = sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } }).jpeg({
    quality: options.quality ?? 60,
  });
  if (options.position === true)
    image = image.withExif({
      IFD0: { Make: "LienTuyenTestPhone" },
      IFD3: {
        GPSLatitudeRef: "N",
        GPSLatitude: "22/1 24/1 0/1",
        GPSLongitudeRef: "E",
        GPSLongitude: "103/1 20/1 0/1",
      },
    });
  return { name, mimeType: "image/jpeg", buffer: await image.toBuffer() };
}

/** A voice note: a WAV of a tone, `seconds` long, 8 kHz, 8 bits. */
export function makeVoiceNote(name: string, seconds: number): TestFile {
  const rate = 8000;
  const samples = Buffer.alloc(rate * seconds);
  for (let i = 0; i < samples.length; i += 1)
    samples[i] = 128 + Math.round(60 * Math.sin((i * 2 * Math.PI * 440) / rate));
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples.length, 40);
  return { name, mimeType: "audio/wav", buffer: Buffer.concat([header, samples]) };
}

/** A photographed ECG: paper with its squares and twelve seconds of a heart, large enough to be sent small first. */
export async function makeEcg(name: string): Promise<TestFile> {
  const [width, height] = [2_600, 1_500];
  const beat = "l40 0 l14 -18 l14 18 l24 0 l8 14 l12 -150 l14 190 l10 -54 l30 0 q36 -70 70 0 l34 0";
  const lead = (y: number) =>
    `<path d="M60 ${y}${beat.repeat(9)}" fill="none" stroke="#222" stroke-width="4"/>`;
  const squares = [20, 100]
    .map(
      (side) =>
        `<pattern id="p${side}" width="${side}" height="${side}" patternUnits="userSpaceOnUse"><path d="M${side} 0H0V${side}" fill="none" stroke="#e58f8f" stroke-width="${side / 20}"/></pattern>`,
    )
    .join("");
  const paper = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${squares}</defs><rect width="100%" height="100%" fill="#fff3f0"/><rect width="100%" height="100%" fill="url(#p20)"/><rect width="100%" height="100%" fill="url(#p100)"/>${[300, 750, 1_200].map(lead).join("")}</svg>`;
  const buffer = await sharp(Buffer.from(paper)).jpeg({ quality: 92 }).toBuffer();
  return { name, mimeType: "image/jpeg", buffer };
}
