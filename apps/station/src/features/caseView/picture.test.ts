import { describe, expect, it } from "vitest";
import {
  act,
  brighten,
  panBy,
  pictureKey,
  transformOf,
  turn,
  wholePicture,
  zoomBy,
} from "./picture.ts";

const frame = { width: 800, height: 400 };

describe("a picture in the viewer", () => {
  it("keeps the point under the finger while zooming", () => {
    const point = { x: 100, y: -50 };
    const once = zoomBy(wholePicture, 2, point);
    // The picture's own point that lay there: (point - shift) / zoom.
    expect((point.x - once.x) / once.zoom).toBe(100);
    expect((point.y - once.y) / once.zoom).toBe(-50);
  });
  it("never gets smaller than its frame, and then lies in the middle", () => {
    expect(zoomBy({ ...wholePicture, zoom: 1.1, x: 30 }, 0.5)).toEqual(wholePicture);
    expect(zoomBy(wholePicture, 1000).zoom).toBe(12);
  });
  it("cannot be pushed out of its frame", () => {
    const zoomed = zoomBy(wholePicture, 2);
    expect(panBy(zoomed, 10_000, -10_000, frame)).toMatchObject({ x: 400, y: -200 });
    expect(panBy(wholePicture, 50, 50, frame)).toMatchObject({ x: 0, y: 0 });
  });
  it("turns by quarters, and fits on its side", () => {
    expect(turn(turn(wholePicture, -1), -1).turns).toBe(2);
    expect(transformOf(turn(wholePicture, 1), frame)).toContain("scale(0.5)");
    expect(transformOf(wholePicture, frame)).toContain("scale(1)");
  });
  it("stays within sensible brightness", () => {
    expect(brighten(wholePicture, 1000).brightness).toBe(260);
    expect(brighten(wholePicture, -1000).brightness).toBe(40);
  });
  it("does by keys all that the pointer does", () => {
    for (const key of [
      "+",
      "-",
      "ArrowLeft",
      "ArrowRight",
      "ArrowUp",
      "ArrowDown",
      "r",
      "b",
      "0",
    ]) {
      expect(pictureKey(key, false), key).toBeDefined();
    }
    expect(pictureKey("x", false)).toBeUndefined();
    expect(act({ ...wholePicture, zoom: 3, turns: 1 }, "reset", frame)).toEqual(wholePicture);
  });
});
