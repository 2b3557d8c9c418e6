import { describe, expect, it } from "vitest";
import { boundsOf } from "./bounds";
import { interiorPoint } from "./interior-point";
import { areaOf, crossesItself, lengthOf, Outline } from "./outline";
import type { LonLat } from "./types";

const SQUARE: LonLat[] = [
  [9.5, 47.1],
  [9.51, 47.1],
  [9.51, 47.11],
  [9.5, 47.11],
];

describe("an outline that is being drawn", () => {
  it("does not take the pointer that rests on the last corner for another one", () => {
    const outline = new Outline("polygon", [[0, 0], [1, 0], [1, 1], [0, 1]]);
    expect(outline.state([0, 1])).toEqual(outline.state());
    expect(outline.state([0, 1]).valid).toBe(true);
    expect(outline.state([2, 0.5]).vertices).toBe(4);
  });

  it("measures a square like a geodesic reckoner does (pyproj: 843 879 m², within 0.1 %)", () => {
    expect(areaOf(SQUARE) / 843_879).toBeCloseTo(1, 3);
  });

  it("measures a degree of latitude at the equator (110 574 m)", () => {
    expect(lengthOf([[0, -0.5], [0, 0.5]])).toBeCloseTo(110_574, -1);
  });

  it("gives a closed, counter-clockwise ring whichever way it was drawn", () => {
    for (const corners of [SQUARE, [...SQUARE].reverse()]) {
      const ring = (new Outline("polygon", corners).geometry()?.coordinates as number[][][])[0] ?? [];
      expect(ring).toHaveLength(5);
      expect(ring[0]).toEqual(ring[4]);
      const turned = ring.slice(1).reduce((sum, [x = 0, y = 0], at) => {
        const [x0 = 0, y0 = 0] = ring[at] ?? [];
        return sum + x0 * y - x * y0;
      }, 0);
      expect(turned).toBeGreaterThan(0);
    }
  });

  it("refuses to close a bow-tie", () => {
    const [a, b, c, d] = SQUARE as [LonLat, LonLat, LonLat, LonLat];
    expect(crossesItself([a, c, b, d])).toBe(true);
    expect(new Outline("polygon", [a, c, b, d]).geometry()).toBeNull();
  });

  it("takes back a corner, and a whole drag at once", () => {
    const outline = new Outline("polygon", SQUARE);
    outline.move(0, [9.4, 47.1], true);
    outline.move(0, [9.3, 47.1], false);
    expect(outline.undo()).toBe(true);
    expect(outline.corners).toEqual(SQUARE);
    expect(outline.undo()).toBe(false);
  });

  it("counts the second click of a double click once", () => {
    const outline = new Outline("line");
    outline.add([1, 1]);
    outline.add([1, 1]);
    expect(outline.corners).toHaveLength(1);
  });

  it("stays in one piece across 180°", () => {
    const outline = new Outline("polygon", [[179.99, 65], [180.01, 65], [180.01, 65.01], [179.99, 65.01]]);
    expect(outline.state().area_m2).toBeGreaterThan(1e6);
    expect(outline.state().area_m2).toBeLessThan(1.2e6);
  });
});

describe("places for labels and boxes", () => {
  it("puts the label of a horseshoe into the horseshoe", () => {
    const at = interiorPoint({
      type: "Polygon",
      coordinates: [[[0, 0], [9, 0], [9, 9], [6, 9], [6, 3], [3, 3], [3, 9], [0, 9], [0, 0]]],
    });
    const [x = -1, y = -1] = at ?? [];
    const inside = y < 3 || x < 3 || x > 6;
    expect(inside).toBe(true);
  });

  it("gives a box across 180° a west greater than its east", () => {
    const box = boundsOf([
      {
        type: "MultiPolygon",
        coordinates: [[[[179, 65], [180, 65], [180, 66], [179, 65]]], [[[-180, 65], [-179, 65], [-180, 66], [-180, 65]]]],
      },
    ]);
    expect(box).toEqual([179, 65, -179, 66]);
  });

  it("has no box for nothing", () => {
    expect(boundsOf([])).toBeNull();
  });

  it("stands at the first address of a list", () => {
    expect(interiorPoint({ type: "MultiPoint", coordinates: [[9, 47], [10, 48]] })).toEqual([9, 47]);
    expect(interiorPoint({ type: "Point", coordinates: [9, 47] })).toEqual([9, 47]);
  });
});
