import { whole, type Stroke } from "./board.ts";
import type { Size } from "./places.ts";

/** Seen on paper and on skin; each person keeps theirs. With the light edge around them none is lost on a dark picture. */
const colours = ["#d40f4c", "#0057d9", "#0a7d33", "#a34700", "#7a1fd1", "#006d77"] as const;

export const colourOf = (who: string): string => {
  let sum = 0;
  for (const letter of who) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 100_003;
  return colours[sum % colours.length] ?? colours[0];
};

/** Width of a line and of the light edge under it, in the picture's own pixels. */
export const widthsOf = ({ width, height }: Size) => {
  const line = Math.max(width, height) / 260;
  return { line, edge: line * 1.9 };
};

/** A line as an SVG path in the picture's own pixels; one point alone is a dot. */
export const pathOf = ({ points }: Stroke, { width, height }: Size): string => {
  const parts: string[] = [];
  for (let at = 0; at + 1 < points.length; at += 2) {
    const x = (((points[at] ?? 0) / whole) * width).toFixed(1);
    const y = (((points[at + 1] ?? 0) / whole) * height).toFixed(1);
    parts.push(`${at === 0 ? "M" : "L"}${x} ${y}`);
  }
  if (points.length === 2) parts.push("h0.01");
  return parts.join("");
};

/** The picture at its full size with the marks drawn in. Undefined where it cannot be read as a picture. */
export const drawIn = async (
  picture: Blob,
  strokes: readonly Stroke[],
): Promise<Blob | undefined> => {
  const bitmap = await createImageBitmap(picture).catch(() => undefined);
  if (bitmap === undefined) return undefined;
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  const brush = canvas.getContext("2d");
  if (brush === null) return undefined;
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(bitmap, 0, 0);
  bitmap.close();
  const widths = widthsOf(canvas);
  brush.lineCap = "round";
  brush.lineJoin = "round";
  for (const stroke of strokes) {
    const path = new Path2D(pathOf(stroke, canvas));
    for (const [width, colour] of [
      [widths.edge, "#fff"],
      [widths.line, colourOf(stroke.by)],
    ] as const) {
      brush.lineWidth = width;
      brush.strokeStyle = colour;
      brush.stroke(path);
    }
  }
  const drawn = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, "image/jpeg", 0.92),
  );
  return drawn ?? undefined;
};
