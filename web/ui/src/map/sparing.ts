/** A laptop without a graphics card draws the map with its processor: what cannot be seen is not drawn. */

import type { Map as LibraryMap } from "maplibre-gl";
import { isHidden, type MapLayers } from "./layers";

/** Show the layers of a source that holds something, unless they are switched off; hide those of an empty one. */
export function showSource(map: LibraryMap, source: string, holdsSomething: boolean, layers: MapLayers): void {
  for (const id of map.getLayersOrder()) {
    const layer = map.getLayer(id);
    if (layer?.source !== source) continue;
    const visibility = holdsSomething && !isHidden(layer, layers) ? "visible" : "none";
    if ((map.getLayoutProperty(id, "visibility") ?? "visible") !== visibility) map.setLayoutProperty(id, "visibility", visibility);
  }
}

/** The library paints a sky over every pixel of each frame, also of a map that is never tilted and so has none. */
export function dropSky(map: LibraryMap): void {
  const { sky } = map.style as { sky: { getEvaluated: () => unknown } | null };
  if (sky !== null) sky.getEvaluated = () => undefined;
}
