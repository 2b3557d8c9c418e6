/** Which of the map's layers are drawn, how strongly, and what scanned maps lie between the ground and the search. */

import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import { HEAT_SOURCE } from "./heat";
import { GROUND_SOURCE } from "./style";
import type { Bounds } from "./values";

export const LAYER_GROUPS = [
  "teams", "points", "tracks", "missing", "proof", "rulers", "labels", "sectors", "probability", "contours", "hillshade", "ground",
] as const;
export type LayerGroup = (typeof LAYER_GROUPS)[number];

/** A scanned or satellite map served by this installation. */
export type RasterOnMap = {
  id: string;
  /** Template with `{z}/{x}/{y}`. */
  tiles: string;
  /** 0..1. */
  opacity: number;
  bounds?: Bounds;
  minzoom?: number;
  maxzoom?: number;
  tile_px?: number;
  /** Who made it; shown in the corner of the map while it is drawn. */
  attribution?: string;
};

export type MapLayers = {
  hidden: readonly LayerGroup[];
  /** 0..1; how strongly slopes are shaded. */
  hillshade: number;
  /** 0..1; how strongly the heat map is drawn. */
  heat: number;
  /** Lowest first. */
  rasters: readonly RasterOnMap[];
  /** What panels cover at the left of the map: letters and numbers of the grid keep out from under them. */
  coveredLeft_px: number;
};

export const PLAIN_LAYERS: MapLayers = { hidden: [], hillshade: 0.45, heat: 0.7, rasters: [], coveredLeft_px: 0 };

const rasterSource = (id: string): string => `raster-${id}`;

const BY_SOURCE: Readonly<Record<string, LayerGroup>> = {
  [GROUND_SOURCE]: "ground",
  hillshade: "hillshade",
  sectors: "sectors",
  [HEAT_SOURCE]: "probability",
  "sector-labels": "labels",
  points: "points",
  teams: "teams",
  tracks: "tracks",
  missing: "missing",
  swept: "proof",
  calls: "proof",
  rulers: "rulers",
};

type Sourced = { id: string; source?: unknown };

/** Where a layer is switched; null for what is always drawn: the area, a drawing in progress. */
export function groupOf(layer: Sourced): LayerGroup | null {
  if (layer.id.startsWith("contour")) return "contours";
  return typeof layer.source === "string" ? (BY_SOURCE[layer.source] ?? null) : null;
}

export const isHidden = (layer: Sourced, layers: MapLayers): boolean => {
  const group = groupOf(layer);
  return group !== null && layers.hidden.includes(group);
};

/** For each source that is drawn the library paints a mask over the whole map, twice in a frame: not for nothing. */
const isEmpty = (source: SourceSpecification | undefined): boolean =>
  source?.type === "geojson" && typeof source.data === "object" && "features" in source.data && source.data.features.length === 0;

function shown(layer: LayerSpecification, layers: MapLayers, empty = false): LayerSpecification {
  const opacity = layer.type !== "raster" ? undefined : { hillshade: layers.hillshade, probability: layers.heat }[String(groupOf(layer))];
  const strong =
    layer.type === "raster" && opacity !== undefined
      ? { ...layer, paint: { ...layer.paint, "raster-opacity": opacity } }
      : layer;
  if (!empty && !isHidden(layer, layers)) return strong;
  return { ...strong, layout: { ...strong.layout, visibility: "none" } } as LayerSpecification;
}

/** The library writes attributions as HTML; these words come from a file that somebody brought. */
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

function tiledSource({ tiles, bounds, minzoom, maxzoom, tile_px, attribution }: Omit<RasterOnMap, "id" | "opacity">): SourceSpecification {
  // The source takes no box across 180°.
  const box = bounds !== undefined && bounds[0] <= bounds[2] ? { bounds: [...bounds] as [number, number, number, number] } : {};
  return { type: "raster", tiles: [tiles], tileSize: tile_px ?? 256, minzoom: minzoom ?? 0, maxzoom: maxzoom ?? 17, ...box, ...(attribution ? { attribution: escaped(attribution) } : {}) };
}

/** The whole style: ground, scanned maps in their order, then what lies on them. */
export function layeredStyle(
  ground: StyleSpecification,
  overlay: { sources: Record<string, SourceSpecification>; layers: LayerSpecification[] },
  layers: MapLayers,
): StyleSpecification {
  const rasters = layers.rasters.map((one) => [rasterSource(one.id), tiledSource(one)] as const);
  return {
    ...ground,
    sources: { ...ground.sources, ...Object.fromEntries(rasters), ...overlay.sources },
    layers: [
      ...ground.layers.map((layer) => shown(layer, layers)),
      ...layers.rasters.map(({ id, opacity }): LayerSpecification => ({
        id: rasterSource(id),
        source: rasterSource(id),
        type: "raster",
        paint: { "raster-opacity": opacity, "raster-fade-duration": 0 },
      })),
      ...overlay.layers.map((layer) =>
        shown(layer, layers, "source" in layer && isEmpty(overlay.sources[layer.source as string])),
      ),
    ],
  };
}
