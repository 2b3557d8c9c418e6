import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";
import type { Feature, FeatureCollection } from "geojson";
import { interiorPoint } from "./interior-point";
import { aidLayers, PROOF_TOKENS, proofLayers, type ProofTokens } from "./proof-look";
import type { RulerMark } from "./grid-rulers";
import { DASHES, patternImage, SECTOR_LOOKS, type Outline } from "./sector-look";
import { signImage } from "./signs";
import { LABEL_FONTS } from "./style";
import type { MapTokens } from "./tokens";
import {
  type AreaGeometry, type CallOnMap, type PointOnMap, type PreviewOnMap, SECTOR_STATES, type SectorOnMap, type SectorState, type TeamOnMap,
  type TrackOnMap,
} from "./types";

/** Everything that lies on the base map, as it was last given. */
export type Overlay = {
  area: AreaGeometry | null;
  sectors: readonly SectorOnMap[];
  points: readonly PointOnMap[];
  teams: readonly TeamOnMap[];
  tracks: readonly TrackOnMap[];
  missing: readonly AreaGeometry[];
  swept: readonly AreaGeometry[];
  calls: readonly CallOnMap[];
  preview: readonly PreviewOnMap[];
  rulers: readonly RulerMark[];
  drawing: FeatureCollection;
  selected: string | null;
  chosen: readonly string[];
};

export const OVERLAY_SOURCES = [
  "area", "sectors", "sector-labels", "points", "teams", "swept", "tracks", "missing", "calls", "preview", "rulers", "drawing",
] as const;
export type OverlaySource = (typeof OVERLAY_SOURCES)[number];

/** Invisible and wide: a line sector should not have to be hit to the pixel. */
export const LINE_HIT_LAYER = "sector-line-hit";
export const DRAWING_HIT_LAYERS = ["drawing-corner", "drawing-middle"];

export const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

export const NO_OVERLAY: Overlay = {
  area: null, sectors: [], points: [], teams: [], tracks: [], missing: [], swept: [], calls: [], preview: [], rulers: [], drawing: NOTHING,
  selected: null, chosen: [],
};

export function overlayData(overlay: Overlay): Record<OverlaySource, FeatureCollection> {
  return {
    area: collection(overlay.area === null ? [] : [{ type: "Feature", properties: {}, geometry: overlay.area }]),
    sectors: collection(
      overlay.sectors.map(({ id, state, kind, geometry }) => ({
        type: "Feature",
        properties: { id, state, kind },
        geometry,
      })),
    ),
    // Tiles cut a shape into pieces and would label each: so labels have places of their own.
    "sector-labels": collection(overlay.sectors.flatMap(labelOf)),
    points: collection(
      overlay.points.map(({ id, role, at, label }) => ({
        type: "Feature",
        properties: { id, label, image: signImage(role) },
        geometry: { type: "Point", coordinates: [...at] },
      })),
    ),
    teams: collection(
      overlay.teams.map(({ id, at, callsign, age, old, alarm }) => ({
        type: "Feature",
        properties: { id, label: `${callsign}\n${age}`, old, alarm: alarm ?? false },
        geometry: { type: "Point", coordinates: [...at] },
      })),
    ),
    tracks: collection(
      overlay.tracks.map(({ id, label, matched, counted, geometry }) => ({
        type: "Feature",
        properties: { id, label, matched, counted },
        geometry,
      })),
    ),
    swept: collection(overlay.swept.map((geometry) => ({ type: "Feature", properties: {}, geometry }))),
    missing: collection(overlay.missing.map((geometry) => ({ type: "Feature", properties: {}, geometry }))),
    calls: collection(
      overlay.calls.map(({ at, label }) => ({
        type: "Feature",
        properties: label === undefined ? {} : { label },
        geometry: { type: "Point", coordinates: [...at] },
      })),
    ),
    preview: collection(
      overlay.preview.map(({ geometry, label }) => ({
        type: "Feature",
        properties: label === undefined ? {} : { label },
        geometry: geometry as Feature["geometry"],
      })),
    ),
    rulers: collection(
      overlay.rulers.map(({ text, at }) => ({ type: "Feature", properties: { text }, geometry: { type: "Point", coordinates: [...at] } })),
    ),
    drawing: overlay.drawing,
  };
}

