import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from "maplibre-gl";
import type { MapTokens } from "./tokens";
import type { Language } from "./values";

export const GROUND_SOURCE = "ground";
export const HILLSHADE_SOURCE = "hillshade";
export const HILLSHADE_TILES = "/tiles/hillshade/{z}/{x}/{y}.png";
/** Finer than this the heights say nothing new: the picture is drawn larger. */
const HILLSHADE_MAX_ZOOM = 14;
/** Tiles are cut to this zoom and drawn larger beyond it: everything is in them by then. */
const TILE_MAX_ZOOM = 14;
const TILE_MIN_ZOOM = 6;

/** Fonts of this page and machine: the style names no glyph server, so nothing is fetched for labels. */
export const LABEL_FONTS = ["Golos Text", "DejaVu Sans", "sans-serif"];

const ATTRIBUTION =
  '<a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener">© OpenStreetMap contributors</a>';

export function groundSource(tiles: string): SourceSpecification {
  return { type: "vector", tiles: [tiles], minzoom: TILE_MIN_ZOOM, maxzoom: TILE_MAX_ZOOM, attribution: ATTRIBUTION };
}

/** Style with the base map alone; what lies on it is added by `overlay.ts`. */
export function groundStyle(
  tiles: string,
  tokens: MapTokens,
  language: Language,
  hillshade = HILLSHADE_TILES,
): StyleSpecification {
  return {
    version: 8,
    sources: { [GROUND_SOURCE]: groundSource(tiles), [HILLSHADE_SOURCE]: hillshadeSource(hillshade) },
    layers: groundLayers(tokens, language),
  };
}

/** Shadow as grey and light as white, both with their own transparency: it lies on any theme. */
export function hillshadeSource(tiles: string): SourceSpecification {
  return { type: "raster", tiles: [tiles], tileSize: 256, minzoom: TILE_MIN_ZOOM, maxzoom: HILLSHADE_MAX_ZOOM };
}

export function groundLayers(tokens: MapTokens, language: Language): LayerSpecification[] {
  return [
    { id: "unknown", type: "background", paint: { "background-color": tokens.unknown } },
    ...coverLayers(tokens),
    ...reliefLayers(tokens),
    ...lineLayers(tokens),
    ...labelLayers(tokens, language),
  ];
}

/** Over the forest and under the roads; every fifth contour is thicker and carries its height. */
function reliefLayers(tokens: MapTokens): LayerSpecification[] {
  const isIndex: ExpressionSpecification = ["==", ["get", "index"], true];
  return [
    {
      id: "hillshade",
      type: "raster",
      source: HILLSHADE_SOURCE,
      paint: { "raster-opacity": 0.45, "raster-fade-duration": 0, "raster-resampling": "linear" },
    },
    {
      ...of("contour", "contour"),
      type: "line",
      paint: {
        "line-color": tokens.contour,
        "line-width": ["interpolate", ["linear"], ["zoom"],
          10, ["case", isIndex, 0.8, 0.3],
          15, ["case", isIndex, 1.6, 0.7]],
      },
    },
    {
      ...of("contour", "contour-height"),
      type: "symbol",
      filter: isIndex,
      minzoom: 12,
      layout: {
        "symbol-placement": "line",
        "text-field": ["to-string", ["get", "elevation_m"]],
        "text-font": LABEL_FONTS,
        "text-size": 10,
        "symbol-spacing": 300,
      },
      paint: { "text-color": tokens.labelContour, "text-halo-color": tokens.halo, "text-halo-width": 1.2 },
    },
  ];
}

type Painted = { id: string; source: string; "source-layer": string };

const of = (layer: string, id: string): Painted => ({ id, source: GROUND_SOURCE, "source-layer": layer });

function byZoom(...stops: [zoom: number, value: number][]): ExpressionSpecification {
  return ["interpolate", ["exponential", 1.5], ["zoom"], ...stops.flat()] as unknown as ExpressionSpecification;
}

const isClass = (...classes: string[]): ExpressionSpecification => ["in", ["get", "class"], ["literal", classes]];

