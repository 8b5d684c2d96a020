/** How a picture lies under the eye: what the viewer's CSS transform is made of. */
export interface Picture {
  /** 1 = whole picture fits its frame. */
  readonly zoom: number;
  /** Shift of the picture's middle from the frame's middle, CSS pixels. */
  readonly x: number;
  readonly y: number;
  /** Quarter turns clockwise, 0 … 3. */
  readonly turns: number;
  /** Percent; 100 = as taken. */
  readonly brightness: number;
}

export const wholePicture: Picture = { zoom: 1, x: 0, y: 0, turns: 0, brightness: 100 };

const zoomRange = { least: 1, most: 12 } as const;
const brightnessRange = { least: 40, most: 260 } as const;

const within = (value: number, range: { readonly least: number; readonly most: number }) =>
  Math.min(range.most, Math.max(range.least, value));

/** Zooms by a factor; the point (from the frame's middle) stays where it is under the finger. */
export function zoomBy(
  picture: Picture,
  factor: number,
  point: { readonly x: number; readonly y: number } = { x: 0, y: 0 },
): Picture {
  const zoom = within(picture.zoom * factor, zoomRange);
  if (zoom === zoomRange.least) return { ...picture, zoom, x: 0, y: 0 };
  const by = zoom / picture.zoom;
  return {
    ...picture,
    zoom,
    x: point.x - (point.x - picture.x) * by,
    y: point.y - (point.y - picture.y) * by,
  };
}

/** Moves the picture, never so far that it leaves the frame. */
export function panBy(
  picture: Picture,
  dx: number,
  dy: number,
  frame: { readonly width: number; readonly height: number },
): Picture {
  const reachX = (frame.width * (picture.zoom - 1)) / 2;
  const reachY = (frame.height * (picture.zoom - 1)) / 2;
  return {
    ...picture,
    x: within(picture.x + dx, { least: -reachX, most: reachX }),
    y: within(picture.y + dy, { least: -reachY, most: reachY }),
  };
}

export function turn(picture: Picture, quarters: 1 | -1): Picture {
  return { ...picture, turns: (picture.turns + quarters + 4) % 4, x: 0, y: 0 };
}

export function brighten(picture: Picture, percent: number): Picture {
  return { ...picture, brightness: within(picture.brightness + percent, brightnessRange) };
}

/** On its side, a picture is scaled so that it still fits the frame. */
export function transformOf(
  picture: Picture,
  frame: { readonly width: number; readonly height: number },
): string {
  const sideways = picture.turns % 2 === 1;
  const fit =
    sideways && frame.width > 0 && frame.height > 0
      ? Math.min(frame.width / frame.height, frame.height / frame.width)
      : 1;
  const scale = picture.zoom * fit;
  return `translate(${picture.x}px, ${picture.y}px) rotate(${picture.turns * 90}deg) scale(${scale})`;
}

export type PictureKey =
  | "zoomIn"
  | "zoomOut"
  | "left"
  | "right"
  | "up"
  | "down"
  | "turn"
  | "turnBack"
  | "brighter"
  | "darker"
  | "reset";

/** Keys of the viewer; arrows move what lies under the frame. */
export function pictureKey(key: string, shift: boolean): PictureKey | undefined {
  switch (key) {
    case "+":
    case "=":
      return "zoomIn";
    case "-":
      return "zoomOut";
    case "ArrowLeft":
      return "left";
    case "ArrowRight":
      return "right";
    case "ArrowUp":
      return "up";
    case "ArrowDown":
      return "down";
    case "r":
    case "R":
      return shift ? "turnBack" : "turn";
    case "b":
    case "B":
      return shift ? "darker" : "brighter";
    case "0":
      return "reset";
    default:
      return undefined;
  }
}

const stepPx = 60;

export function act(
  picture: Picture,
  what: PictureKey,
  frame: { readonly width: number; readonly height: number },
): Picture {
  switch (what) {
    case "zoomIn":
      return zoomBy(picture, 1.25);
    case "zoomOut":
      return zoomBy(picture, 0.8);
    case "left":
      return panBy(picture, stepPx, 0, frame);
    case "right":
      return panBy(picture, -stepPx, 0, frame);
    case "up":
      return panBy(picture, 0, stepPx, frame);
    case "down":
      return panBy(picture, 0, -stepPx, frame);
    case "turn":
      return turn(picture, 1);
    case "turnBack":
      return turn(picture, -1);
    case "brighter":
      return brighten(picture, 15);
    case "darker":
      return brighten(picture, -15);
    case "reset":
      return wholePicture;
  }
}
