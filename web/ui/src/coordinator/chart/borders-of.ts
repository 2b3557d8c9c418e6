/** Borders that a drawing pointer is drawn to: the area's and every sector's. */

import type { MapGeometry } from "../../map/types";
import type { Desk } from "../desk.svelte";

const hasBorder = (geometry: GeoJSON.Geometry | null): geometry is MapGeometry & GeoJSON.Geometry =>
  geometry !== null && /Polygon|LineString/.test(geometry.type);

export function* borders(desk: Desk): Generator<MapGeometry> {
  for (const one of [...(desk.area === null ? [] : [desk.area]), ...desk.sectors]) {
    const geometry = desk.geometries.of(one);
    if (hasBorder(geometry)) yield geometry;
  }
}