function labelOf({ id, label, note, state, geometry }: SectorOnMap): Feature[] {
  const at = interiorPoint(geometry);
  if (at === null) return [];
  return [{ type: "Feature", properties: { id, label, note: note ?? "", state }, geometry: { type: "Point", coordinates: [...at] } }];
}

const collection = (features: Feature[]): FeatureCollection => ({ type: "FeatureCollection", features });

export function overlaySources(overlay: Overlay): Record<string, SourceSpecification> {
  return Object.fromEntries(
    Object.entries(overlayData(overlay)).map(([id, data]) => [id, { type: "geojson", data } satisfies SourceSpecification]),
  );
}

function byState<T extends string | number>(value: (state: SectorState) => T): ExpressionSpecification {
  const pairs = SECTOR_STATES.flatMap((state) => [state, value(state)]);
  return ["match", ["get", "state"], ...pairs, value("planned")] as unknown as ExpressionSpecification;
}

const statesWhere = (holds: (state: SectorState) => boolean): ExpressionSpecification => [
  "in",
  ["get", "state"],
  ["literal", SECTOR_STATES.filter(holds)],
];

const isArea: ExpressionSpecification = ["==", ["geometry-type"], "Polygon"];
const isLine: ExpressionSpecification = ["==", ["geometry-type"], "LineString"];
/** Addresses of a list. */
const isPlace: ExpressionSpecification = ["==", ["geometry-type"], "Point"];

export function overlayLayers(
  tokens: MapTokens,
  selected: string | null,
  chosen: readonly string[] = [],
  proof: ProofTokens = PROOF_TOKENS.light,
): LayerSpecification[] {
  const sectors = sectorLayers(tokens, selected, chosen);
  const isLabel = (layer: LayerSpecification): boolean => layer.id === "sector-label";
  return [
    ...areaLayers(tokens),
    ...sectors.filter((layer) => !isLabel(layer)),
    ...proofLayers(tokens, proof),
    // Over the hatch, or nobody could read which sector it is.
    ...sectors.filter(isLabel),
    ...signLayers(tokens),
    ...aidLayers(tokens, proof),
    ...drawingLayers(tokens),
  ];
}

function areaLayers(tokens: MapTokens): LayerSpecification[] {
  return [
    {
      id: "area-halo",
      source: "area",
      type: "line",
      paint: { "line-color": tokens.halo, "line-width": 6, "line-opacity": 0.6 },
    },
    { id: "area", source: "area", type: "line", paint: { "line-color": tokens.area, "line-width": 3 } },
  ];
}

function outlineLayer(kind: Outline, tokens: MapTokens): LayerSpecification {
  return {
    id: `sector-outline-${kind}`,
    source: "sectors",
    type: "line",
    filter: statesWhere((state) => SECTOR_LOOKS[state].outline === kind),
    layout: { "line-join": "round" },
    paint: {
      "line-color": byState((state) => tokens.state[state]),
      "line-width": byState((state) => SECTOR_LOOKS[state].width_px),
      ...(kind === "solid" ? {} : { "line-dasharray": DASHES[kind] }),
    },
  };
}

export const selectedFilter = (selected: string | null): ExpressionSpecification => ["==", ["get", "id"], selected ?? ""];
export const chosenFilter = (chosen: readonly string[]): ExpressionSpecification => ["in", ["get", "id"], ["literal", [...chosen]]];

