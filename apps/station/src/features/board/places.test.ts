import fc from "fast-check";
import { expect, it } from "vitest";
import { whole } from "./board.ts";
import { placeAt, pointOf } from "./places.ts";

const side = fc.integer({ min: 40, max: 4_000 });
const size = fc.record({ width: side, height: side });
const place = fc.record({
  x: fc.integer({ min: 0, max: whole }),
  y: fc.integer({ min: 0, max: whole }),
});
const picture = fc.record({
  zoom: fc.double({ min: 1, max: 12, noNaN: true }),
  x: fc.integer({ min: -900, max: 900 }),
  y: fc.integer({ min: -900, max: 900 }),
  turns: fc.integer({ min: 0, max: 3 }),
  brightness: fc.constant(100),
});

it("a place is found again under the point where it is drawn, however the picture lies", () => {
  fc.assert(
    fc.property(place, picture, size, size, (at, lying, natural, frame) => {
      // Off the edge by rounding is still the edge.
      const inner = {
        x: Math.min(whole - 1, Math.max(1, at.x)),
        y: Math.min(whole - 1, Math.max(1, at.y)),
      };
      const found = placeAt(pointOf(inner, lying, natural, frame), lying, natural, frame);
      expect(found).toEqual(inner);
    }),
  );
});

it("the upper right corner of a picture turned once lies below on the right", () => {
  const lying = { zoom: 1, x: 0, y: 0, turns: 1, brightness: 100 };
  const square = { width: 200, height: 200 };
  const { x, y } = pointOf({ x: whole, y: 0 }, lying, square, square);
  expect([x, y]).toEqual([100, 100]);
  expect(placeAt({ x: 150, y: 0 }, { ...lying, turns: 0 }, square, square)).toBeUndefined();
});