function coverLayers(tokens: MapTokens): LayerSpecification[] {
  const colours: DataDrivenPropertyValueSpecification<string> = [
    "match",
    ["get", "class"],
    "forest", tokens.forest,
    "scrub", tokens.scrub,
    "orchard", tokens.scrub,
    "grass", tokens.grass,
    "heath", tokens.grass,
    "cemetery", tokens.grass,
    "farmland", tokens.farmland,
    "residential", tokens.built,
    "industrial", tokens.industrial,
    "rock", tokens.rock,
    "sand", tokens.sand,
    "glacier", tokens.ice,
    tokens.open,
  ];
  return [
    { ...of("extent", "open"), type: "fill", paint: { "fill-color": tokens.open } },
    // One layer for all: the tile has large areas first, so a glade lies on its forest whichever was drawn as base.
    {
      ...of("landcover", "cover"),
      type: "fill",
      filter: ["!=", ["get", "class"], "wetland"],
      paint: { "fill-color": colours },
    },
    // Under the water: within a wide river the line in its middle is no bank.
    {
      ...of("waterway", "waterway"),
      type: "line",
      paint: {
        "line-color": tokens.waterLine,
        "line-width": ["interpolate", ["exponential", 1.5], ["zoom"],
          8, ["case", isClass("river"), 1, 0.4],
          14, ["case", isClass("river"), 4, 1.6]],
      },
    },
    { ...of("water", "water"), type: "fill", paint: { "fill-color": tokens.water } },
    { ...of("water", "shore"), type: "line", paint: { "line-color": tokens.waterLine, "line-width": 0.8 } },
    {
      ...of("landcover", "wetland"),
      type: "fill",
      filter: isClass("wetland"),
      paint: { "fill-pattern": WETLAND_IMAGE },
    },
    {
      ...of("building", "building"),
      type: "fill",
      minzoom: 13,
      paint: { "fill-color": tokens.building },
    },
    {
      ...of("extent", "edge-of-data"),
      type: "line",
      paint: { "line-color": tokens.extent, "line-width": 1.5, "line-dasharray": [6, 3] },
    },
  ];
}

export const WETLAND_IMAGE = "ground-wetland";

function lineLayers(tokens: MapTokens): LayerSpecification[] {
  const isMajor: ExpressionSpecification = [
    "in",
    ["get", "subclass"],
    ["literal", ["motorway", "trunk", "primary", "secondary", "motorway_link", "trunk_link", "primary_link", "secondary_link"]],
  ];
  // Grades 4 and 5 carry a tractor at best: soft ground, grass between the ruts.
  const isRough: ExpressionSpecification = ["in", ["coalesce", ["get", "tracktype"], ""], ["literal", ["grade4", "grade5"]]];
  const roadWidth = (more: number): ExpressionSpecification =>
    ["interpolate", ["exponential", 1.5], ["zoom"],
      7, ["case", isMajor, 0.8 + more / 2, 0.3],
      12, ["case", isMajor, 3 + more, 1.2 + more],
      16, ["case", isMajor, 10 + more, 6 + more]];
  return [
    {
      ...of("relief", "cliff"),
      type: "line",
      paint: { "line-color": tokens.cliff, "line-width": 2.5, "line-dasharray": [0.4, 0.8] },
    },
    {
      ...of("road", "cutline"),
      type: "line",
      filter: isClass("cutline"),
      paint: { "line-color": tokens.cutline, "line-width": byZoom([11, 0.8], [16, 1.6]), "line-dasharray": [8, 2] },
    },
    {
      ...of("power", "power"),
      type: "line",
      paint: { "line-color": tokens.power, "line-width": 1, "line-dasharray": [10, 2, 1, 2] },
    },
    {
      ...of("road", "path"),
      type: "line",
      filter: isClass("path"),
      paint: { "line-color": tokens.path, "line-width": byZoom([12, 0.9], [16, 2]), "line-dasharray": [2, 1.6] },
    },
    {
      ...of("barrier", "barrier"),
      type: "line",
      minzoom: 14,
      paint: { "line-color": tokens.barrier, "line-width": byZoom([14, 0.7], [17, 1.4]), "line-dasharray": [6, 1.5, 1, 1.5] },
    },
    // Two edges under whatever crosses: a bridge is where a river can be passed.
    {
      ...of("road", "bridge"),
      type: "line",
      minzoom: 12,
      filter: ["==", ["get", "bridge"], true],
      paint: {
        "line-color": tokens.label,
        "line-width": byZoom([12, 1], [16, 1.8]),
        "line-gap-width": byZoom([12, 3.5], [16, 11]),
      },
    },
    {
      ...of("road", "track"),
      type: "line",
      filter: ["all", isClass("track"), ["!", isRough]],
      paint: { "line-color": tokens.track, "line-width": byZoom([11, 0.8], [16, 2.8]), "line-dasharray": [5, 1.8] },
    },
    {
      ...of("road", "track-rough"),
      type: "line",
      filter: ["all", isClass("track"), isRough],
      paint: { "line-color": tokens.track, "line-width": byZoom([11, 0.6], [16, 2]), "line-dasharray": [2.5, 2.5] },
    },
    {
      ...of("road", "road-edge"),
      type: "line",
      filter: isClass("road"),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": tokens.roadEdge, "line-width": roadWidth(1.4) },
    },
    {
      ...of("road", "road"),
      type: "line",
      filter: isClass("road"),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": ["case", isMajor, tokens.roadMajor, tokens.road], "line-width": roadWidth(0) },
    },
    { ...of("rail", "rail"), type: "line", paint: { "line-color": tokens.rail, "line-width": byZoom([8, 0.8], [16, 3]) } },
    {
      ...of("rail", "rail-gap"),
      type: "line",
      minzoom: 12,
      paint: { "line-color": tokens.open, "line-width": byZoom([12, 0.8], [16, 1.6]), "line-dasharray": [4, 4] },
    },
  ];
}

