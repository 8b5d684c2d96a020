import type { Picture } from "../caseView/picture.ts";
import { transformOf } from "../caseView/picture.ts";
import type { Place, Stroke } from "./board.ts";
import { colourOf, pathOf, widthsOf } from "./marks.ts";
import { pointOf, type Size } from "./places.ts";

/** Lines over the picture; they lie, turn and grow with it. */
export function Marks({
  strokes,
  picture,
  natural,
  frame,
}: {
  readonly strokes: readonly Stroke[];
  readonly picture: Picture;
  readonly natural: Size;
  readonly frame: Size;
}) {
  const widths = widthsOf(natural);
  return (
    <svg
      className="board-marks"
      viewBox={`0 0 ${natural.width} ${natural.height}`}
      style={{ transform: transformOf(picture, frame) }}
      aria-hidden="true"
    >
      {strokes.map((stroke) => (
        <g key={stroke.id} fill="none" strokeLinecap="round" strokeLinejoin="round">
          <path d={pathOf(stroke, natural)} stroke="#fff" strokeWidth={widths.edge} />
          <path
            d={pathOf(stroke, natural)}
            stroke={colourOf(stroke.by)}
            strokeWidth={widths.line}
            data-mark={stroke.id}
          />
        </g>
      ))}
    </svg>
  );
}

/** Somebody's pointer with their name. */
export function Pointer({
  who,
  name,
  place,
  picture,
  natural,
  frame,
}: {
  readonly who: string;
  /** None: one's own. */
  readonly name: string | undefined;
  readonly place: Place;
  readonly picture: Picture;
  readonly natural: Size;
  readonly frame: Size;
}) {
  const { x, y } = pointOf(place, picture, natural, frame);
  return (
    <span
      className="board-pointer"
      style={{
        transform: `translate(${frame.width / 2 + x}px, ${frame.height / 2 + y}px)`,
        color: colourOf(who),
      }}
    >
      {name === undefined ? null : <span className="board-pointer-name">{name}</span>}
    </span>
  );
}
