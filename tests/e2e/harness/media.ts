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