/** Name in the language of the screen, else as people there write it, else in English. */
export function nameIn(language: Language): ExpressionSpecification {
  const order = language === "ru" ? ["name_ru", "name", "name_en"] : ["name_en", "name", "name_ru"];
  return ["coalesce", ...order.map((key) => ["get", key]), ""] as unknown as ExpressionSpecification;
}

function labelLayers(tokens: MapTokens, language: Language): LayerSpecification[] {
  const name = nameIn(language);
  const ink = { "text-color": tokens.label, "text-halo-color": tokens.halo, "text-halo-width": 1.5 };
  const inWater = { ...ink, "text-color": tokens.labelWater };
  return [
    {
      ...of("waterway", "waterway-name"),
      type: "symbol",
      minzoom: 12,
      layout: { "symbol-placement": "line", "text-field": name, "text-font": LABEL_FONTS, "text-size": 11, "symbol-spacing": 400 },
      paint: inWater,
    },
    {
      ...of("road", "road-name"),
      type: "symbol",
      minzoom: 14,
      layout: { "symbol-placement": "line", "text-field": name, "text-font": LABEL_FONTS, "text-size": 10.5, "symbol-spacing": 350 },
      paint: ink,
    },
    {
      ...of("place", "landmark"),
      type: "symbol",
      filter: ["!=", ["get", "class"], "place"],
      layout: {
        "text-field": [
          "concat",
          ["match", ["get", "class"], "peak", "▲ ", "shelter", "⌂ ", "station", "■ ", "spring", "● ", "ford", "≈ ", "gate", "⊓ ", "• "],
          name,
          ["case", ["has", "elevation_m"], ["concat", " ", ["to-string", ["round", ["get", "elevation_m"]]]], ""],
        ],
        "text-font": LABEL_FONTS,
        "text-size": 10.5,
        "symbol-sort-key": ["get", "rank"],
        "text-max-width": 8,
      },
      paint: ink,
    },
    {
      ...of("place", "place"),
      type: "symbol",
      filter: isClass("place"),
      layout: {
        "text-field": name,
        "text-font": LABEL_FONTS,
        "text-size": ["match", ["get", "subclass"], "city", 18, "town", 16, "village", 13, "suburb", 12.5, "hamlet", 12, 11],
        "symbol-sort-key": ["get", "rank"],
        "text-max-width": 8,
      },
      paint: { ...ink, "text-halo-width": 2 },
    },
  ];
}
