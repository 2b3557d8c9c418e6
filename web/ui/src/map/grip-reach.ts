/** What drawing and reshaping share of the map under the pointer: which grip it is on, how far it reaches. */

import type { Map as MapLibreMap, MapMouseEvent } from "maplibre-gl";
import { DRAWING_HIT_LAYERS } from "./overlay";

/** Pixels around a corner within which a click means the corner. */
export const REACH_PX = 10;

/** Degrees of latitude in the reach of the pointer, on the Mercator map as it is now. */
export function reachDegrees(map: MapLibreMap, lat: number): number {
  return (REACH_PX * 360 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
}

/** The corner under the pointer, or else the circle in the middle of a side; null when there is neither. */
export function gripAt(map: MapLibreMap, { point: { x, y } }: MapMouseEvent): { role: "corner" | "middle"; index: number } | null {
  const box: [[number, number], [number, number]] = [[x - REACH_PX, y - REACH_PX], [x + REACH_PX, y + REACH_PX]];
  const layers = DRAWING_HIT_LAYERS.filter((id) => map.getLayer(id) !== undefined);
  const found = map.queryRenderedFeatures(box, { layers });
  const nearest = found.find((each) => each.properties["role"] === "corner") ?? found[0];
  if (nearest === undefined) return null;
  return { role: nearest.properties["role"] === "corner" ? "corner" : "middle", index: Number(nearest.properties["index"]) };
}

/** The pointer and the double click as they were before. */
export function letGo(map: MapLibreMap): void {
  map.getCanvas().style.cursor = "";
  // Not at once: the second click of the double click that ended it would zoom.
  setTimeout(() => map.doubleClickZoom.enable(), 300);
}
