/** Lines and rings out of geometries, and geometries rebuilt from changed lines. */

import type { LonLat, MapGeometry } from "../values";

export type Line = readonly LonLat[];

const places = (line: number[][]): Line => line.map(([lon = 0, lat = 0]) => [lon, lat] as const);

/** Every ring and line of a geometry; rings repeat their first corner at the end. */
export function linesOf(geometry: MapGeometry): Line[] {
  switch (geometry.type) {
    case "LineString":
      return [places(geometry.coordinates)];
    case "MultiLineString":
    case "Polygon":
      return geometry.coordinates.map(places);
    case "MultiPolygon":
      return geometry.coordinates.flatMap((rings) => rings.map(places));
  }
}

/** The same geometry with every line or ring replaced. */
export function mapLines(geometry: MapGeometry, change: (line: Line, closed: boolean) => Line): MapGeometry {
  const written = (line: number[][], closed: boolean): number[][] => change(places(line), closed).map(([lon, lat]) => [lon, lat]);
  switch (geometry.type) {
    case "LineString":
      return { ...geometry, coordinates: written(geometry.coordinates, false) };
    case "MultiLineString":
      return { ...geometry, coordinates: geometry.coordinates.map((line) => written(line, false)) };
    case "Polygon":
      return { ...geometry, coordinates: geometry.coordinates.map((ring) => written(ring, true)) };
    case "MultiPolygon":
      return { ...geometry, coordinates: geometry.coordinates.map((rings) => rings.map((ring) => written(ring, true))) };
  }
}

/** Corners closer than this are one corner: the server keeps seven decimals, a centimetre. */
const SAME_DEG = 1.5e-7;

export const same = (a: LonLat, b: LonLat): boolean => Math.abs(a[0] - b[0]) < SAME_DEG && Math.abs(a[1] - b[1]) < SAME_DEG;

/** Where the segments a-b and c-d cross inside both, as shares along them; null when they do not, or are parallel. */
export function crossing(a: LonLat, b: LonLat, c: LonLat, d: LonLat): { at: LonLat; along: number; across: number } | null {
  const [rx, ry, sx, sy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const turn = rx * sy - ry * sx;
  if (turn === 0) return null;
  const along = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / turn;
  const across = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / turn;
  if (along < 0 || along > 1 || across < 0 || across > 1) return null;
  return { at: [a[0] + along * rx, a[1] + along * ry], along, across };
}
