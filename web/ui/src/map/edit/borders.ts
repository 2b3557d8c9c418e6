/**
 * Changing corners of sectors that share borders: what is moved, added or taken away at one sector is so at every
 * neighbour that has the corner, and no gap or overlap appears. Values in, values out.
 */

import type { LonLat, MapGeometry } from "../values";
import { type Line, linesOf, mapLines, same } from "./shapes";

export type BorderChange =
  | { kind: "move"; from: LonLat; to: LonLat }
  | { kind: "insert"; between: readonly [LonLat, LonLat]; at: LonLat };

export type Shape = { id: string; geometry: MapGeometry };

/** A corner moved onto the next one is that one: this is how corners are taken away. The last three (two) stay. */
function merged(line: Line, closed: boolean, before: Line): Line {
  const kept = line.filter((corner, at) => at === 0 || !same(corner, line[at - 1] as LonLat));
  return kept.length < (closed ? 4 : 2) ? before : kept;
}

function changed(line: Line, closed: boolean, change: BorderChange): Line {
  switch (change.kind) {
    case "move":
      return line.some((corner) => same(corner, change.from))
        ? merged(line.map((corner) => (same(corner, change.from) ? change.to : corner)), closed, line)
        : line;
    case "insert": {
      const [a, b] = change.between;
      const after = line.findIndex((corner, at) => {
        const next = line[at + 1];
        return next !== undefined && ((same(corner, a) && same(next, b)) || (same(corner, b) && same(next, a)));
      });
      return after < 0 ? line : [...line.slice(0, after + 1), change.at, ...line.slice(after + 1)];
    }
  }
}

/** Apply a change to every shape that has the corner or side; the others stay the same values. */
export function applyChange<S extends Shape>(shapes: readonly S[], change: BorderChange): S[] {
  return shapes.map((shape) => {
    let touched = false;
    const geometry = mapLines(shape.geometry, (line, closed) => {
      const next = changed(line, closed, change);
      touched ||= next !== line;
      return next;
    });
    return touched ? { ...shape, geometry } : shape;
  });
}

/** The change that takes a corner of a shape away, or null when nothing would be left of it. */
export function removal(geometry: MapGeometry, corner: LonLat): BorderChange | null {
  const closed = geometry.type === "Polygon" || geometry.type === "MultiPolygon";
  for (const line of linesOf(geometry)) {
    const at = line.findIndex((one) => same(one, corner));
    const to = line[at === 0 ? 1 : at - 1];
    if (at >= 0 && to !== undefined && line.length > (closed ? 4 : 2)) return { kind: "move", from: corner, to };
  }
  return null;
}

/** Shapes that a change would touch. */
export const touchedBy = <S extends Shape>(shapes: readonly S[], change: BorderChange): S[] =>
  applyChange(shapes, change).filter((shape, at) => shape !== shapes[at]);

/** The sector itself and all that share a corner with it. */
export function withNeighbours<S extends Shape>(shapes: readonly S[], id: string): S[] {
  const own = shapes.find((shape) => shape.id === id);
  if (own === undefined) return [];
  const key = ([lon, lat]: LonLat): string => `${lon.toFixed(7)} ${lat.toFixed(7)}`;
  const corners = new Set(linesOf(own.geometry).flat().map(key));
  return shapes.filter((shape) => shape === own || linesOf(shape.geometry).some((line) => line.some((corner) => corners.has(key(corner)))));
}

/** Corners of one geometry, each once, and the middles of its sides. */
export function grips(geometry: MapGeometry): { corners: LonLat[]; middles: { at: LonLat; between: [LonLat, LonLat] }[] } {
  const corners: LonLat[] = [];
  const middles: { at: LonLat; between: [LonLat, LonLat] }[] = [];
  const closed = geometry.type === "Polygon" || geometry.type === "MultiPolygon";
  for (const line of linesOf(geometry)) {
    corners.push(...(closed ? line.slice(0, -1) : line));
    line.slice(1).forEach((to, at) => {
      const from = line[at];
      if (from !== undefined) middles.push({ at: [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2], between: [from, to] });
    });
  }
  return { corners, middles };
}
