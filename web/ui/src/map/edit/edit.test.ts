import { describe, expect, it } from "vitest";
import { polygonArea, ringArea } from "../../core/ground/measure";
import type { LonLat, PolygonGeometry } from "../values";
import { applyChange, grips, removal, touchedBy, withNeighbours } from "./borders";
import { advance, amend, begin, redo, undo } from "./history";
import { crossing } from "./shapes";
import { SnapTargets } from "./snap";
import { previewSplit } from "./split";

const box = (west: number, south: number, east: number, north: number): PolygonGeometry => ({
  type: "Polygon",
  coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
});
/** Two squares with a common side, and one far away. */
const LEFT = { id: "left", geometry: box(9, 47, 9.01, 47.01) };
const RIGHT = { id: "right", geometry: box(9.01, 47, 9.02, 47.01) };
const FAR = { id: "far", geometry: box(10, 48, 10.01, 48.01) };
const ALL = [LEFT, RIGHT, FAR];

describe("history", () => {
  it("goes back and forth, and forgets the future at a new step", () => {
    let held = advance(advance(begin("a"), "b"), "c");
    held = undo(undo(held));
    expect(held.present).toBe("a");
    expect(undo(held)).toBe(held);
    held = redo(held);
    expect(held.present).toBe("b");
    held = advance(held, "d");
    expect(redo(held)).toBe(held);
    expect(undo(held).present).toBe("b");
  });

  it("takes back a whole drag at once", () => {
    const dragged = amend(amend(advance(begin(0), 1), 2), 3);
    expect(dragged.present).toBe(3);
    expect(undo(dragged).present).toBe(0);
  });
});

describe("shared borders", () => {
  it("moves the corner of every neighbour: no gap, no overlap, the sum of areas stays", () => {
    const before = polygonArea(LEFT.geometry) + polygonArea(RIGHT.geometry);
    const moved = applyChange(ALL, { kind: "move", from: [9.01, 47.01], to: [9.012, 47.01] });
    expect(moved[2]).toBe(FAR);
    const after = polygonArea(moved[0]?.geometry as PolygonGeometry) + polygonArea(moved[1]?.geometry as PolygonGeometry);
    expect(after / before).toBeCloseTo(1, 5);
    expect(JSON.stringify(moved[0])).toContain("9.012");
    expect(JSON.stringify(moved[1])).toContain("9.012");
  });

  it("closes the ring when its first corner moves", () => {
    const [moved] = applyChange([LEFT], { kind: "move", from: [9, 47], to: [8.99, 46.99] });
    const ring = (moved?.geometry as PolygonGeometry).coordinates[0] ?? [];
    expect(ring[0]).toEqual([8.99, 46.99]);
    expect(ring.at(-1)).toEqual([8.99, 46.99]);
  });

  it("inserts a corner into the side of both, whichever way they run, and takes it away again", () => {
    const change = { kind: "insert", between: [[9.01, 47], [9.01, 47.01]], at: [9.01, 47.005] } as const;
    const inserted = applyChange(ALL, change);
    expect(touchedBy(ALL, change).map(({ id }) => id)).toEqual(["left", "right"]);
    expect(inserted.map(({ geometry }) => geometry.coordinates[0]?.length)).toEqual([6, 6, 5]);
    const gone = removal(inserted[0]?.geometry as PolygonGeometry, [9.01, 47.005]);
    const removed = gone === null ? [] : applyChange(inserted, gone);
    expect(removed.map(({ geometry }) => geometry)).toEqual(ALL.map(({ geometry }) => geometry));
  });

  it("keeps the last three corners of a ring", () => {
    const first = removal(LEFT.geometry, [9, 47]);
    const [triangle] = first === null ? [] : applyChange([LEFT], first);
    expect(triangle?.geometry.coordinates[0]).toHaveLength(4);
    expect(removal(triangle?.geometry as PolygonGeometry, [9.01, 47])).toBeNull();
  });

  it("finds the neighbours, and the grips of one shape", () => {
    expect(withNeighbours(ALL, "left").map(({ id }) => id)).toEqual(["left", "right"]);
    expect(withNeighbours(ALL, "nobody")).toEqual([]);
    const { corners, middles } = grips(LEFT.geometry);
    expect(corners).toHaveLength(4);
    expect(middles.some(({ at: [lon, lat] }) => Math.abs(lon - 9.01) < 1e-9 && Math.abs(lat - 47.005) < 1e-9)).toBe(true);
  });
});

describe("snapping", () => {
  const targets = new SnapTargets(ALL.map(({ geometry }) => geometry));

  it("prefers a corner to the border it lies on", () => {
    expect(targets.near([9.0102, 47.0101], 5e-4)).toEqual({ at: [9.01, 47.01], on: "corner" });
  });

  it("takes the nearest place on a border", () => {
    const snap = targets.near([9.0051, 47.0002], 5e-4);
    expect(snap?.on).toBe("edge");
    expect(snap?.at[0]).toBeCloseTo(9.0051, 9);
    expect(snap?.at[1]).toBeCloseTo(47, 9);
  });

  it("reaches no further than it is told, and never to the corner that is moved", () => {
    expect(targets.near([9.005, 47.005], 5e-4)).toBeNull();
    expect(new SnapTargets([LEFT.geometry]).near([9, 47], 5e-4, [9, 47])).toBeNull();
  });
});

describe("preview of a split", () => {
  const whole = ringArea((LEFT.geometry.coordinates[0] ?? []).map(([lon = 0, lat = 0]): LonLat => [lon, lat]));

  it.each([
    ["straight", [[8.99, 47.004], [9.02, 47.004]]],
    ["with a bend inside", [[9.003, 46.99], [9.005, 47.005], [9.02, 47.003]]],
    ["back to the side it came from", [[8.99, 47.002], [9.004, 47.002], [9.004, 47.008], [8.99, 47.008]]],
  ] as [string, [number, number][]][])("gives two pieces that are the whole: %s", (_, line) => {
    const split = previewSplit(LEFT.geometry, line);
    expect(split.kind).toBe("pieces");
    if (split.kind !== "pieces") return;
    expect(split.areas_m2[0] + split.areas_m2[1]).toBeCloseTo(whole, -1);
    expect(Math.min(...split.areas_m2)).toBeGreaterThan(whole * 0.05);
  });

  it("says when the line is too short, or passes more than once", () => {
    expect(previewSplit(LEFT.geometry, [[8.99, 47.005], [9.005, 47.005]])).toEqual({ kind: "short" });
    const zigzag: [number, number][] = [[8.99, 47.002], [9.02, 47.002], [9.02, 47.004], [8.99, 47.004]];
    expect(previewSplit(LEFT.geometry, zigzag)).toEqual({ kind: "several" });
  });

  it("knows where two segments cross", () => {
    expect(crossing([0, 0], [2, 2], [0, 2], [2, 0])?.at).toEqual([1, 1]);
    expect(crossing([0, 0], [1, 1], [2, 2], [3, 3])).toBeNull();
  });
});
