import type { Bounds, MapGeometry, PlacesGeometry } from "./types";

type Nested = number[] | Nested[];

function* positions(nested: Nested): Generator<number[]> {
  if (typeof nested[0] === "number") yield nested as number[];
  else for (const inner of nested as Nested[]) yield* positions(inner);
}

/** Box round geometries, or null when there are none. Shapes cut at 180° give a box with west > east. */
export function boundsOf(geometries: Iterable<MapGeometry | PlacesGeometry>): Bounds | null {
  const longitudes: number[] = [];
  let [south, north] = [Infinity, -Infinity];
  for (const geometry of geometries) {
    for (const [lon, lat] of positions(geometry.coordinates as Nested)) {
      if (lon === undefined || lat === undefined) continue;
      longitudes.push(lon);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    }
  }
  if (longitudes.length === 0) return null;
  const west = longitudes.reduce((a, b) => Math.min(a, b));
  const east = longitudes.reduce((a, b) => Math.max(a, b));
  if (east - west <= 180) return [west, south, east, north];
  // Wider than half the Earth: it is two pieces on both sides of 180°.
  const eastern = longitudes.filter((lon) => lon >= 0).reduce((a, b) => Math.min(a, b), 180);
  const western = longitudes.filter((lon) => lon < 0).reduce((a, b) => Math.max(a, b), -180);
  return [eastern, south, western, north];
}
