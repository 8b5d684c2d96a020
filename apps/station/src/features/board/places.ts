import type { Picture } from "../caseView/picture.ts";
import { whole, type Place } from "./board.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How large the whole picture lies in its frame, and by how much it is scaled there (`transformOf` in picture.ts). */
const layOf = (picture: Picture, natural: Size, frame: Size) => {
  const fit = Math.min(frame.width / natural.width, frame.height / natural.height);
  const sideways = picture.turns % 2 === 1;
  const turned = sideways ? Math.min(frame.width / frame.height, frame.height / frame.width) : 1;
  return {
    width: natural.width * fit,
    height: natural.height * fit,
    scale: picture.zoom * turned,
  };
};

const cosines = [1, 0, -1, 0] as const;
const turn = (x: number, y: number, quarters: number) => {
  const cos = cosines[quarters % 4] ?? 1;
  const sin = cosines[(quarters + 3) % 4] ?? 0;
  return { x: x * cos - y * sin, y: x * sin + y * cos };
};

/** From a point in CSS pixels from the frame's middle to the place on the picture under it; undefined beside it. */
export const placeAt = (
  point: { readonly x: number; readonly y: number },
  picture: Picture,
  natural: Size,
  frame: Size,
): Place | undefined => {
  const lay = layOf(picture, natural, frame);
  const on = turn(point.x - picture.x, point.y - picture.y, (4 - picture.turns) % 4);
  const x = Math.round((on.x / lay.scale / lay.width + 0.5) * whole);
  const y = Math.round((on.y / lay.scale / lay.height + 0.5) * whole);
  return x < 0 || y < 0 || x > whole || y > whole ? undefined : { x, y };
};

/** The way back: where a place of the picture lies, in CSS pixels from the frame's middle. */
export const pointOf = (place: Place, picture: Picture, natural: Size, frame: Size) => {
  const lay = layOf(picture, natural, frame);
  const on = turn(
    (place.x / whole - 0.5) * lay.width * lay.scale,
    (place.y / whole - 0.5) * lay.height * lay.scale,
    picture.turns,
  );
  return { x: on.x + picture.x, y: on.y + picture.y };
};
