/**
 * The map of the desks and phones. Everything a page may use of it is exported here.
 *
 * ```ts
 * const map = createMap(element, { language: "ru", theme: "light", title: "Карта поиска" });
 * map.setSectors(sectors);
 * ```
 */

export { createMap } from "./adapter";
export { boundsOf } from "./bounds";
export { withNeighbours, type BorderChange, type Shape } from "./edit/borders";
export { previewSplit, type SplitPreview } from "./edit/split";
export type { HeatOnMap } from "./heat";
export { LAYER_GROUPS, PLAIN_LAYERS, type LayerGroup, type MapLayers, type RasterOnMap } from "./layers";
export { sectorSwatch } from "./sector-look";
export * from "./types";