function sectorLayers(tokens: MapTokens, selected: string | null, chosen: readonly string[]): LayerSpecification[] {
  return [
    {
      id: "sector-fill",
      source: "sectors",
      type: "fill",
      filter: isArea,
      paint: {
        "fill-color": byState((state) => tokens.state[state]),
        "fill-opacity": byState((state) => SECTOR_LOOKS[state].fillOpacity),
        "fill-antialias": false,
      },
    },
    {
      id: "sector-pattern",
      source: "sectors",
      type: "fill",
      filter: ["all", isArea, statesWhere((state) => SECTOR_LOOKS[state].pattern !== null)],
      paint: { "fill-pattern": byState(patternImage) },
    },
    {
      id: LINE_HIT_LAYER,
      source: "sectors",
      type: "line",
      filter: isLine,
      paint: { "line-color": tokens.area, "line-width": 16, "line-opacity": 0 },
    },
    ...(["solid", "dotted", "dashed"] as const).map((kind) => outlineLayer(kind, tokens)),
    {
      id: "sector-places",
      source: "sectors",
      type: "circle",
      filter: isPlace,
      paint: {
        "circle-radius": 5,
        "circle-color": tokens.halo,
        "circle-stroke-color": byState((state) => tokens.state[state]),
        "circle-stroke-width": 3,
      },
    },
    {
      id: "sector-chosen",
      source: "sectors",
      type: "line",
      filter: chosenFilter(chosen),
      layout: { "line-join": "round" },
      paint: { "line-color": tokens.selected, "line-width": 3.5, "line-dasharray": [2, 1] },
    },
    {
      id: "sector-selected",
      source: "sectors",
      type: "line",
      filter: selectedFilter(selected),
      layout: { "line-join": "round" },
      paint: { "line-color": tokens.selected, "line-width": 5 },
    },
    {
      id: "sector-label",
      source: "sector-labels",
      type: "symbol",
      minzoom: 10,
      layout: {
        "text-field": [
          "format",
          ["get", "label"], { "font-scale": 1 },
          ["case", ["==", ["get", "note"], ""], "", "\n"], {},
          ["get", "note"], { "font-scale": 0.85 },
        ],
        "text-font": LABEL_FONTS,
        "text-size": ["interpolate", ["linear"], ["zoom"], 10, 9, 13, 12, 16, 16],
        "text-padding": 1,
        // A planned sector gives way to one with work in it.
        "symbol-sort-key": byState((state) => (state === "planned" ? 2 : 1)),
      },
      paint: { "text-color": tokens.label, "text-halo-color": tokens.halo, "text-halo-width": 2 },
    },
  ];
}

function signLayers(tokens: MapTokens): LayerSpecification[] {
  const text = { "text-color": tokens.label, "text-halo-color": tokens.halo, "text-halo-width": 2 };
  const colour: ExpressionSpecification = ["case", ["get", "alarm"], tokens.alarm, tokens.sign];
  return [
    {
      id: "point",
      source: "points",
      type: "symbol",
      layout: {
        "icon-image": ["get", "image"],
        "icon-allow-overlap": true,
        "text-field": ["get", "label"],
        "text-font": LABEL_FONTS,
        "text-size": 12,
        "text-anchor": "top",
        "text-offset": [0, 1.3],
        "text-optional": true,
      },
      paint: text,
    },
    {
      id: "team",
      source: "teams",
      type: "circle",
      paint: {
        "circle-radius": ["case", ["get", "alarm"], 10, 7],
        // Old positions are hollow: they must not be read as a place where somebody is.
        "circle-color": ["case", ["get", "old"], tokens.halo, colour],
        "circle-stroke-color": ["case", ["get", "old"], colour, tokens.halo],
        "circle-stroke-width": 2.5,
      },
    },
    {
      id: "team-label",
      source: "teams",
      type: "symbol",
      layout: {
        "text-field": ["get", "label"],
        "text-font": LABEL_FONTS,
        "text-size": 12,
        "text-anchor": "left",
        "text-justify": "left",
        "text-offset": [0.9, 0],
        "text-allow-overlap": true,
      },
      paint: text,
    },
  ];
}

function drawingLayers(tokens: MapTokens): LayerSpecification[] {
  const role = (name: string): ExpressionSpecification => ["==", ["get", "role"], name];
  const colour: ExpressionSpecification = ["case", ["get", "valid"], tokens.selected, tokens.alarm];
  return [
    {
      id: "drawing-fill",
      source: "drawing",
      type: "fill",
      filter: role("shape"),
      paint: { "fill-color": colour, "fill-opacity": 0.12 },
    },
    {
      id: "drawing-line",
      source: "drawing",
      type: "line",
      filter: ["any", role("shape"), role("line")],
      paint: { "line-color": colour, "line-width": 2.5, "line-dasharray": [3, 1.5] },
    },
    {
      id: "drawing-middle",
      source: "drawing",
      type: "circle",
      filter: role("middle"),
      paint: { "circle-radius": 4.5, "circle-color": tokens.halo, "circle-opacity": 0.8, "circle-stroke-color": tokens.selected, "circle-stroke-width": 1.5 },
    },
    {
      id: "drawing-corner",
      source: "drawing",
      type: "circle",
      filter: role("corner"),
      paint: { "circle-radius": ["case", ["==", ["get", "chosen"], true], 9, 6], "circle-color": tokens.selected, "circle-stroke-color": tokens.halo, "circle-stroke-width": 2 },
    },
  ];
}
