export interface Small {
  readonly blob: Blob;
  readonly width: number;
  readonly height: number;
}

/** Long side of what is sent first: an ECG or a wound stays readable, at a tenth of the bytes. */
export const longSide = 1600;
const quality = 0.82;

/** Turned the right way up and made small, by the browser's own decoder. Undefined where it cannot be read as a picture. */
export async function shrink(picture: Blob, side = longSide): Promise<Small | undefined> {
  let bitmap: ImageBitmap;
  try {
    // No options: Chrome 109 does not know the value "from-image", and every version turns by EXIF by default.
    bitmap = await createImageBitmap(picture);
  } catch {
    return undefined;
  }
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  try {
    const blob = await draw(bitmap, width, height);
    return blob === null ? undefined : { blob, width, height };
  } finally {
    bitmap.close();
  }
}

async function draw(bitmap: ImageBitmap, width: number, height: number): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const brush = canvas.getContext("2d");
  if (brush === null) return null;
  brush.fillStyle = "#fff"; // a see-through PNG on paper, not on black
  brush.fillRect(0, 0, width, height);
  brush.imageSmoothingQuality = "high";
  brush.drawImage(bitmap, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}
