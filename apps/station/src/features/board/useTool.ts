import { useState, type KeyboardEvent, type PointerEvent } from "react";
import { act, pictureKey, type Picture } from "../caseView/picture.ts";
import { pointIn } from "../caseView/PicturePane.tsx";
import { whole, type Place } from "./board.ts";
import type { BoardStore } from "./boardStore.ts";
import { placeAt, type Size } from "./places.ts";

/** move: the picture under the eye, for oneself alone; point and draw: for everybody. */
export const modes = ["move", "point", "draw"] as const;
export type Mode = (typeof modes)[number];

interface Parts {
  readonly store: BoardStore;
  readonly picture: Picture;
  readonly onPicture: (next: (picture: Picture) => Picture) => void;
  readonly natural: Size | undefined;
  readonly frame: Size;
  readonly firstMode: Mode;
  readonly mayMark: boolean;
}

const middle: Place = { x: whole / 2, y: whole / 2 };
const inside = (value: number): number => Math.min(whole, Math.max(0, value));
const stepBy = { near: 100, far: 500 } as const;
const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Pointing and drawing, by pointer and by keys alike. */
export function useTool(parts: Parts) {
  const { store, picture, natural, frame, mayMark } = parts;
  const [wished, setMode] = useState<Mode>(parts.firstMode);
  const mode: Mode = mayMark ? wished : "move";
  /** Where the keys stand; undefined while a pointer is used. */
  const [cursor, setCursor] = useState<Place>();
  const [penDown, setPenDown] = useState(false);
  const lift = () => {
    setPenDown(false);
    store.draw(undefined);
  };
  const choose = (next: Mode) => {
    lift();
    store.point(undefined);
    setCursor(undefined);
    setMode(next);
  };
  const placeOf = (event: PointerEvent<HTMLElement>): Place | undefined =>
    natural === undefined
      ? undefined
      : placeAt(pointIn(event.currentTarget, event), picture, natural, frame);

  const moveCursor = (by: readonly [number, number], far: boolean) => {
    const step = far ? stepBy.far : stepBy.near;
    const from = cursor ?? middle;
    const next = { x: inside(from.x + by[0] * step), y: inside(from.y + by[1] * step) };
    setCursor(next);
    if (mode === "draw" && penDown) store.draw(next);
    else store.point(next);
  };
  const pen = () => {
    if (penDown) return lift();
    const at = cursor ?? middle;
    setCursor(at);
    setPenDown(true);
    store.point(undefined);
    store.draw(at);
  };
  /** True where the key was one of these. */
  const doKey = (event: KeyboardEvent): boolean => {
    const arrow = arrows[event.key];
    const wantedMode = modes[Number(event.key) - 1];
    if (wantedMode !== undefined && mayMark) choose(wantedMode);
    else if (arrow !== undefined && mode !== "move") moveCursor(arrow, event.shiftKey);
    else if (mode === "draw" && (event.key === " " || event.key === "Enter")) pen();
    else if (mayMark && (event.key === "z" || event.key === "Z")) store.undo();
    else {
      const key = pictureKey(event.key, event.shiftKey);
      if (key === undefined) return false;
      parts.onPicture((p) => act(p, key, frame));
    }
    return true;
  };
  const pointers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      setCursor(undefined);
      const place = placeOf(event);
      if (mode === "draw") store.draw(place);
      else store.point(place);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const place = placeOf(event);
      if (mode === "point") store.point(place);
      // Beyond the edge the line waits; it goes on where the hand comes back.
      else if (place !== undefined && event.currentTarget.hasPointerCapture(event.pointerId))
        store.draw(place);
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      if (mode === "draw") store.draw(undefined);
      else if (event.pointerType !== "mouse") store.point(undefined);
    },
    onPointerCancel: () => store.draw(undefined),
    onPointerLeave: () => {
      if (mode === "point") store.point(undefined);
    },
  };
  return { mode, choose, cursor, penDown, doKey, pointers };
}
