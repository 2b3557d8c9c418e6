import type { LonLat, SectorOnMap } from "./types";

/**
 * The area sector under a place: the last drawn one that holds it.
 *
 * Reckoned from the shapes themselves, not from what is painted: it answers also before the map has drawn them.
 */
export function areaSectorAt(sectors: readonly SectorOnMap[], at: LonLat): string | null {
  for (let index = sectors.length - 1; index >= 0; index--) {
    const sector = sectors[index];
    if (sector === undefined) continue;
    const { geometry } = sector;
    const polygons =
      geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
    if (polygons.some((rings) => holds(rings, at))) return sector.id;
  }
  return null;
}

/** Even-odd rule over outline and holes together. */
function holds(rings: number[][][], [x, y]: LonLat): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let at = 1; at < ring.length; at++) {
      const [x1 = 0, y1 = 0] = ring[at - 1] ?? [];
      const [x2 = 0, y2 = 0] = ring[at] ?? [];
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
    }
  }
  return inside;
}
