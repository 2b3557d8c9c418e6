/** The heat map: a picture between four corners, over the ground and under everything that is drawn of the search. */

import type * as maplibre from "maplibre-gl";
import type { LayerSpecification, SourceSpecification } from "maplibre-gl";
import type { LonLat } from "./values";

export const HEAT_SOURCE = "probability";

/** Where it lies: north-west, north-east, south-east, south-west. */
export type HeatCorners = readonly [LonLat, LonLat, LonLat, LonLat];
export type HeatOnMap = { width: number; height: number; rgba: Uint8ClampedArray<ArrayBuffer>; corners: HeatCorners };

type Quad = [[number, number], [number, number], [number, number], [number, number]];
const quad = (corners: HeatCorners): Quad => corners.map(([lon, lat]) => [lon, lat]) as Quad;

export function heatSources(corners: HeatCorners | null): Record<string, SourceSpecification> {
  // Without an address: the picture is made in this page and handed over when the source is there.
  return corners === null ? {} : { [HEAT_SOURCE]: { type: "image", coordinates: quad(corners) } };
}

/** How strongly it is drawn is the layers' business. */
export function heatLayers(corners: HeatCorners | null): LayerSpecification[] {
  if (corners === null) return [];
  return [{ id: "heat", source: HEAT_SOURCE, type: "raster", paint: { "raster-fade-duration": 0, "raster-resampling": "linear" } }];
}

/** Hands pictures to the map's source, which comes and goes with the style. */
export class HeatPicture {
  readonly #map: maplibre.Map;
  #heat: HeatOnMap | null = null;
  #given: { source: maplibre.ImageSource; heat: HeatOnMap } | null = null;

  constructor(map: maplibre.Map) {
    this.#map = map;
    map.on("styledata", () => { this.place(); });
  }

  get corners(): HeatCorners | null {
    return this.#heat?.corners ?? null;
  }

  /** True when the style has to be built anew: the source has to come or go. */
  set(heat: HeatOnMap | null): boolean {
    const changed = (heat === null) !== (this.#heat === null);
    this.#heat = heat;
    return changed;
  }

  place(): void {
    const source = this.#map.getSource<maplibre.ImageSource>(HEAT_SOURCE);
    if (source === undefined || this.#heat === null) return;
    if (this.#given?.source === source && this.#given.heat === this.#heat) return;
    const { rgba, width, height, corners } = this.#heat;
    this.#given = { source, heat: this.#heat };
    source.updateImage({ image: new ImageData(rgba, width, height), coordinates: quad(corners) });
  }
}
